export type OneRosterVersion = '1.1' | '1.2'

/** Whether a package of a version is full (every current record) or carries changes only, file by file. */
export type FileMode = 'bulk' | 'delta'

/**
 * Primitive types of the CSV binding. `pair` is `{left:right}`. For a list this is the
 * type of its items.
 */
export type ValueType =
  'guid' | 'date' | 'dateTime' | 'year' | 'bool' | 'integer' | 'float' | 'enum' | 'grade' | 'pair' | 'string'

/** A standard column of a data file in one version. Every column must be in the header, required or not. */
export type Column = {
  readonly name: string
  readonly type: ValueType
  /** Items separated by commas inside the one cell. */
  readonly isList: boolean
  /** The value may not be blank. For `status` and `dateLastModified` the mode decides (F-13, F-14) instead. */
  readonly isRequired: boolean
  /** Name of the file whose `sourcedId` this points to, `orgs`. */
  readonly target: string | undefined
  /** Spellings allowed to an enum. */
  readonly values: readonly string[] | undefined
  /** Whether `ext:<token>` is allowed beside `values`. */
  readonly isExtensible: boolean
}

/** A data file as one version of the format defines it; `columns` in the order of the header. */
export type FileDefinition = {
  /** Without `.csv`: `academicSessions`. */
  readonly name: string
  readonly version: OneRosterVersion
  readonly columns: readonly Column[]
}

/** Whether a column exists in 1.1 and in 1.2, and whether its value is required there. */
export type Presence = 'required' | 'optional' | 'none'

/** One line of the column tables, both versions side by side. */
export type ColumnLine = {
  readonly name: string
  readonly in11: Presence
  readonly in12: Presence
  readonly kind: ColumnKind
}

export type ColumnKind = {
  readonly type: ValueType
  readonly isList?: true
  readonly target?: string
  readonly values?: Readonly<Record<OneRosterVersion, readonly string[]>>
  /** 1.1 has no `ext:`, so this speaks of 1.2 only. */
  readonly isExtensible?: true
}

/** A data file in both versions; `in11: false` for the files that 1.2 added. */
export type FileTable = { readonly name: string; readonly in11: boolean; readonly lines: readonly ColumnLine[] }

/** The tables are written with these, one line a column, so that they can be read beside the reference. */
export function required(name: string, kind: ColumnKind): ColumnLine {
  return { name, in11: 'required', in12: 'required', kind }
}

export function optional(name: string, kind: ColumnKind): ColumnLine {
  return { name, in11: 'optional', in12: 'optional', kind }
}

export function only11(presence: Presence, name: string, kind: ColumnKind): ColumnLine {
  return { name, in11: presence, in12: 'none', kind }
}

export function only12(presence: Presence, name: string, kind: ColumnKind): ColumnLine {
  return { name, in11: 'none', in12: presence, kind }
}

export const text: ColumnKind = { type: 'string' }
export const textList: ColumnKind = { type: 'string', isList: true }
export const date: ColumnKind = { type: 'date' }
export const bool: ColumnKind = { type: 'bool' }
export const float: ColumnKind = { type: 'float' }
export const integer: ColumnKind = { type: 'integer' }
export const year: ColumnKind = { type: 'year' }
export const gradeList: ColumnKind = { type: 'grade', isList: true }
export const pairList: ColumnKind = { type: 'pair', isList: true }

export function reference(target: string): ColumnKind {
  return { type: 'guid', target }
}

export function referenceList(target: string): ColumnKind {
  return { type: 'guid', isList: true, target }
}
