import { z } from 'zod'
import { DropSettings } from '../kit/drop/drop-settings.ts'

/** With what the configuration of a data type begins. */
const FirstMapping = z.strictObject({
  /** The field by which a row finds its record. */
  matchBy: z.string().min(1).max(100),
  /** Field → name of its column in the header; that of `matchBy` among them. */
  columns: z.record(z.string().min(1).max(100), z.string().min(1).max(500)),
  /** The same of custom fields. */
  customFields: z.record(z.string().min(1).max(100), z.string().min(1).max(500)).default({}),
})

/** Settings of a `csv` connection. Secret where they name an SFTP server: all are sealed. */
export const CsvSettings = z.strictObject({
  /** What stands between two cells; found out by itself unless told. */
  delimiter: z.enum(['auto', 'comma', 'semicolon', 'tab']).default('auto'),
  /** The physical line of the header; found out by the columns of the mapping unless told. */
  headerLine: z.union([z.literal('auto'), z.int().min(1).max(1000)]).default('auto'),
  /** Data type → with what its configuration begins when the connection is made; from then on the configuration counts. */
  mappings: z.record(z.string().min(1).max(100), FirstMapping).default({}),
  /** Where files are fetched; without it they are uploaded. */
  source: DropSettings.optional(),
})
export type CsvSettings = z.infer<typeof CsvSettings>
