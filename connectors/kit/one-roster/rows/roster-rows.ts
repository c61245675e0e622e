import type { FileMode, OneRosterVersion } from '../format/column.ts'
import type { MergedRecord } from './row-hook.ts'
import type { RowView } from '../../csv/row-view.ts'
import { normalizeText } from '../../../../domain/normalize-text.ts'
import type { ExtractRequest, ExtractSink, SourceCollection } from '../../../connector.ts'
import { findFileDefinition } from '../format/files.ts'
import type { RowHook } from './row-hook.ts'
import { latestChangeTime, NewestChange } from './newest-change.ts'
import { OrgIndex } from './org-index.ts'
import type { OneRosterType, FileTaker, Positions, TypeFacts } from '../data-types/one-roster-type.ts'
import { listDigestColumns } from './row-record.ts'

/**
 * Gives the rows of a package, as they pass by, to the data type that is imported. Orgs are everybody's: the others refer
 * to them, and come after them in the reading order of the package.
 */
export class RosterRows implements RowHook {
  readonly facts: TypeFacts = { rowCount: 0, acceptedCount: 0, everyRowHasKey: true, everyItemHasKey: true }
  acceptedSchoolCount = 0
  /** By collection: ids whose rows contradict each other. */
  readonly contestedKeys: Readonly<Record<string, Set<string>>>
  /** Lines of what is gathered that are of such rows. */
  readonly contestedLines: number[] = []
  readonly modes = new Map<string, FileMode>()
  readonly #columnsOf = new Map<string, ReadonlySet<string>>()
  readonly #type: OneRosterType
  readonly #sink: ExtractSink
  readonly #columns: Readonly<Record<string, readonly string[]>>
  readonly #newest: NewestChange
  readonly #orgs = new OrgIndex()
  readonly #takerOf: ReturnType<OneRosterType['start']>
  #taker: FileTaker | undefined
  #timeCell = -1
  #file = ''
  #acceptedRows = 0
  readonly #filled = new Set<string>()

  constructor(
    type: OneRosterType,
    sink: ExtractSink,
    {
      columns,
      ownCodes,
      heldOrgs,
      today,
    }: Pick<ExtractRequest<unknown>, 'columns' | 'ownCodes' | 'heldOrgs' | 'today'>,
    version: OneRosterVersion,
  ) {
    const latestMs = latestChangeTime(today)
    this.#type = type
    this.#sink = sink
    this.#columns = columns
    this.#newest = new NewestChange(latestMs)
    for (const org of heldOrgs) this.#orgs.addHeld(org.sourceKey, org.type)
    this.contestedKeys = Object.fromEntries(type.collections.map(({ name }) => [name, new Set<string>()]))
    this.#takerOf = type.start({
      sink,
      columns,
      ownCodes,
      version,
      today,
      orgs: this.#orgs,
      latestMs,
      facts: this.facts,
    })
  }

  beginFile(fileName: string, mode: FileMode, positions: Positions): void {
    this.modes.set(fileName, mode)
    this.#columnsOf.set(fileName, new Set(positions.keys()))
    this.#file = fileName
    this.#acceptedRows = 0
    this.#taker = fileName === 'orgs' ? this.#takeOrgs(positions) : this.#takerOf(fileName, mode, positions)
    this.#timeCell = this.#taker === undefined ? -1 : (positions.get('dateLastModified') ?? -1)
  }

  /** The columns that a file has, where that is known only when all of it was read. */
  foundColumns(fileName: string, columns: ReadonlySet<string>): void {
    this.#columnsOf.set(fileName, columns)
  }

  /** By collection, what is asked for and is not there to be read. A file that a delta leaves out has not changed. */
  listMissingColumns(isDelta: boolean): readonly { readonly collection: string; readonly column: string }[] {
    const { type, columns } = { type: this.#type, columns: this.#columns }
    return type.collections.flatMap((collection) => {
      const found = this.#columnsOf.get(collection.name)
      if (found === undefined && isDelta) return []
      const isThere = (column: string) =>
        isPutTogether(type, collection)
          ? collection.columns.includes(column)
          : found?.has(column) === true || isMade(type, collection, column)
      const missing = (columns[collection.name] ?? []).filter((column) => !isThere(column))
      return missing.map((column) => ({ collection: collection.name, column }))
    })
  }

  /** When the source changed something last of what is read here; undefined where it does not say. */
  get newestChange(): string | undefined {
    return this.#newest.time
  }

  /** Whether all of these files came whole, each with a row that can be used. */
  areFilled(files: readonly string[]): boolean {
    return files.every((name) => this.modes.get(name) === 'bulk' && this.#filled.has(name))
  }

  digestColumns(fileName: string): readonly string[] | undefined {
    const columns = this.#columns[fileName]
    return columns === undefined ? undefined : listDigestColumns(columns, this.#type.made?.[fileName])
  }

  row(row: RowView, isAccepted: boolean, isMisshapen = false): void {
    if (isAccepted) this.#acceptedRows++
    this.#taker?.row(row, isAccepted, isMisshapen)
    if (isAccepted && this.#timeCell >= 0) this.#newest.see(row, this.#timeCell)
  }

  merge(record: MergedRecord): void {
    this.#taker?.merge?.(record)
  }

  endFile(): void {
    this.#taker?.end?.()
    if (this.#acceptedRows > 0) this.#filled.add(this.#file)
    this.#taker = undefined
  }

  /** A row handed out before was found to contradict a later one: nothing of that id is imported. */
  retract(fileName: string, sourcedId: string, line: number): void {
    this.contestedKeys[fileName]?.add(normalizeText(sourcedId))
    if (this.#type.gatheredFrom?.includes(fileName) === true) this.contestedLines.push(line)
  }

  #takeOrgs(positions: Positions): FileTaker {
    return {
      row: (row, isAccepted) => {
        if (!isAccepted) return
        const org = this.#orgs.add(row, positions)
        if (org.type === 'school') this.acceptedSchoolCount++
        this.#sink.org(org)
      },
    }
  }
}

function isPutTogether(type: OneRosterType, { kind }: SourceCollection): boolean {
  return kind === 'gathered' || type.isPutTogether === true
}

/** A column that no version of the file has and that a mapping can name all the same. */
function isMade({ made }: OneRosterType, { name, columns }: SourceCollection, column: string): boolean {
  if (made?.[name]?.[column] !== undefined) return true
  const isOfFile = versions.some((version) =>
    findFileDefinition(version, name)?.columns.some((one) => one.name === column),
  )
  return columns.includes(column) && !isOfFile
}

const versions: readonly OneRosterVersion[] = ['1.1', '1.2']
