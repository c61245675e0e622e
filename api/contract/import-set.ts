import { z } from '@hono/zod-openapi'
import { RunDocument } from './run.ts'

/** A data type that could not start. */
const NotStarted = z.object({ dataType: z.string(), state: z.literal('notStarted'), reason: z.string() })

/** One input for several data types: a run for each that has begun, in their order. */
export const ImportSet = z
  .object({
    setId: z.uuid(),
    district: z.string(),
    connection: z.uuid(),
    workflowId: z.string(),
    test: z.boolean(),
    /** Every run is over or waits for a person, or will not start. */
    finished: z.boolean(),
    startedAt: z.string(),
    /** Name of the token, or `schedule`. */
    requestedBy: z.string(),
    finishedAt: z.string().nullable(),
    /** Null until it is fetched; always where each run reads pages of its own. */
    input: z.object({ sha256: z.string(), bytes: z.int() }).nullable(),
    /** Data types whose turn has not come. */
    waiting: z.array(z.string()),
    runs: z.array(z.union([RunDocument, NotStarted])),
  })
  .openapi('ImportSet')
export type ImportSet = z.infer<typeof ImportSet>
