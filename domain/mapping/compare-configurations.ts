import type { ConfigurationStep, DraftMapping, DraftSettings } from './configuration-draft.ts'

/** Two versions, a draft and a version: anything with the two halves of a configuration. */
export type ComparedConfiguration = {
  readonly mapping: DraftMapping
  readonly settings: DraftSettings
}

/** One place that differs; null where the side has nothing there. */
export type ConfigurationDifference = {
  readonly step: ConfigurationStep
  /** The field of the data type, the custom field, or the setting; of codes the field. */
  readonly field: string
  /** Of codes: the source's own word. */
  readonly code: string | null
  readonly before: unknown
  readonly after: unknown
}

/** Field by field, code by code, setting by setting; fields first, each by name. */
export function compareConfigurations(
  before: ComparedConfiguration,
  after: ComparedConfiguration,
): readonly ConfigurationDifference[] {
  const differences: ConfigurationDifference[] = []
  const compare = (
    step: ConfigurationStep,
    [old, young]: readonly [Entries, Entries],
    toPlace: (name: string) => { readonly field: string; readonly code: string | null },
  ) => {
    for (const name of [...new Set([...Object.keys(old), ...Object.keys(young)])].sort()) {
      const [was, is] = [old[name] ?? null, young[name] ?? null]
      if (canonical(was) !== canonical(is)) differences.push({ step, ...toPlace(name), before: was, after: is })
    }
  }
  const field = (name: string) => ({ field: name, code: null })
  const [old, young] = [before.mapping, after.mapping]
  compare('matchFields', [old.fields, young.fields], field)
  compare('matchFields', [old.customFields, young.customFields], field)
  const turnsOn = ({ academicYearTurnsOn }: DraftMapping) => ({ academicYearTurnsOn })
  compare('matchFields', [turnsOn(old), turnsOn(young)], field)
  for (const name of [...new Set([...Object.keys(old.codes), ...Object.keys(young.codes)])].sort()) {
    compare('defineCodes', [old.codes[name] ?? {}, young.codes[name] ?? {}], (code) => ({ field: name, code }))
  }
  compare('syncSettings', [before.settings, after.settings], field)
  return differences
}

/** `matchFields email`, `defineCodes gradeLevel "Grade 5"`: a place in a few words. */
export function describePlace({ step, field, code }: ConfigurationDifference): string {
  return code === null ? `${step} ${field}` : `${step} ${field} "${code}"`
}

type Entries = Readonly<Record<string, unknown>>

/** Databases reorder keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
