import type { FileMode, OneRosterVersion } from '../../kit/one-roster/format/column.ts'
import type { NamelessFile } from '../../kit/keys/nameless-file.ts'
import type { Spill } from '../../kit/keys/spill.ts'
import type { FindingSink, Profile, Severity } from '../../../domain/import-rules/finding.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import { finishClassRosters } from './files/class-rosters.ts'
import { createFileCheck } from './create-file-check.ts'
import type { FileCheck } from './file-rows.ts'
import { RelationContext } from './relation-context.ts'
import { finishSharedIds } from './shared-ids.ts'
import { SplitRecords, type SplitHandler } from './split-records.ts'

export type RelationOptions = {
  readonly version: OneRosterVersion
  readonly profile: Profile
  /** The data files of the package that are read, by name (`users`); a file that is not here is absent. */
  readonly modes: ReadonlyMap<string, FileMode>
  /** Source keys of the orgs we hold, for packages that do not bring their orgs along. Unknown when undefined. */
  readonly heldOrgKeys?: readonly string[] | undefined
  /** `YYYY-MM-DD`. */
  readonly today: string
  /** Data files that the package has or promises and that are not read: nothing is said of references to them. */
  readonly unreadFiles?: ReadonlySet<string> | undefined
  readonly sink: FindingSink
  /** Where the values are put down that must not repeat; memory when undefined. The checks throw what it throws. */
  readonly spill?: Spill | undefined
  /** Where the ids lie of files that no other refers to; memory when undefined. The checks throw what it throws. */
  readonly idFile?: NamelessFile | undefined
}

/** A finding about a row that has gone by. It has no `sourcedId`: only the row could say it. */
export type LateFinding = {
  /** As it was given to `beginFile`. */
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly severity: Severity
  readonly column?: string | undefined
  readonly message: string
  /** The row was accepted until now and is rejected by this finding; true once a row at most. */
  readonly isRejecting: boolean
}
export type RowFate = 'kept' | 'rejected' | 'part' | 'repeated'
export type LateFindings = readonly LateFinding[]

/**
 * The rules that look beyond one row: R-01 to R-10 and S-01 to S-25. Fed with every data row of every file in reading
 * order (connectors/kit/one-roster/format/files.ts). Memory grows with the ids read (about 22 bytes
 * each, and 5 where no other file refers to them and there is an `idFile`), not with the rows' size.
 */
export type RelationChecks = {
  /**
   * Begins a data file (`users` or `users.csv`). `positions` are the columns' places in its rows. `sizeBytes`, when
   * given, is a hint of how much is to come: tables are then made as large as needed once, instead of growing.
   * `isWhole`: false when its header is such that its rows do not say all they should.
   */
  beginFile(
    fileName: string,
    positions: ReadonlyMap<string, number>,
    options?: { readonly sizeBytes?: number; readonly isWhole?: boolean },
  ): void
  /**
   * What becomes of the row: `repeated` when it says only what an earlier one said, which stands for both; `part` when it adds to an earlier one of its id or contradicts it, which `splitRecords`
   * finds out. `isRejected`: other rules refused it, so its id counts as not present.
   */
  row(row: RowView, isRejected: boolean): RowFate
  /**
   * After the last row of a file and before `endFile`: undefined when no row was a `part`; else the rows are to be
   * given to it once more. `width`: how many cells each row has.
   */
  splitRecords(width: number, handler: SplitHandler): SplitRecords | undefined
  /** `isWhole`: false when the reading broke off, so that rows are missing. */
  endFile(isWhole?: boolean): void
  /** Once, after the last file. Rejecting findings of a warning's severity are rows left out as repetitions. */
  finish(): LateFindings
}

export function createRelationChecks(options: RelationOptions): RelationChecks {
  const context = new RelationContext(options)
  let current: FileCheck | undefined
  return {
    beginFile(fileName, positions, { sizeBytes = 0, isWhole = true } = {}) {
      current = createFileCheck(context, fileName, positions, sizeBytes)
      if (!isWhole) context.breakOff(current.rows.name)
    },
    row(row, isRejected) {
      if (current === undefined) return 'kept'
      if (!current.row(row, isRejected)) return current.rows.isRepeat ? 'repeated' : 'rejected'
      return current.rows.isPart ? 'part' : 'kept'
    },
    splitRecords(width, handler) {
      if (current === undefined || current.rows.splits.count === 0) return undefined
      return new SplitRecords(current.rows, width, handler)
    },
    endFile(isWhole = true) {
      if (!isWhole && current !== undefined) context.breakOff(current.rows.name)
      current?.end()
      current = undefined
    },
    finish() {
      context.users.settleOwners()
      finishClassRosters(context)
      finishSharedIds(context)
      return context.late
    },
  }
}
