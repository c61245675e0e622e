import type { ExtractProgress, ExtractSink, SourceOrg, SourceRecord } from '../../connectors/connector.ts'
import { describeType, keyField, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Finding } from '../../domain/import-rules/finding.ts'
import type { CompiledCollection, CompiledField, ValueProblem } from '../../domain/mapping/compile-mapping.ts'
import type { ChoiceCheck } from './choice-check.ts'
import { digestText, type DigestSet } from './digest-set.ts'
import { StagedKeys } from './staged-keys.ts'
import type { FindingLog } from './finding-log.ts'

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
  /** Of the record that the item belongs to. */
  readonly sourceKey: string
  readonly field: string
  readonly value: string
  /** `first`: it comes before the others; `uncertain`: its row was refused, and nothing follows from it. */
  readonly mark: 'other' | 'first' | 'uncertain'
}

/** The digests we hold of each collection under the mapping in force. */
export type HeldDigests = ReadonlyMap<string, DigestSet>

/** A column that this pass tries as the id of the records; the pass stops when it cannot be. */
export type TriedChoice = { readonly column: string; readonly check: ChoiceCheck }

/** Thrown out of a pass whose tried column is not an id after all; the next one is tried. */
export class ChoiceBroken extends Error {
  override readonly name = 'ChoiceBroken'
}

/**
 * One pass over the input: lets records whose digest is held go by, and stages the others mapped.
 * Called for each record of a million: what an unchanged record costs is one look into a table.
 */
export class StagePass implements ExtractSink {
  /** Records refused by the connector or here; they count as seen. */
  rejectedCount = 0
  /** What findings call the collection that carries the records; undefined until one was staged. */
  recordsFile: string | undefined
  readonly orgs: SourceOrg[] = []
  readonly #pass: StagePassOptions
  readonly #primary: CompiledCollection
  readonly #required: ReadonlySet<string>
  /** A person's rows go together: the changed one may belong to another record than before, and all of hers with it. */
  readonly #staged = new StagedKeys()
  readonly #school: CompiledField | undefined
  readonly #gathered: ReadonlyMap<string, CompiledCollection>

