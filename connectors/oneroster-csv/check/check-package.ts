import { FileSpill } from '../../kit/keys/file-spill.ts'
import { NamelessFile } from '../../kit/keys/nameless-file.ts'
import { CsvReader, defaultCsvLimits } from '../../kit/csv/csv-reader.ts'
import type { CsvLimits } from '../../kit/csv/csv-reader.ts'
import { CsvRow } from '../../kit/csv/csv-row.ts'
import type { OwnCodes } from '../../connector.ts'
import type { Finding, FindingSink, Profile } from '../../../domain/import-rules/finding.ts'
import { createRelationChecks } from '../relations/relation-checks.ts'
import type { LateFinding, RelationChecks } from '../relations/relation-checks.ts'
import type { FileMode, OneRosterVersion } from '../../kit/one-roster/format/column.ts'
import { findFileDefinition, readingOrder } from '../../kit/one-roster/format/files.ts'
import { FileCheck } from './file-check.ts'
import { tellLateFindings } from './late-findings.ts'
import type { ReadFile } from './late-findings.ts'
import { openText } from './open-text.ts'
import type { RowHook } from '../../kit/one-roster/rows/row-hook.ts'
import { settleSplits } from './settle-splits.ts'
import type { OpenedPackage, PackageFile } from '../package/open-package.ts'
import { PackageDamage } from '../package/package-damage.ts'
import { replayBatch } from '../scan/row-batch.ts'
import { ThreadedScan } from '../scan/threaded-scan.ts'

export type { RowHook } from '../../kit/one-roster/rows/row-hook.ts'

export type PackageLimits = CsvLimits & { readonly maxRows: number }

const defaultPackageLimits: PackageLimits = { ...defaultCsvLimits, maxRows: 50_000_000 }

export type CheckPackageOptions = {
  readonly profile: Profile
  /** Gets every finding as it arises; those known only at the end come last. */
  readonly sink: FindingSink
  /** `YYYY-MM-DD` */
  readonly today: string
  /** Ids of orgs already held: what references of a delta file may also point to. */
  readonly heldOrgKeys?: readonly string[] | undefined
  /** Reads a file that is not UTF-8 as Windows-1252, with a warning (C-01). */
  readonly allowWindows1252?: boolean | undefined
  readonly onRow?: RowHook | undefined
  /** By file and column, words of the source's own that are taken as well (`ExtractRequest`). */
  readonly ownCodes?: OwnCodes | undefined
  /** The files, without `.csv`, whose rows are read; the others are left as they are. All of them unless told. */
  readonly only?: readonly string[] | undefined
  /** Awaited after every block of a file, so that a slow receiver slows the reading; throws to end it. */
  readonly drain?: ((progress: CheckProgress) => Promise<void>) | undefined
  readonly limits?: Partial<PackageLimits> | undefined
  /** Files of so many bytes and more are cut into cells by a thread of their own, ahead of the checks. */
  readonly scanAheadFrom?: number | undefined
}

/** Below this the thread takes longer to begin than it saves. */
const defaultScanAheadFrom = 8 << 20

/** `file` without `.csv`; both numbers are of that file. */
export type CheckProgress = { readonly file: string; readonly bytesRead: number; readonly rowsRead: number }

export type FileCount = {
  readonly mode: FileMode
  readonly rows: number
  readonly accepted: number
  readonly rejected: number
}

export type PackageCheck = {
  readonly version: OneRosterVersion | null
  /** True when a `block` finding was given, here or when the package was opened. */
  readonly isBlocked: boolean
  readonly files: Readonly<Record<string, FileCount>>
}

/**
 * Checks every row of an opened package: one pass over each file, what others point to first. Nothing is thrown for
 * anything the package holds; a file that cannot be read on is counted as far as it was read, and the other files are
 * checked all the same. Throws what `drain` throws, and I/O errors of the source and of the
 * temporary file that takes what a large package would fill the memory with.
 */
export async function checkPackage(opened: OpenedPackage, options: CheckPackageOptions): Promise<PackageCheck> {
  const reading = new PackageReading(opened, options)
  return await reading.read()
}

/** `reader`: the one that reads here and now, where no thread does. */
type Reading = { isStopped: boolean; reader: CsvReader | undefined }

class PackageReading {
  readonly #opened: OpenedPackage
  readonly #options: CheckPackageOptions
  readonly #limits: PackageLimits
  readonly #sink: FindingSink
  readonly #spill = new FileSpill()
  readonly #idFile = new NamelessFile()
  #isBlocked: boolean
  /** Begun with the first large file. */
  #scan: ThreadedScan | undefined

