import type { Finding } from '../../domain/import-rules/finding.ts'
import type { ExtractRequest, ExtractSink, InputPart, OwnCodes } from '../connector.ts'
import { TextRow } from '../kit/csv/text-row.ts'
import { isObject, readRows, type JsonObject } from '../kit/json/read-rows.ts'
import { scalarText } from '../kit/json/scalar-text.ts'
import { NamelessFile } from '../kit/keys/nameless-file.ts'
import { SeenRecords } from '../kit/keys/seen-records.ts'
import type { Column, FileMode, OneRosterVersion } from '../kit/one-roster/format/column.ts'
import { findFileDefinition } from '../kit/one-roster/format/files.ts'
import { findOwnCodes } from '../kit/one-roster/format/own-codes.ts'
import type { RosterRows } from '../kit/one-roster/rows/roster-rows.ts'
import { findCellProblem, findTextProblem } from './check-cells.ts'
import { findMismatch } from './find-mismatch.ts'
import { cellOf, hasBrokenReference, listKeys, withoutBrokenReferences } from './row-of-object.ts'
import type { OneRosterRestSettings } from './settings.ts'

export type ReadingRequest = {
  readonly collection: string
  readonly parts: readonly InputPart[]
  /** Whether they have what changed alone. */
  readonly mode: FileMode
  readonly version: OneRosterVersion
  readonly request: ExtractRequest<OneRosterRestSettings>
  readonly sink: ExtractSink
  readonly rows: RosterRows
}

/** The kept pages of one collection, given on as the rows of the file of the same name. */
export class CollectionReading {
  readonly #request: ReadingRequest
  readonly #seenFile = new NamelessFile()
  readonly #seen = new SeenRecords(this.#seenFile)
  #rowsRead = 0
  #bytesRead = 0
  #withoutId = 0
  #repeated = 0

  constructor(request: ReadingRequest) {
    this.#request = request
  }

  /** Gives the rows, and says whether every record was in the pages; where they do not add up, that is told (I-18). */
  async read(): Promise<boolean> {
    try {
      return await this.#read()
    } finally {
      this.#seenFile.close()
    }
  }

  async #read(): Promise<boolean> {
    const { collection, rows } = this.#request
    const table = this.#openTable(collection)
    await this.#eachObject((object, line, isOfRepeatedPage) => {
      const id = scalarText(object['sourcedId'])
      if (id === '') this.#withoutId += 1
      const seen = id === '' ? 'new' : this.#seen.see(id, JSON.stringify(object), line)
      // A page that came twice moves nothing; a single row does where the others moved on.
      if (seen !== 'new' && !isOfRepeatedPage) this.#repeated += 1
      if (seen === 'same') return
      if (seen === 'other') {
        this.#tell({ rule: 'R-01', severity: 'error', line, sourcedId: id, message: contested })
        rows.retract(collection, id, this.#seen.firstLine(id))
        return
      }
      this.#give(table, object, line, id)
    })
    rows.endFile()
    const { parts, mode } = this.#request
    // Of a few objects that changed it says nothing what the others have.
    if (mode === 'bulk' && this.#rowsRead > 0) rows.foundColumns(collection, table.met)
    const mismatch = findMismatch(collection, parts, {
      ...{ different: this.#seen.size, repeated: this.#repeated, withoutId: this.#withoutId },
    })
    if (mismatch === undefined) return true
    this.#tell({ rule: 'I-18', severity: 'warning', message: `${mismatch} ${nobodyIsGone}` })
    return false
  }

  /** What stands in the users of 1.2 as `roles` are the rows of roles.csv. */
  async readRoles(): Promise<void> {
    const { rows } = this.#request
    const table = this.#openTable('roles')
    await this.#eachObject((user, line) => {
      const userId = scalarText(user['sourcedId'])
      const roles: unknown = user['roles']
      for (const [at, role] of (Array.isArray(roles) ? roles : []).entries()) {
        if (!isObject(role)) continue
        const sourcedId = `${userId}/${at + 1}`
        this.#give(table, { ...role, sourcedId, user: { sourcedId: userId } }, line, sourcedId)
      }
    })
    rows.endFile()
  }

  #openTable(file: string): Table {
    const { version, request, rows, mode } = this.#request
    const table = new Table(file, version, request.columns[file] ?? [], request.ownCodes)
    rows.beginFile(file, mode, table.positions)
    return table
  }

  #give(table: Table, object: JsonObject, line: number, sourcedId: string): void {
    const { rows } = this.#request
    const cells = table.cellsOf(object)
    let isAccepted = true
    for (const [at, name] of table.names.entries()) {
      const [column, cell = ''] = [table.columns[at], cells[at]]
      const isBroken = column !== undefined && hasBrokenReference(column, cell)
      if (isBroken) cells[at] = withoutBrokenReferences(cell)
      const problems = [
        column === undefined ? undefined : findCellProblem(column, cell, table.ownCodes[at]),
        isBroken || column?.name === 'password' ? undefined : findTextProblem(cell),
      ]
      for (const problem of problems) {
        if (problem === undefined) continue
        if (problem.severity === 'error') isAccepted = false
        this.#tell({ ...problem, file: table.file, line, column: name, ...(sourcedId !== '' && { sourcedId }) })
      }
    }
    rows.row(new TextRow(cells, line), isAccepted)
  }

  async #eachObject(give: (object: JsonObject, line: number, isOfRepeatedPage: boolean) => void): Promise<void> {
    const { collection, parts, request, sink } = this.#request
    let line = 0
    let before: Buffer | undefined
    for (const { file, facts } of parts) {
      request.signal.throwIfAborted()
      if (facts['end'] !== undefined) continue
      const page = await file.read(0, file.sizeBytes)
      const objects = readRows(page, collection)
      if (objects === undefined) throw new Error(`a kept page of ${collection} is none`)
      const isRepeated = before?.equals(page) === true
      for (const object of objects) give(object, ++line, isRepeated)
      before = page
      this.#rowsRead += objects.length
      this.#bytesRead += file.sizeBytes
      await sink.drain({ collection, bytesRead: this.#bytesRead, rowsRead: this.#rowsRead })
    }
  }

  #tell(finding: Finding): void {
    this.#request.sink.finding({ file: this.#request.collection, ...finding })
  }
}

