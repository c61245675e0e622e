import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'
import type { CsvFault } from '../../../kit/csv/csv-fault.ts'

/** A rule on what the reader met in the bytes of a file; asked for every fault, told once a file and fault. */
export type FaultRule = Rule<(fault: CsvFault) => Problem | undefined>

/** C-01 */
function bytesAreUtf8({ kind }: CsvFault): Problem | undefined {
  if (kind === 'readAsWindows1252') {
    return lesserProblem(
      'The file is not UTF-8 and is read as Windows-1252, as this source allows. Export it as UTF-8.',
    )
  }
  return kind === 'notUtf8' ? problem('The file is not UTF-8 from this line on. Export it as UTF-8.') : undefined
}

/** C-02 */
function noByteOrderMark({ kind }: CsvFault): Problem | undefined {
  return kind === 'byteOrderMark' ? problem('The file begins with a byte order mark; it is ignored.') : undefined
}

/** C-03 */
function isNotUtf16({ kind }: CsvFault): Problem | undefined {
  return kind === 'utf16' ? problem('The file is UTF-16 or holds NUL bytes. Export it as UTF-8.') : undefined
}

/** C-04 */
function quotesAreClosed({ kind }: CsvFault): Problem | undefined {
  switch (kind) {
    case 'unclosedQuote':
      return problem('A quote opened in this row is never closed; the file is not read further.')
    case 'textAfterQuote':
      return problem(
        'Text follows a closing quote; the file is not read further. Double each quote that is part of a value.',
      )
    case 'quoteInsideCell':
      return problem(
        'A quote stands inside an unquoted value; the file is not read further. Quote the value and double the quote.',
      )
    default:
      return undefined
  }
}

/** C-06 */
function noLoneCarriageReturn({ kind }: CsvFault): Problem | undefined {
  return kind === 'loneCarriageReturn'
    ? problem('A line ends with a carriage return alone. End lines with CRLF or LF.')
    : undefined
}

/** C-12 */
function sizesAreWithinLimits({ kind }: CsvFault): Problem | undefined {
  switch (kind) {
    case 'cellTooLong':
      return problem('A value in this row is longer than is accepted; the file is not read further.')
    case 'rowTooLong':
      return problem('This row is longer than is accepted; the file is not read further.')
    case 'tooManyCells':
      return problem('This row has more columns than are accepted; the file is not read further.')
    case 'tooManyRows':
      return problem('The file has more rows than are accepted; it is not read further.')
    default:
      return undefined
  }
}

const block = { strict: 'block', default: 'block' } as const

export const faultRules: readonly FaultRule[] = [
  {
    id: 'C-01',
    title: 'bytes are no valid UTF-8',
    severity: block,
    lesserSeverity: { strict: 'block', default: 'warning' },
    appliesTo: 'file',
    check: bytesAreUtf8,
  },
  {
    id: 'C-02',
    title: 'byte order mark at the beginning',
    severity: { strict: 'info', default: 'info' },
    appliesTo: 'file',
    check: noByteOrderMark,
  },
  { id: 'C-03', title: 'file is UTF-16', severity: block, appliesTo: 'file', check: isNotUtf16 },
  {
    id: 'C-04',
    title: 'quote is not closed or not doubled, or something stands between a closing quote and the comma',
    severity: block,
    appliesTo: 'file',
    check: quotesAreClosed,
  },
  { id: 'C-06', title: 'lone carriage return', severity: block, appliesTo: 'file', check: noLoneCarriageReturn },
  {
    id: 'C-12',
    title: 'cell, row or number of rows is over the limit',
    severity: block,
    appliesTo: 'file',
    check: sizesAreWithinLimits,
  },
]