  constructor(pass: StagePassOptions) {
    this.#pass = pass
    const [primary] = pass.mapping
    if (primary === undefined) throw new Error('a mapping has at least the collection that carries the records')
    this.#primary = primary
    this.#required = new Set(
      Object.entries(pass.dataType.fields)
        .filter(([, field]) => field.presence === 'required')
        .map(([name]) => name),
    )
    const gathered = pass.mapping.filter(({ kind }) => kind === 'gathered')
    this.#gathered = new Map(gathered.map((collection) => [collection.name, collection]))
    this.#school = primary.fields.find(({ name }) => name === pass.dataType.schoolField)
  }

  org(org: SourceOrg): void {
    this.orgs.push(org)
  }

  finding = (finding: Finding): void => {
    this.#pass.findings.add(finding)
  }

  record(record: SourceRecord): void {
    this.#take(record)
  }

  replace(before: SourceRecord, after: SourceRecord): void {
    const wasActive = before.presence === 'active'
    const wasHeld =
      wasActive && this.#pass.held.get(before.collection)?.unsee(before.digestHi, before.digestLo) === true
    if (!wasHeld || before.modifiedAt() !== '') this.#pass.target.drop(before.line)
    if (before.presence === 'rejected' || (wasActive && !wasHeld && this.#lacksRequired(before))) this.rejectedCount--
    // What was tried as an id, and told of its values, was tried and told when the first of its rows came.
    this.#take(after, wasActive, wasActive && !wasHeld)
  }

  #take(record: SourceRecord, isReplacing = false, isTold = false): void {
    const isPrimary = record.collection === this.#primary.name
    const gathered = isPrimary ? undefined : this.#gathered.get(record.collection)
    if (gathered !== undefined) {
      this.#gather(record, gathered)
      return
    }
    if (record.presence !== 'active') {
      if (isPrimary) this.#seen(record, record.presence)
      return
    }
    if (isPrimary && !isReplacing) this.#try(record)
    const isHeld = this.#pass.held.get(record.collection)?.see(record.digestHi, record.digestLo) === true
    // A row with a time is staged though its digest is held: that the source said the same again later is news.
    if (isHeld && record.modifiedAt() === '' && (isPrimary || !this.#staged.has(record))) return
    const collection = isPrimary ? this.#primary : this.#pass.mapping.find(({ name }) => name === record.collection)
    if (collection === undefined) return
    this.#stage(record, collection, isTold)
    if (isPrimary) this.#staged.add(record)
  }

  /** Of a withdrawn row nothing is gathered; a refused one makes uncertain what it may have said. */
  #gather(record: SourceRecord, { fields }: CompiledCollection): void {
    const sourceKey = record.key()
    if (record.presence === 'inactive' || sourceKey === '') return
    const read = (column: string) => record.value(column)
    for (const field of fields) {
      const values = field.read(read, () => undefined)
      if (values === null) continue
      const mark = record.presence === 'rejected' ? 'uncertain' : field.isFirst?.(read) === true ? 'first' : 'other'
      for (const value of typeof values === 'string' ? [values] : values)
        this.#pass.target.item({ sourceKey, field: field.name, value, mark })
    }
  }

  async drain(progress: ExtractProgress): Promise<void> {
    if (this.#pass.choice?.check.hasBlank === true) throw new ChoiceBroken()
    await this.#pass.target.drain()
    await this.#pass.findings.drain()
    await this.#pass.onProgress(progress)
  }

  #seen(record: SourceRecord, kind: 'inactive' | 'rejected'): void {
    const row = { line: record.line, sourceKey: record.key(), kind, modifiedAt: record.modifiedAt() || null }
    if (kind === 'inactive') {
      // Without a key it names nobody; the connector knows then that the input proves no absence.
      if (row.sourceKey !== '') this.#pass.target.seen({ ...row, school: null })
      return
    }
    this.rejectedCount++
    this.recordsFile = record.fileName
    // Its school, so that a run which is limited to some schools tells of theirs alone. Of several, one of them may be.
    const schools = this.#school?.read(
      (column) => record.value(column),
      () => undefined,
    )
    const [school = null, ...others] = typeof schools === 'string' ? [schools] : (schools ?? [])
    this.#pass.target.seen({ ...row, school: others.length === 0 ? school : null })
  }

  #try(record: SourceRecord): void {
    const { choice } = this.#pass
    if (choice !== undefined) choice.check.add(record.value(choice.column))
  }

  #lacksRequired(record: SourceRecord): boolean {
    const read = (column: string) => record.value(column)
    return this.#primary.fields.some(
      (field) =>
        this.#required.has(field.name) &&
        field.definition.isScope !== true &&
        field.read(read, () => undefined) === null &&
        !this.#mayBeKnownOtherwise(field, record),
    )
  }

  #stage(record: SourceRecord, collection: CompiledCollection, isTold: boolean): void {
    if (collection === this.#primary) this.recordsFile = record.fileName
    const read = (column: string) => record.value(column)
    let problemCount = 0
    let field: CompiledField | undefined
    const tell = (problem: ValueProblem) => {
      problemCount++
      if (field !== undefined && !isTold) this.finding(this.#describeProblem(record, field, problem))
    }
    const values: StagedValue[] = []
    for (field of collection.fields) {
      if (field.definition.isScope === true && field.read(read, () => undefined) === null) {
        this.#passOver(record, field)
        return
      }
      const value = field.read(read, tell)
      if (value === null && this.#required.has(field.name)) {
        if (!this.#mayBeKnownOtherwise(field, record)) {
          this.#refuse(record, field, isTold)
          return
        }
        // Until the source has the id again, the plan looks at the row in every run and says so.
        problemCount++
      }
      if (field.definition.isChosen === true) values.push(...spreadChoices(value))
      else values.push(isUnordered(field) && Array.isArray(value) ? value.toSorted() : value)
    }
    this.#pass.target.active(collection === this.#primary ? 'primary' : 'supplement', {
      line: record.line,
      sourceKey: record.key(),
      digest: problemCount === 0 ? digestText(record.digestHi, record.digestLo) : null,
      customFields: readCustomFields(collection, read),
      modifiedAt: record.modifiedAt() || null,
      values,
    })
  }

  /** Without its first id a record is known by another one, if we hold it: the plan says whether we do. */
  #mayBeKnownOtherwise(field: CompiledField, record: SourceRecord): boolean {
    const [firstKey, ...others] = this.#pass.dataType.matchKeys
    return field.name === firstKey && others.includes(keyField) && record.key() !== ''
  }

  /** Somebody of whom the mapping knows nothing that makes her one of this data type; told where people want to see all. */
  #passOver(record: SourceRecord, field: CompiledField): void {
    if (!this.#pass.tellsPassedOver) return
    this.finding({
      rule: 'I-17',
      severity: 'info',
      file: record.fileName,
      line: record.line,
      column: field.name,
      sourcedId: record.key(),
      message: `none of the source's ${field.name} of this record is mapped to one of ours; it is not imported. Map one under "Define codes", or leave such records out of the log.`,
    })
  }

  /** A record without a required field is not imported; it counts as seen. */
  #refuse(record: SourceRecord, field: CompiledField, isTold: boolean): void {
    const finding: Finding = {
      rule: 'I-03',
      severity: 'error',
      file: record.fileName,
      line: record.line,
      column: field.name,
      sourcedId: record.key(),
      message: `${field.name} is required and has no value; fill it at the source or map another column to it.`,
    }
    if (!isTold) this.finding(finding)
    this.#seen(record, 'rejected')
  }

  #describeProblem(record: SourceRecord, field: CompiledField, problem: ValueProblem): Finding {
    const place = { file: record.fileName, line: record.line, column: field.name, sourcedId: record.key() }
    switch (problem) {
      case 'unmappedCode':
        return {
          ...place,
          rule: 'I-05',
          severity: 'warning',
          message: `the code of the source is mapped to none of ours; the value is left out. Map it under "Define codes".`,
        }
      case 'wrongType':
        return {
          ...place,
          rule: 'I-04',
          severity: 'warning',
          message: `the value is no ${describeType(field.definition)}; it is left out. Correct it at the source or map another column.`,
        }
      case 'impossibleAge':
        return {
          ...place,
          rule: 'I-07',
          severity: 'warning',
          message:
            'nobody of this data type was born on that day; it is left out, and ours stays. Correct it at the source.',
        }
    }
  }
}

