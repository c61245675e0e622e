import { compileForms, formOfId } from '../../../domain/mapping/id-form.ts'
import type { RuleEntry } from '../../../domain/import-rules/rule.ts'
import { rulesOfTables } from '../rules.ts'

export type IdDamage = { readonly rule: RuleEntry; readonly message: string }

/** The forms of all ids that we hold: an id of such a form is not damaged, whatever it looks like. */
export type HeldIds = {
  readonly heldForms: ReadonlySet<string> | undefined
  readonly isOfHeldForm: (id: string) => boolean
}

/** `heldForms` as `ExtractRequest.match` has them. */
export function describeHeldIds(heldForms: ReadonlySet<string> | undefined): HeldIds {
  return { heldForms, isOfHeldForm: compileForms(heldForms ?? new Set()) }
}

type Shape = IdDamage & { readonly pattern: RegExp }

const asText = 'Format the column as text before anything is typed or pasted into it, and export again'

const blanks: Shape = {
  pattern: /[\s\u0085\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/,
  rule: rulesOfTables.blanksInId,
  message:
    'the id has blanks, no-break spaces or characters that nobody sees; the row is set aside. Remove them (TRIM, CLEAN) and import again.',
}

/** What a spreadsheet makes of ids, each with what undoes it. */
const shapes: readonly Shape[] = [
  {
    pattern: /^[+-]?\d([.,]\d*)?E\+?\d{1,3}$/i,
    rule: rulesOfTables.exponentId,
    message: `the id is written as a power of ten, and its last digits are lost; the row is set aside. ${asText} from the system that has the ids.`,
  },
  {
    pattern:
      /^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,4}[-/. ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*([-/. ]\d{1,4})?|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/. ]\d{1,4})$/i,
    rule: rulesOfTables.dateId,
    message: `the id looks like a date that a spreadsheet made of it; the row is set aside. ${asText}.`,
  },
  {
    pattern: /^\d+[.,]0+$/,
    rule: rulesOfTables.decimalId,
    message: `the id ends in a decimal that is zero: it was kept as a number; the row is set aside. ${asText}.`,
  },
  {
    pattern: /^\d{1,3}([.,'’ \u00a0\u202f]\d{3})+$/,
    rule: rulesOfTables.groupedId,
    message: `the id has separators of thousands: it was kept as a number; the row is set aside. ${asText}.`,
  },
]

const noId: IdDamage = {
  rule: rulesOfTables.noId,
  message: 'the row has no id, and nobody knows whom it is about; it is set aside. Fill the id or remove the row.',
}

/**
 * What has befallen an id on its way through a spreadsheet, as it stands in the cell; undefined for one that may be what it
 * should be.
 */
export function findDamage(id: string, { heldForms, isOfHeldForm }: HeldIds): IdDamage | undefined {
  if (id.trim() === '') return noId
  if (isOfHeldForm(id)) return undefined
  const grouped = shapes.find(({ pattern }) => pattern.test(id))
  if (grouped !== undefined) return grouped
  if (blanks.pattern.test(id)) return blanks
  return heldForms === undefined ? undefined : findLostZeros(formOfId(id), heldForms)
}

function findLostZeros(form: string, heldForms: ReadonlySet<string>): IdDamage | undefined {
  if (!/^9+$/.test(form)) return undefined
  const longer = [...heldForms].filter((held) => /^9+$/.test(held) && held.length > form.length)
  if (longer.length === 0) return undefined
  const lengths = [...new Set(longer.map(({ length }) => length))].sort((a, b) => a - b)
  const zeros = '0'.repeat(lengths[0] ?? 1)
  return {
    rule: rulesOfTables.shortId,
    message: `the id has ${form.length} digits, and those that we hold have ${lengths.join(' or ')}: a spreadsheet has taken zeros from its beginning; the row is set aside. Format the column as text and export again, or write the ids with the format ${zeros}.`,
  }
}

/** What a formula gives that failed: `#N/A`, and `####` of a column that was too narrow. */
export function isErrorValue(value: string): boolean {
  return /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|#+)$/i.test(value.trim())
}