  constructor(opened: OpenedPackage, options: CheckPackageOptions) {
    this.#opened = opened
    this.#options = options
    this.#limits = { ...defaultPackageLimits, ...options.limits }
    this.#isBlocked = opened.isBlocked
    this.#sink = (finding) => {
      if (finding.severity === 'block') this.#isBlocked = true
      options.sink(finding)
    }
  }

  async read(): Promise<PackageCheck> {
    const { version } = this.#opened
    const files: Record<string, FileCount> = {}
    if (version !== null) {
      try {
        for (const { file, count } of await this.#readFiles(version)) files[file.name] = count
      } finally {
        this.#spill.close()
        this.#idFile.close()
        await this.#scan?.close()
      }
    }
    return { version, isBlocked: this.#isBlocked, files }
  }

  async #readFiles(version: OneRosterVersion): Promise<{ file: PackageFile; count: FileCount }[]> {
    const { profile, today, heldOrgKeys, only } = this.#options
    const isWanted = ({ name }: PackageFile) => only === undefined || only.includes(name)
    const inOrder = readingOrder.flatMap((name) =>
      this.#opened.files.filter((file) => file.name === name && isWanted(file)),
    )
    const unwanted = this.#opened.files.filter((file) => !isWanted(file)).map(({ name }) => name)
    const modes = new Map(inOrder.map(({ name, mode }) => [name, mode]))
    const [spill, idFile] = [this.#spill, this.#idFile]
    const relations = createRelationChecks({
      ...{ version, profile, modes, heldOrgKeys, today, spill, idFile },
      sink: this.#sink,
      unreadFiles: new Set([...this.#opened.unreadFiles, ...unwanted]),
    })
    const read: ReadFile[] = []
    for (const file of inOrder) {
      const opened = await this.#readFile(file, version, relations)
      if (opened !== undefined) read.push(opened)
    }
    const retracted = await this.#tellLate(relations, read)
    return read.map(({ file, check }) => {
      const rejected = check.rejected + (retracted.get(file.name) ?? 0)
      return { file, count: { mode: file.mode, rows: check.rows, accepted: check.rows - rejected, rejected } }
    })
  }

  async #readFile(
    file: PackageFile,
    version: OneRosterVersion,
    relations: RelationChecks,
  ): Promise<ReadFile | undefined> {
    const definition = findFileDefinition(version, file.name)
    if (definition === undefined) return undefined
    const { profile, onRow, ownCodes } = this.#options
    const reading: Reading = { isStopped: false, reader: undefined }
    const stop = (): void => {
      reading.isStopped = true
      reading.reader?.stop()
    }
    const { maxRows } = this.#limits
    const [sink, spill] = [this.#sink, this.#spill]
    const check = new FileCheck(file, definition, { profile, sink, relations, spill, onRow, ownCodes, maxRows, stop })
    let text = { isTranscoded: false, stream: () => file.stream() }
    try {
      text = await openText(file, this.#options.allowWindows1252 === true)
      if (text.isTranscoded) check.fault({ kind: 'readAsWindows1252', line: 1 })
      let bytesRead = 0
      for await (const bytes of this.#readRows(file, version, text.stream(), check, reading)) {
        bytesRead += bytes
        await this.#options.drain?.({ file: file.name, bytesRead, rowsRead: check.rows })
      }
      await settleSplits(check, text, this.#limits, async () => {
        await this.#options.drain?.({ file: file.name, bytesRead, rowsRead: check.rows })
      })
      check.end()
    } catch (error) {
      if (!(error instanceof PackageDamage)) throw error
      this.#sink(error.finding)
      check.breakOff()
    }
    return { file, text, check }
  }

  /** Gives the rows of a file to its check, block by block; says how many bytes each block had. */
  async *#readRows(
    file: PackageFile,
    version: OneRosterVersion,
    blocks: AsyncIterable<Buffer>,
    check: FileCheck,
    reading: Reading,
  ): AsyncGenerator<number> {
    if (file.sizeBytes < (this.#options.scanAheadFrom ?? defaultScanAheadFrom)) {
      const reader = new CsvReader(check, this.#limits)
      reading.reader = reader
      for await (const block of blocks) {
        reader.push(block)
        yield block.length
      }
      reader.end()
      return
    }
    const row = new CsvRow(Buffer.alloc(0))
    const order = {
      version,
      fileName: file.name,
      mode: file.mode,
      limits: this.#limits,
      digestColumns: this.#options.onRow?.digestColumns?.(file.name),
    }
    this.#scan ??= new ThreadedScan()
    for await (const { batch, bytes } of this.#scan.scan(blocks, order)) {
      replayBatch(batch, row, check, () => reading.isStopped)
      yield bytes
    }
  }

  /** Tells the findings known only now; gives how many more rows of each file they reject. */
  async #tellLate(relations: RelationChecks, read: readonly ReadFile[]): Promise<ReadonlyMap<string, number>> {
    const late = Map.groupBy(relations.finish(), ({ file }) => file)
    const retracted = new Map<string, number>()
    for (const one of read) {
      const { name } = one.file
      const ofFile = [...one.check.late, ...(late.get(`${name}.csv`) ?? [])]
      if (ofFile.length === 0) continue
      await tellLateFindings(one, ofFile, this.#limits, (found, sourcedId) => {
        this.#sink(buildFinding(found, one.file.fileName, sourcedId))
        if (!found.isRejecting || one.check.rejectedLines.has(found.line)) return
        retracted.set(name, (retracted.get(name) ?? 0) + 1)
        this.#options.onRow?.retract(name, sourcedId ?? '', found.line)
      })
    }
    return retracted
  }
}

function buildFinding(late: LateFinding, file: string, sourcedId: string | undefined): Finding {
  const { rule, severity, line, column, message } = late
  return { rule, severity, file, line, column, sourcedId, message }
}
