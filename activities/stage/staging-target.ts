/** A staged value: text as it will be cast to the column's type, items of a list, or no value. */
export type StagedValue = string | readonly string[] | null

/** Where staged rows go: the temporary tables of db/staging. Values in the order of the session's columns. */
export interface StagingTarget {
  active(part: 'primary' | 'supplement', row: StagedSourceRow & { readonly values: readonly StagedValue[] }): void
  /** One that is not to be imported. `sourceKey` is '' when nobody can read it; `school`, its key, where it is known. */
  seen(row: SeenSourceRow): void
  /** One item of a gathered list. */
  item(item: GatheredItem): void
  /** Takes back the row of the primary collection that was given for a line. */
  drop(line: number): void
  drain(): Promise<void>
}

export type StagedSourceRow = {
  readonly line: number
  readonly sourceKey: string
  /** Null when the row must be compared whole again next time: some of its values were dropped. */
  readonly digest: string | null
  readonly customFields: Readonly<Record<string, string>> | null
  /** ISO 8601; null where the source does not say. */
  readonly modifiedAt: string | null
}

export type SeenSourceRow = {
  readonly line: number
  readonly sourceKey: string
  readonly kind: 'inactive' | 'rejected'
  readonly school: string | null
  readonly modifiedAt: string | null
}

export type GatheredItem = {
  readonly line: number
  /** Of the record that the item belongs to. */
  readonly sourceKey: string
  readonly field: string
  readonly value: string
  /** `first`: it comes before the others; `uncertain`: its row was refused, and nothing follows from it. */
  readonly mark: 'other' | 'first' | 'uncertain'
}
