import { z } from 'zod'
import { FieldSource, MappingDocument } from './mapping-document.ts'

/** The steps of a configuration in which somebody decides something; the last one tests and starts it. */
export const configurationSteps = ['matchFields', 'defineCodes', 'syncSettings'] as const
export type ConfigurationStep = (typeof configurationSteps)[number]

const few = 1_000

/** A mapping under way: of a field with null somebody has still to say where it comes from. A field that is not named is not imported. */
export const DraftMapping = MappingDocument.extend({
  fields: z
    .record(z.string().max(200), FieldSource.nullable())
    .refine((fields) => Object.keys(fields).length <= few, 'too many fields'),
  academicYearTurnsOn: z.string().max(20).default('07-01'),
})
export type DraftMapping = z.infer<typeof DraftMapping>

/** Settings under way are looked at by lintConfiguration, and not before: they may be saved unfinished. */
export const DraftSettings = z.record(z.string().max(200), z.unknown())
export type DraftSettings = z.infer<typeof DraftSettings>

/** One change of a draft: which places of it became others, such as `matchFields email`. */
export type DraftChange = {
  readonly revision: number
  readonly by: string
  readonly at: string
  readonly places: readonly string[]
}
