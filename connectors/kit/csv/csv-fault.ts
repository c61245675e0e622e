/**
 * What can be wrong with the bytes of a file, told without a rule: the reader says what it met, the rules C-01 to
 * C-06 and C-12 say what that means.
 */
export type CsvFaultKind =
  | 'byteOrderMark'
  | 'utf16'
  | 'notUtf8'
  | 'readAsWindows1252'
  | 'unclosedQuote'
  | 'textAfterQuote'
  | 'quoteInsideCell'
  | 'loneCarriageReturn'
  | 'cellTooLong'
  | 'rowTooLong'
  | 'tooManyCells'
  | 'tooManyRows'

export type CsvFault = {
  readonly kind: CsvFaultKind
  /** Physical line it was met on. */
  readonly line: number
}
