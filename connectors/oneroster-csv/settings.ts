import { z } from 'zod'

/** Settings of a `oneroster-csv` connection. Nothing secret: the package is uploaded. */
export const OneRosterCsvSettings = z.strictObject({
  /** `strict` agrees with the conformance set, `default` takes what real senders send. */
  profile: z.enum(['default', 'strict']).default('default'),
  /** Reads a file that is not UTF-8 as Windows-1252, with a warning (rule C-01). Otherwise it is refused. */
  allowWindows1252: z.boolean().default(false),
})
export type OneRosterCsvSettings = z.infer<typeof OneRosterCsvSettings>
