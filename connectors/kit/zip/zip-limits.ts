/** How much of an archive is read before it counts as hostile (rules Z-02 and Z-03). */
export type ZipLimits = {
  readonly archiveBytes: number
  readonly entryCount: number
  readonly entryBytes: number
  readonly totalBytes: number
  /** Expanded bytes for one compressed byte; asked only of what goes beyond `ratioFreeBytes`. */
  readonly ratio: number
  readonly ratioFreeBytes: number
}

const gibibyte = 2 ** 30

/**
 * The archive limit is the one Naviance sets. A package has 22 files, doubled by a Macintosh. Rosters compress 5 to
 * 20 times, DEFLATE reaches 1032: at 200 nothing honest is refused and a bomb has cost 10 MiB.
 */
export const defaultZipLimits: ZipLimits = {
  archiveBytes: gibibyte,
  entryCount: 1000,
  entryBytes: 10 * gibibyte,
  totalBytes: 20 * gibibyte,
  ratio: 200,
  ratioFreeBytes: 10 * 2 ** 20,
}
