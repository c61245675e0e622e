import { z } from '@hono/zod-openapi'
import type { ConfigurationDifference } from '../../domain/mapping/compare-configurations.ts'
import { documentVersion } from '../../domain/mapping/configuration-document.ts'
import {
  configurationSteps,
  DraftMapping,
  DraftSettings,
  type DraftMapping as Draft,
} from '../../domain/mapping/configuration-draft.ts'
import { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import { ImportSettings } from '../../domain/plan/import-settings.ts'
import { RunDocument } from './run.ts'

/** Which configuration: of one connection and one data type. */
export const ConfigurationParams = z.object({ id: z.uuid(), dataType: z.string() })

/** The import configuration of one (connection, data type), as one versioned document (domain/mapping/configuration-document.ts). */
export const Configuration = z
  .object({
    documentVersion: z.literal(documentVersion),
    connection: z.uuid(),
    district: z.string(),
    connector: z.string(),
    dataType: z.string(),
    mappingVersion: z.int(),
    mapping: z.custom<MappingDocument>().openapi({ type: 'object' }),
    settings: z.custom<ImportSettings>().openapi({ type: 'object' }),
    isEnabled: z.boolean(),
  })
  .openapi('Configuration')
export type Configuration = z.infer<typeof Configuration>

export const PutConfiguration = z
  .strictObject({ mapping: MappingDocument, settings: ImportSettings.prefault({}) })
  .openapi('PutConfiguration')
export type PutConfiguration = z.input<typeof PutConfiguration>

/** What is missing or contradictory, in words for the operator. */
export const ConfigurationFinding = z
  .object({
    step: z.enum(configurationSteps),
    field: z.string().nullable(),
    severity: z.enum(['error', 'warning']),
    message: z.string(),
  })
  .openapi('ConfigurationFinding')
export type ConfigurationFinding = z.infer<typeof ConfigurationFinding>

export const ConfigurationLint = z
  .object({
    /** False with an error: then it cannot be started. */
    isClean: z.boolean(),
    findings: z.array(ConfigurationFinding),
  })
  .openapi('ConfigurationLint')
export type ConfigurationLint = z.infer<typeof ConfigurationLint>

/** What somebody is at; where nobody is, the version in force, as revision 0. */
export const ConfigurationDraft = z
  .object({
    connection: z.uuid(),
    district: z.string(),
    connector: z.string(),
    dataType: z.string(),
    /** 0 where nothing is saved yet. */
    revision: z.int(),
    /** As the header of that name: what a change of it sends as if-match. */
    etag: z.string(),
    /** The version that it was made from. */
    basedOn: z.int().nullable(),
    mapping: z.custom<Draft>().openapi({ type: 'object' }),
    settings: z.custom<DraftSettings>().openapi({ type: 'object' }),
    updatedBy: z.string().nullable(),
    updatedAt: z.string().nullable(),
  })
  .openapi('ConfigurationDraft')
export type ConfigurationDraft = z.infer<typeof ConfigurationDraft>

export const PutDraft = z
  .strictObject({ mapping: DraftMapping, settings: DraftSettings.default({}) })
  .openapi('PutDraft')
export type PutDraft = z.input<typeof PutDraft>

export const ConfigurationVersion = z
  .object({
    version: z.int(),
    isInForce: z.boolean(),
    createdBy: z.string(),
    createdAt: z.string(),
    /** How many runs worked with it, test imports aside. */
    runCount: z.int(),
    mapping: z.custom<MappingDocument>().openapi({ type: 'object' }),
    settings: z.custom<ImportSettings>().openapi({ type: 'object' }),
  })
  .openapi('ConfigurationVersion')
export type ConfigurationVersion = z.infer<typeof ConfigurationVersion>

export const ConfigurationComparison = z
  .object({
    from: z.string(),
    to: z.string(),
    differences: z.array(
      z.object({
        step: z.enum(configurationSteps),
        field: z.string(),
        /** Of codes: the source's own word. */
        code: z.string().nullable(),
        before: z.unknown(),
        after: z.unknown(),
      }),
    ),
  })
  .openapi('ConfigurationComparison')
export type ConfigurationComparison = {
  readonly from: string
  readonly to: string
  readonly differences: readonly ConfigurationDifference[]
}

export const StartedConfiguration = z
  .object({
    configuration: Configuration,
    /** Whether a schedule begins its runs from now on. */
    isScheduled: z.boolean(),
    run: RunDocument.nullable(),
    /** Why no run began. */
    reason: z.string().nullable(),
  })
  .openapi('StartedConfiguration')
export type StartedConfiguration = z.infer<typeof StartedConfiguration>

export const ResetConfiguration = z
  .strictObject({
    /** The slug of the district, so that nobody resets another one's. */
    district: z.string().max(100),
  })
  .openapi('ResetConfiguration')
