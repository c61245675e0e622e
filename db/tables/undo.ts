import type { Generated } from 'kysely'
import type { SkipReason } from '../../domain/undo/undo-skip.ts'
import type { Json, JsonWithDefault } from './json.ts'

/** Old and new value by column. */
export type RecordEdits = {
  id: Generated<string>
  districtId: string
  recordId: string
  revision: number
  changes: Json<Readonly<Record<string, readonly [old: unknown, new: unknown]>>>
  by: string
  editedAt: Generated<Date>
}

/** Records by what an undo did to them. `madeActive`: created by an import whose undo is taken back. */
export type UndoCounts = {
  readonly update: number
  readonly reactivate: number
  readonly deactivate: number
  readonly madeInactive: number
  readonly madeActive: number
}

export type UndoBatches = {
  districtId: string
  runId: string
  batchNo: number
  phase: number
  /** `givenUp`: created records free ids that others had before. */
  part: 'journal' | 'created' | 'givenUp'
  planNo: number | null
  firstSeq: number | null
  lastSeq: number | null
  firstId: string | null
  lastId: string | null
  rows: number
  counts: JsonWithDefault<Partial<UndoCounts>>
  doneAt: Date | null
}

export type UndoThroughs = {
  id: string
  districtId: string
  /** The run that was asked for, the last of `runIds`. */
  runId: string
  /** In the order in which they are taken back: the newest first. */
  runIds: string[]
  state: Generated<'undoing' | 'done' | 'stopped'>
  stoppedReason: string | null
  requestedBy: string
  createdAt: Generated<Date>
  finishedAt: Date | null
}

export type UndoSkips = {
  districtId: string
  runId: string
  recordId: string
  field: string
  reason: SkipReason
  by: string | null
  ofCreated: Generated<boolean>
}
