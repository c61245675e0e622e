import { codeSets, isCodeOf } from '../code-sets/registry.ts'
import type { DataType } from '../data-types/define-data-type.ts'
import { ImportSettings } from '../plan/import-settings.ts'
import { listMappingMistakes, type MappedCollection } from './compile-mapping.ts'
import type { ConfigurationStep, DraftMapping, DraftSettings } from './configuration-draft.ts'
import { MappingDocument, type FieldSource } from './mapping-document.ts'
import { listMappedColumns } from './source-columns.ts'

/** `error`: it cannot be started so. `warning`: it can, and may not be meant. */
export type LintFinding = {
  readonly step: ConfigurationStep
  /** The field or setting; null where it is of the step as a whole. */
  readonly field: string | null
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** A collection of the source with the columns that it is known to have; it may have others, `metadata.*` among them. */
export type LintCollection = MappedCollection & { readonly columns: readonly string[] }

export type LintedConfiguration = {
  readonly dataType: DataType
  readonly collections: readonly LintCollection[]
  readonly mapping: DraftMapping
  readonly settings: DraftSettings
  /** Ids of the orgs there are; undefined where nobody knows, as in a file on its own. */
  readonly orgIds?: readonly string[] | undefined
}

/** What is missing or contradictory, step by step. Without an error `compileMapping` takes the mapping, and a run the settings. */
export function lintConfiguration(configuration: LintedConfiguration): readonly LintFinding[] {
  return [...lintFields(configuration), ...lintCodes(configuration), ...lintSettings(configuration)]
}

function lintFields({ dataType, collections, mapping }: LintedConfiguration): readonly LintFinding[] {
  const findings: LintFinding[] = []
  const tell = (field: string | null, severity: LintFinding['severity'], message: string) =>
    findings.push({ step: 'matchFields', field, severity, message })
  for (const [name, source] of Object.entries(mapping.fields)) {
    if (source === null)
      tell(name, 'error', 'Nobody has said where it comes from: choose a column, or do not import it.')
  }
  const decided = withoutOpenFields(mapping)
  const open = new Set(Object.keys(mapping.fields).filter((name) => mapping.fields[name] === null))
  for (const { field, message } of listMappingMistakes(dataType, decided, collections)) {
    if (field === null || !open.has(field)) tell(field, 'error', message)
  }
  for (const name of Object.keys(decided.customFields)) {
    if (dataType.fields[name] !== undefined)
      tell(name, 'error', `${dataType.name} has a field of this name; call the custom field otherwise.`)
    else if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name))
      tell(name, 'error', 'A custom field is called by letters, digits and _, a letter first, 63 of them at most.')
  }
  for (const { field, collection, column } of listMappedColumns(decided)) {
    const known = collections.find(({ name }) => name === collection)
    if (known === undefined || known.columns.includes(column) || column.startsWith('metadata.')) continue
    const message = `${collection} is not known to have a column ${column}; without it in the input nothing is imported.`
    tell(field, 'warning', message)
  }
  if (!MappingDocument.shape.academicYearTurnsOn.safeParse(mapping.academicYearTurnsOn).success)
    tell('academicYearTurnsOn', 'error', 'Write the day on which the academic year turns over as MM-DD, such as 07-01.')
  return findings
}

function lintCodes({ dataType, mapping }: LintedConfiguration): readonly LintFinding[] {
  const findings: LintFinding[] = []
  for (const [name, codes] of Object.entries(mapping.codes)) {
    const tell = (severity: LintFinding['severity'], message: string) =>
      findings.push({ step: 'defineCodes', field: name, severity, message })
    const field = dataType.fields[name]
    if (field === undefined) {
      tell('error', `${name} is not a field of ${dataType.name}; remove its codes.`)
      continue
    }
    const source = mapping.fields[name]
    if (source === undefined) tell('warning', 'It is not imported, and its codes say nothing.')
    else if (source !== null && !readsCodes(source))
      tell('warning', 'Its values are made by us, and its codes say nothing.')
    const codeSet =
      source !== null && source !== undefined && 'classYearFromGrade' in source ? 'gradeLevel' : field.codeSet
    const unknown = Object.entries(codes).filter(([, ours]) => ours !== '' && !isCodeOf(codeSet, ours))
    for (const [theirs, ours] of unknown) {
      const known = codeSet === undefined ? '' : codeSets[codeSet].values.join(', ')
      tell(
        'error',
        `"${theirs}" is mapped to "${ours}", which is none of: ${known}. Map it to one of these, or to nothing.`,
      )
    }
    if (Object.keys(codes).length === 0)
      tell(
        'warning',
        'No code is mapped to one of ours, so that every value of it is left out. Map one, or take the list away.',
      )
  }
  return findings
}

function lintSettings({ settings, orgIds }: LintedConfiguration): readonly LintFinding[] {
  const parsed = ImportSettings.safeParse(settings)
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({
      step: 'syncSettings' as const,
      field: path.length === 0 ? null : path.map(String).join('.'),
      severity: 'error' as const,
      message,
    }))
  }
  const { schools } = parsed.data
  if (schools === 'all') return []
  const tell = (message: string): LintFinding => ({
    step: 'syncSettings',
    field: 'schools',
    severity: 'error',
    message,
  })
  if (schools.length === 0) return [tell('No school is chosen, so that nothing is imported: choose some, or all.')]
  const unknown = orgIds === undefined ? [] : schools.filter((id) => !orgIds.includes(id))
  return unknown.map((id) => tell(`The district has no org ${id}.`))
}

/** The mapping as far as it is decided. */
export function withoutOpenFields(mapping: DraftMapping): MappingDocument {
  const decided = Object.entries(mapping.fields).filter((entry): entry is [string, FieldSource] => entry[1] !== null)
  return { ...mapping, fields: Object.fromEntries(decided) }
}

function readsCodes(source: FieldSource): boolean {
  return !('constant' in source) && !('collect' in source)
}
