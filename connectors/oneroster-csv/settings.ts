import { z } from 'zod'
import { DropSettings } from '../kit/drop/drop-settings.ts'

/** Settings of a `oneroster-csv` connection. Secret where they name an SFTP server: all are sealed. */
export const OneRosterCsvSettings = z.strictObject({
  /** `strict` agrees with the conformance set, `default` takes what real senders send. */
  profile: z.enum(['default', 'strict']).default('default'),
  /** Reads a file that is not UTF-8 as Windows-1252, with a warning (rule C-01). Otherwise it is refused. */
  allowWindows1252: z.boolean().default(false),
  /** Where packages are fetched; without it they are uploaded. */
  source: DropSettings.optional(),
})
export type OneRosterCsvSettings = z.infer<typeof OneRosterCsvSettings>