/** A chosen reference takes two columns: the first that the source names, and all of them where there are several. */
function spreadChoices(value: StagedValue): readonly StagedValue[] {
  if (value === null || typeof value === 'string') return [value, null]
  return [value[0] ?? null, value.length > 1 ? value : null]
}

/** A list of references has no order of its own: it is kept in that of the keys, whatever the source's. */
function isUnordered({ definition }: CompiledField): boolean {
  return definition.many === true && typeof definition.type !== 'string'
}

export type StagePassOptions = {
  readonly dataType: DataType
  readonly mapping: readonly CompiledCollection[]
  readonly held: HeldDigests
  readonly target: StagingTarget
  readonly findings: FindingLog
  readonly choice: TriedChoice | undefined
  /** Whether a record that is none of this data type by the mapping is told of (import setting `onlyMappedRolesInLog`). */
  readonly tellsPassedOver: boolean
  readonly onProgress: (progress: ExtractProgress) => Promise<void>
}

function readCustomFields(
  { customFields }: CompiledCollection,
  read: (column: string) => string,
): Readonly<Record<string, string>> | null {
  if (customFields.length === 0) return null
  const values: Record<string, string> = {}
  for (const { name, column } of customFields) {
    const value = read(column)
    if (value !== '') values[name] = value
  }
  return values
}
