import { describeType, type FieldDefinition } from '../data-types/define-data-type.ts'
import type { RuleEntry } from './rule.ts'

/** What a field's value may be found to be while it is read out of a record. The record goes on in any case. */
export type ValueProblem = 'unmappedCode' | 'wrongType' | 'impossibleAge' | 'tooLong' | 'notText' | 'noAddress'

export type ValueRule = {
  readonly id: string
  readonly title: string
  /** What it is where the key of the record is what is wrong; elsewhere it is a warning. */
  readonly ofKeys?: 'error'
  readonly describe: (field: { readonly definition: FieldDefinition; readonly longest: number }) => string
}

/** The rules on one value of a mapped field, whatever wire it came by: warnings. */
export const valueRules: Readonly<Record<ValueProblem, ValueRule>> = {
  wrongType: {
    id: 'I-04',
    title: 'A value does not fit the type of the field it is mapped to',
    describe: ({ definition }) =>
      `the value is no ${describeType(definition)}; it is left out. Correct it at the source or map another column.`,
  },
  unmappedCode: {
    id: 'I-05',
    title: 'A source code is mapped to no code of ours',
    describe: () =>
      'the code of the source is mapped to none of ours; the value is left out. Map it under "Define codes".',
  },
  impossibleAge: {
    id: 'I-07',
    title: 'A date of birth is one that nobody of the data type can have',
    describe: () =>
      'nobody of this data type was born on that day; it is left out, and ours stays. Correct it at the source.',
  },
  tooLong: {
    id: 'I-19',
    title: 'A value is longer than its field takes',
    ofKeys: 'error',
    describe: ({ longest }) =>
      `the value has more than ${longest} characters; it is left out. Shorten it at the source or map another column.`,
  },
  notText: {
    id: 'I-20',
    title: 'A value holds what is no character: U+0000 or half of a pair',
    describe: () =>
      'the value holds U+0000 or half of a character, as an earlier conversion leaves behind; it is kept without. Correct it at the source.',
  },
  noAddress: {
    id: 'I-21',
    title: 'A value is no e-mail address: there is no single @ with a domain after it',
    describe: () => 'the value is no e-mail address; it is kept as it is. Correct it at the source.',
  },
}

const warning = { strict: 'warning', default: 'warning' } as const

export const valueRuleEntries: readonly RuleEntry[] = Object.values(valueRules).map(({ id, title, ofKeys }) => ({
  ...{ id, title, appliesTo: 'run' },
  ...(ofKeys === undefined
    ? { severity: warning }
    : { severity: { strict: ofKeys, default: ofKeys }, lesserSeverity: warning }),
}))

/** Whether a text has one @ and a domain after it. */
export function isEmailAddress(text: string): boolean {
  return /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(text)
}
