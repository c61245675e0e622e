import { z } from 'zod'
import { ImportSettings } from '../plan/import-settings.ts'
import { MappingDocument } from './mapping-document.ts'

/** Of the form below: counted up when a document of before can no longer be read as it is. */
export const documentVersion = 1

/**
 * An import configuration as one document: what is exported, kept beside others in a repository, checked by
 * `rollbook config lint` and imported again. docs/reference/configuration.schema.json is written from it.
 */
export const ConfigurationDocument = z.strictObject({
  documentVersion: z.literal(documentVersion),
  connector: z.string().min(1).describe('The id of the connector that it is for; another one has other columns.'),
  dataType: z.string().min(1).describe('What is imported, such as students.'),
  mapping: MappingDocument.describe('Which column feeds which field, and which of their codes means which of ours.'),
  settings: ImportSettings.describe('Everything else that a run reads; what is not named has its default.'),
  connection: z.string().optional().describe('Where it was exported; an import passes over it.'),
  district: z.string().optional().describe('Where it was exported; an import passes over it.'),
  mappingVersion: z.int().optional().describe('The version that was exported; an import passes over it.'),
  isEnabled: z.boolean().optional().describe('Whether it was enabled; an import passes over it.'),
})
export type ConfigurationDocument = z.infer<typeof ConfigurationDocument>
