import type { CellRule, CheckedCell } from '../cell-rule.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'

/** C-05 */
function noLineBreakInside({ raw }: CheckedCell): Problem | undefined {
  return /[\r\n]/.test(raw)
    ? problem('The value holds a line break, which the format forbids; a space takes its place.')
    : undefined
}

/** C-10 */
function noControlCharacters({ value, raw }: CheckedCell): Problem | undefined {
  // U+FFFD is what a wrong decoding leaves behind; a line break has become a space by now (C-05), and U+0000 is gone.
  return raw.includes('\0') || /[\u0000-\u001f\u007f-\u009f\ufffd]/.test(value)
    ? problem(
        'The value holds a control character or a character lost in an earlier conversion. Correct it at the source.',
      )
    : undefined
}

/** White space of Unicode but line breaks (C-05), and the zero-width space. */
const blankAtAnEnd = /^(?:[^\S\r\n]|[\u0085\u200b])|(?:[^\S\r\n]|[\u0085\u200b])$/

/** C-11 */
function noBlanksAtTheEnds({ raw }: CheckedCell): Problem | undefined {
  return blankAtAnEnd.test(raw) ? problem('The value begins or ends with a blank; it is trimmed.') : undefined
}

export const csvCellRules: readonly CellRule[] = [
  {
    id: 'C-05',
    title: 'line break inside a field',
    severity: { strict: 'block', default: 'warning' },
    appliesTo: 'cell',
    concerns: () => true,
    check: noLineBreakInside,
  },
  {
    id: 'C-10',
    title: 'control character, NUL or U+FFFD in a value',
    severity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ columnName }) => columnName !== 'password',
    check: noControlCharacters,
  },
  {
    id: 'C-11',
    title: 'value begins or ends with a blank, or is of blanks alone',
    severity: { strict: 'error', default: 'warning' },
    appliesTo: 'cell',
    concerns: ({ columnName }) => columnName !== 'password',
    check: noBlanksAtTheEnds,
  },
]
