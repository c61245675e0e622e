/**
 * What the bytes of a cell are made of: the reader sets a bit for every kind of byte it meets, so that a rule can
 * pass over a clean cell without looking at it again. The bits are a promise in one direction only: a bit that is
 * not set means that no such byte is in the cell.
 */
export const CellMark = {
  /** A byte of a multi-byte character (0x80 and above). */
  nonAscii: 1,
  /** A control character, NUL and DEL included, line ends not. */
  control: 2,
  /** CR or LF inside the (quoted) cell. */
  lineBreak: 4,
  /** A space or a tab anywhere in the cell. */
  blank: 8,
  /** A comma inside the (quoted) cell: the cell may be a list. */
  comma: 16,
  /** A doubled quote: the bytes are not yet the value; read it with `text`. */
  escapedQuote: 32,
  /** An ASCII character, other than blank and comma, that no guid may hold. */
  notGuid: 64,
  /** A character that is not a digit. */
  notDigit: 128,
  /** An ASCII capital letter. */
  upperCase: 256,
  /** A slash or an at sign: legal in a guid, refused by some receivers (F-25, F-26). */
  slashOrAt: 512,
} as const

/**
 * One data row as the reader sees it: bytes and offsets, no strings, because most cells of most rows need no second
 * look. Valid only until the callback that received it returns; the reader uses the same object for the next row.
 */
export interface RowView {
  /** The block the row lies in; a cell is `bytes[starts[i] .. ends[i])`, without its surrounding quotes. */
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** `CellMark` bits of each cell. */
  readonly marks: Uint16Array
  /** How many cells the row has. */
  readonly width: number
  /** Physical line on which the row begins, the header being line 1. */
  readonly line: number
  /** What was found out about the row before it was handed on; absent where nothing looks ahead. */
  readonly ahead?: ScannedAhead
  /** The cell's value as text, quotes resolved, nothing trimmed. Allocates: only for cells that need it. */
  text(cell: number): string
}

/** What a scan ahead of the checks found out about a row (connectors/oneroster-csv/scan). Reused from row to row. */
export type ScannedAhead = {
  /** True: every cell is clean (`isCleanCell`). False says nothing. */
  isClean: boolean
  /** True: no value of the row changes when it is normalized (domain/normalize-text.ts). False says nothing. */
  isNormal: boolean
  /** Whether `content`, the hash over all its values (`RowHash`), was taken. */
  hasContent: boolean
  content: number
  /** Whether the digest of the row was begun. */
  hasDigest: boolean
  /** Both halves of the digest over the cells that the taker of the rows asked for, not finished (`Hash64`). */
  digestHi: number
  digestLo: number
}
