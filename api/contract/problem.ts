import { z } from '@hono/zod-openapi'
import { runKinds } from '../../domain/import-run.ts'

/** How every refusal looks (RFC 9457, `application/problem+json`). No value of anybody's record is in it. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** What is wrong with this very request, and what to do. */
    detail: z.string(),
    /** Stable; docs/reference/failures.md lists them. */
    code: z.string(),
    requestId: z.string(),
    /** Where a body or a parameter is wrong. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** Of CHANGED_SINCE: the fields that are others now than those that were read. */
    changed: z.array(z.string()).optional(),
    /** Of CHANGED_SINCE, where there is a history: the ETag there is now, and each change since the one that was given. */
    etag: z.string().optional(),
    changes: z
      .array(
        z.object({
          fields: z.array(z.string()),
          at: z.string(),
          runId: z.uuid().nullable(),
          by: z.string().nullable(),
        }),
      )
      .optional(),
    /** Of UPLOAD_OFFSET_WRONG: so many bytes are kept. */
    offset: z.int().optional(),
    /** Of UNDO_REFUSED: the runs that have to be undone first, the newest first. */
    laterRuns: z.array(z.object({ runId: z.uuid(), kind: z.enum(runKinds) })).optional(),
  })
  .openapi('Problem')
export type Problem = z.infer<typeof Problem>
