import { z } from '@hono/zod-openapi'
import { runKinds } from '../../domain/import-run.ts'
import { skipReasons } from '../../domain/undo/undo-skip.ts'
import { freeText } from './free-text.ts'

const Count = z.int().min(0)

export const UndoRun = z
  .strictObject({
    reason: freeText(500).default(''),
    /** With everything that changed the records since, the newest first, one undo each. */
    through: z.boolean().default(false),
  })
  .openapi('UndoRun')

/** One field of one record that an undo leaves as it is. No value is in it. */
const UndoSkipDocument = z
  .object({
    recordId: z.uuid(),
    /** The first id of the record; null where it is gone. */
    sisId: z.string().nullable(),
    /** Only with the right `viewValues`. */
    name: z.string().nullable(),
    field: z.string(),
    reason: z.enum(skipReasons),
    /** Who changed it since: a person's name or the id of a run; null where nobody knows. */
    by: z.string().nullable(),
  })
  .openapi('UndoSkip')

/** What the undo of one run did, or would do. */
export const UndoneRunDocument = z
  .object({
    /** The undo, a run of its own; null in a preview, and before the undo has begun. */
    runId: z.uuid().nullable(),
    undoOf: z.uuid(),
    /** Of the run that is undone. */
    kind: z.enum(runKinds),
    state: z.enum(['preview', 'undoing', 'undone', 'partlyUndone', 'stopped']),
    /** Records that got values back, or another status. */
    reverted: Count,
    /** Records that the run had created. */
    madeInactive: Count,
    /** The first ten thousand. */
    skipped: z.array(UndoSkipDocument),
    skippedCount: Count,
  })
  .openapi('UndoneRun')
export type UndoneRunDocument = z.infer<typeof UndoneRunDocument>

/**
 * What `undo --json` prints (contract.md). With others taken back before it (`through`) the figures are those of all of
 * them together. Fields may be added, none renamed.
 */
export const UndoDocument = UndoneRunDocument.extend({
  /** `through` only: each run by itself, the newest first, as far as its undo has begun. */
  runs: z.array(UndoneRunDocument).optional(),
  /** `through` only: the runs that are as they were, the newest first. */
  notUndone: z.array(z.uuid()).optional(),
  /** `through` only: why it ended before all were taken back, and at which run; null otherwise. */
  stoppedReason: z.string().nullable().optional(),
  /** `through` only: the wish. */
  throughId: z.uuid().nullable().optional(),
}).openapi('Undo')
export type UndoDocument = z.infer<typeof UndoDocument>

/** `sent`: no worker answered in time; the wish is kept, and `undoRunId` is not known yet. */
export const UndoReceipt = z
  .object({
    runId: z.uuid(),
    undoRunId: z.uuid().nullable(),
    delivery: z.enum(['answered', 'sent']),
    message: z.string(),
    /** `through` only: the wish, and the runs it is about, the newest first. */
    throughId: z.uuid().optional(),
    runs: z.array(z.uuid()).optional(),
  })
  .openapi('UndoReceipt')
export type UndoReceipt = z.infer<typeof UndoReceipt>