const nobodyIsGone = 'Whoever is missing from them is not taken for gone.'
const contested = 'Two records of this sourcedId contradict each other; neither is imported. Leave one of them out.'

/** Finds the cells of a row in the objects of a collection. */
class Table {
  readonly file: string
  readonly columns: readonly Column[]
  /** Of the cells, in order: the columns of the standard first. */
  readonly names: readonly string[]
  readonly positions: ReadonlyMap<string, number>
  /** Of each cell, words of the source's own that the mapping knows. */
  readonly ownCodes: readonly (ReadonlySet<string> | undefined)[]
  /** Names that this version has, since an object leaves out what is blank; of metadata, those that an object had, be it as null. */
  readonly met: Set<string>
  readonly #metadata: readonly string[]
  /** By key as a provider writes it; -1 for one of no concern. */
  readonly #cellOfKey = new Map<string, number>()
  readonly #cellOfPlainKey: ReadonlyMap<string, number>

  constructor(file: string, version: OneRosterVersion, wanted: readonly string[], ownCodes: OwnCodes | undefined) {
    this.file = file
    this.columns = findFileDefinition(version, file)?.columns ?? []
    this.#metadata = [...new Set([...wanted.filter((name) => name.startsWith('metadata.')), ...knownMetadata])]
    this.met = new Set(this.columns.map(({ name }) => name))
    this.names = [...this.columns.map(({ name }) => name), ...this.#metadata]
    this.ownCodes = this.names.map((name) => findOwnCodes(ownCodes, file, name))
    this.positions = new Map(this.names.map((name, at) => [name, at]))
    this.#cellOfPlainKey = new Map(this.columns.flatMap((column, at) => listKeys(column).map((key) => [key, at])))
  }

  cellsOf(object: JsonObject): string[] {
    const cells = new Array<string>(this.positions.size).fill('')
    for (const key of Object.keys(object)) {
      const at = this.#find(key)
      const column = this.columns[at]
      if (column !== undefined) cells[at] = cellOf(column, object[key])
    }
    const metadata = object['metadata']
    if (!isObject(metadata)) return cells
    for (const [at, name] of this.#metadata.entries()) {
      const value = metadata[name.slice('metadata.'.length)]
      if (value !== undefined) this.met.add(name)
      cells[this.columns.length + at] = scalarText(value)
    }
    return cells
  }

  #find(key: string): number {
    let at = this.#cellOfKey.get(key)
    if (at === undefined) {
      at = this.#cellOfPlainKey.get(key.toLowerCase()) ?? -1
      this.#cellOfKey.set(key, at)
    }
    return at
  }
}

/** What data types read besides the columns of the standard (connectors/kit/one-roster/data-types/course-history.ts). */
const knownMetadata = ['metadata.creditsAttempted', 'metadata.creditsEarned', 'metadata.gradeLevel']
