import type { NamelessFile } from '../../connectors/kit/keys/nameless-file.ts'
import type { Connector, ExtractProgress, ExtractSink, SourceOrg, SourceRecord } from '../../connectors/connector.ts'
import { keyField, longestKey, longestProse, type DataType } from '../../domain/data-types/define-data-type.ts'
import type { Finding } from '../../domain/import-rules/finding.ts'
import type { ValueProblem } from '../../domain/import-rules/value-rules.ts'
import type { CompiledCollection, CompiledField } from '../../domain/mapping/compile-mapping.ts'
import type { ChoiceCheck } from './choice-check.ts'
import { digestText, type DigestSet } from './digest-set.ts'
import { NormalRecord, normalizeOrg } from './normal-record.ts'
import {
  customPlace,
  describeContested,
  describeKey,
  describeMissing,
  describeOrg,
  describePassedOver,
  describeValue,
  keyPlace,
  type FieldPlace,
} from './record-findings.ts'
import { RepeatedKeys } from './repeated-keys.ts'
import { StagedKeys } from './staged-keys.ts'
import type { FindingLog } from './finding-log.ts'
import type { StagedValue, StagingTarget } from './staging-target.ts'

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
  /** False when a record came without a key: then it may be anybody, and absence proves nothing. */
  everyRecordHasKey = true
  readonly #pass: StagePassOptions
  readonly #primary: CompiledCollection
  readonly #required: ReadonlySet<string>
  /** A person's rows go together: the changed one may belong to another record than before, and all of hers with it. */
  readonly #staged = new StagedKeys()
  readonly #hasSupplement: boolean
  readonly #school: CompiledField | undefined
  readonly #gathered: ReadonlyMap<string, CompiledCollection>
  /** What the connector leaves to the rules for every source; undefined where it finds it itself. */
  readonly #normal: NormalRecord | undefined
  readonly #repeated: RepeatedKeys | undefined

  constructor(pass: StagePassOptions) {
    this.#pass = pass
    const [primary] = pass.mapping
    if (primary === undefined) throw new Error('a mapping has at least the collection that carries the records')
    this.#primary = primary
    this.#required = new Set(
      // Where rows bring fields alone, the record has the others.
      Object.entries(primary.match === undefined ? pass.dataType.fields : {})
        .filter(([, field]) => field.presence === 'required')
        .map(([name]) => name),
    )
    this.#hasSupplement = pass.mapping.some(({ kind }) => kind === 'fields')
    const gathered = pass.mapping.filter(({ kind }) => kind === 'gathered')
    this.#gathered = new Map(gathered.map((collection) => [collection.name, collection]))
    this.#normal = pass.finds.includes('text') ? undefined : new NormalRecord()
    this.#repeated = pass.finds.includes('repeatedKeys') ? undefined : new RepeatedKeys(pass.keyFile)
    this.#school = primary.fields.find(({ name }) => name === pass.dataType.schoolField)
  }

  org(given: SourceOrg): void {
    const org = this.#normal === undefined ? given : normalizeOrg(given)
    const { length } = org.sourceKey
    if (length > 0 && length <= longestKey) this.orgs.push(org)
    else this.finding(describeOrg(length))
  }

  finding = (finding: Finding): void => {
    this.#pass.findings.add(finding)
  }

  record(record: SourceRecord): void {
    this.#take(this.#shown(record))
  }

  get collections(): readonly string[] {
    return this.#pass.mapping.map(({ name }) => name)
  }

  /** Keys that contradict each other, where they are looked for here. */
  contestedIn(collection: string): readonly string[] {
    return this.#repeated?.contestedIn(collection) ?? []
  }

  #shown(record: SourceRecord): SourceRecord {
    return this.#normal?.show(record) ?? record
  }

  replace(before: SourceRecord, after: SourceRecord): void {
    const wasActive = before.presence === 'active'
    const wasHeld =
      wasActive && this.#pass.held.get(before.collection)?.unsee(before.digestHi, before.digestLo) === true
    if (!wasHeld || before.modifiedAt() !== '') this.#pass.target.drop(before.line)
    if (before.presence === 'rejected' || (wasActive && !wasHeld && this.#lacksRequired(this.#shown(before))))
      this.rejectedCount--
    // What was tried as an id, and told of its values, was tried and told when the first of its rows came.
    this.#take(this.#shown(after), wasActive, wasActive && !wasHeld)
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
    if (this.#repeated !== undefined && !isReplacing && this.#isRepeated(this.#repeated, record, isPrimary)) return
    if (isPrimary && !isReplacing) this.#try(record)
    const isHeld = this.#pass.held.get(record.collection)?.see(record.digestHi, record.digestLo) === true
    // A row with a time is staged though its digest is held: that the source said the same again later is news.
    if (isHeld && record.modifiedAt() === '' && (isPrimary || !this.#staged.has(record))) return
    const collection = isPrimary ? this.#primary : this.#pass.mapping.find(({ name }) => name === record.collection)
    if (collection === undefined) return
    this.#stage(record, collection, isTold)
    if (isPrimary && this.#hasSupplement) this.#staged.add(record)
  }

  /** One that only says the same again is nothing; of two that contradict each other nothing is taken. */
  #isRepeated(repeated: RepeatedKeys, record: SourceRecord, isPrimary: boolean): boolean {
    const which = repeated.see(record)
    if (which !== 'other') return which === 'same'
    this.finding(describeContested(record))
    if (isPrimary) this.#seen(record, 'rejected')
    return true
  }

  /** Of a withdrawn row nothing is gathered; a refused one makes uncertain what it may have said. */
  #gather(record: SourceRecord, { fields }: CompiledCollection): void {
    const sourceKey = record.key()
    if (record.presence === 'inactive' || sourceKey === '') return
    const read = (column: string) => record.value(column)
    for (const field of fields) {
      if (this.#normal !== undefined) this.#normal.isBroken = false
      const values = field.read(read, (problem) => {
        // Of many rows to a record, an unknown code says only that this one is no item of it.
        if (problem !== 'unmappedCode') this.finding(describeValue(record, field, problem))
      })
      if (this.#normal?.isBroken === true) this.finding(describeValue(record, field, 'notText'))
      if (values === null) continue
      const mark = record.presence === 'rejected' ? 'uncertain' : field.isFirst?.(read) === true ? 'first' : 'other'
      for (const value of typeof values === 'string' ? [values] : values)
        this.#pass.target.item({ line: record.line, sourceKey, field: field.name, value, mark })
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
    if (row.sourceKey === '') this.everyRecordHasKey = false
    else if (row.sourceKey.length > longestKey) row.sourceKey = ''
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
    const isPrimary = collection === this.#primary
    if (isPrimary) this.recordsFile = record.fileName
    const normal = this.#normal
    if (normal !== undefined) normal.isBroken = false
    const sourceKey = record.key()
    if (sourceKey === '' || sourceKey.length > longestKey) {
      if (!isTold) this.finding(describeKey(record, sourceKey))
      if (isPrimary) this.#seen(record, 'rejected')
      return
    }
    const read = (column: string) => record.value(column)
    let problemCount = 0
    let place: FieldPlace = keyPlace
    const tell = (problem: ValueProblem) => {
      problemCount++
      if (!isTold) this.finding(describeValue(record, place, problem))
    }
    if (normal?.isBroken === true) tell('notText')
    const values: StagedValue[] = []
    for (const field of collection.fields) {
      place = field
      if (
        collection.match === undefined &&
        field.definition.isScope === true &&
        field.read(read, () => undefined) === null
      ) {
        if (this.#pass.tellsPassedOver) this.finding(describePassedOver(record, field))
        return
      }
      if (normal !== undefined) normal.isBroken = false
      const value = field.read(read, tell)
      if (normal?.isBroken === true) tell('notText')
      if (value === null && this.#required.has(field.name)) {
        if (!this.#mayBeKnownOtherwise(field, record)) {
          // A record without a required field is not imported; it counts as seen.
          if (!isTold) this.finding(describeMissing(record, field))
          this.#seen(record, 'rejected')
          return
        }
        // Until the source has the id again, the plan looks at the row in every run and says so.
        problemCount++
      }
      if (field.definition.isChosen === true) values.push(...spreadChoices(value))
      else values.push(isUnordered(field) && Array.isArray(value) ? value.toSorted() : value)
    }
    const customFields = this.#readCustomFields(collection, read, (name, problem) => {
      place = { ...customPlace, name }
      tell(problem)
    })
    this.#pass.target.active(isPrimary ? 'primary' : 'supplement', {
      line: record.line,
      sourceKey,
      digest: problemCount === 0 ? digestText(record.digestHi, record.digestLo) : null,
      customFields,
      modifiedAt: record.modifiedAt() || null,
      values,
    })
  }

  /** Without its first id a record is known by another one, if we hold it: the plan says whether we do. */
  #mayBeKnownOtherwise(field: CompiledField, record: SourceRecord): boolean {
    const [firstKey, ...others] = this.#pass.dataType.matchKeys
    return field.name === firstKey && others.includes(keyField) && record.key() !== ''
  }

  #readCustomFields(
    { customFields }: CompiledCollection,
    read: (column: string) => string,
    tell: (name: string, problem: ValueProblem) => void,
  ): Readonly<Record<string, string>> | null {
    if (customFields.length === 0) return null
    const values: Record<string, string> = {}
    const normal = this.#normal
    for (const { name, column } of customFields) {
      if (normal !== undefined) normal.isBroken = false
      const value = read(column)
      if (normal?.isBroken === true) tell(name, 'notText')
      if (value.length > longestProse) tell(name, 'tooLong')
      else if (value !== '') values[name] = value
    }
    return values
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
  /** Takes the keys that came where they are too many for the memory. */
  readonly keyFile?: NamelessFile | undefined
  readonly target: StagingTarget
  readonly findings: FindingLog
  readonly choice: TriedChoice | undefined
  /** What the connector finds itself (`Connector.finds`). */
  readonly finds: NonNullable<Connector['finds']>
  /** Whether a record that is none of this data type by the mapping is told of (import setting `onlyMappedRolesInLog`). */
  readonly tellsPassedOver: boolean
  readonly onProgress: (progress: ExtractProgress) => Promise<void>
}
