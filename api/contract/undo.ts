import { z } from '@hono/zod-openapi'
import { skipReasons } from '../../domain/undo/undo-skip.ts'
import { freeText } from './free-text.ts'

const Count = z.int().min(0)

export const UndoRun = z.strictObject({ reason: freeText(500).default('') }).openapi('UndoRun')

/** One field of one record that an undo leaves as it is. No value is in it. */
export const UndoSkipDocument = z
  .object({
    recordId: z.uuid(),
    field: z.string(),
    reason: z.enum(skipReasons),
    /** Who changed it since: a person's name or the id of a run; null where nobody knows. */
    by: z.string().nullable(),
  })
  .openapi('UndoSkip')

/** What an undo did, or would do: what `undo --json` prints (contract.md). Fields may be added, none renamed. */
export const UndoDocument = z
  .object({
    /** The undo, a run of its own; null in a preview. */
    runId: z.uuid().nullable(),
    undoOf: z.uuid(),
    state: z.enum(['preview', 'undoing', 'undone', 'partlyUndone', 'stopped']),
    /** Records that got values back, or another status. */
    reverted: Count,
    /** Records that the run had created. */
    madeInactive: Count,
    /** The first ten thousand. */
    skipped: z.array(UndoSkipDocument),
    skippedCount: Count,
  })
  .openapi('Undo')
export type UndoDocument = z.infer<typeof UndoDocument>

/** `sent`: no worker answered in time; the wish is kept, and `undoRunId` is not known yet. */
export const UndoReceipt = z
  .object({
    runId: z.uuid(),
    undoRunId: z.uuid().nullable(),
    delivery: z.enum(['answered', 'sent']),
    message: z.string(),
  })
  .openapi('UndoReceipt')
export type UndoReceipt = z.infer<typeof UndoReceipt>
