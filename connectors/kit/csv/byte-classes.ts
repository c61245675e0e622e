import { CellMark } from './row-view.ts'

export const comma = 0x2c
export const quote = 0x22
export const lineFeed = 0x0a
export const carriageReturn = 0x0d

/** Set in the class of a byte at which the scan of a cell must stop and look; above every `CellMark`. */
export const stopBit = 0x8000

function isGuidByte(byte: number): boolean {
  return /[0-9A-Za-z.\-_/@]/.test(String.fromCharCode(byte))
}

function marksOf(byte: number): number {
  if (byte >= 0x80) return CellMark.nonAscii | CellMark.notDigit
  if (byte === 0x20) return CellMark.blank | CellMark.notDigit
  if (byte === 0x09) return CellMark.blank | CellMark.control | CellMark.notDigit
  if (byte === comma) return CellMark.comma | CellMark.notDigit
  if (byte === lineFeed || byte === carriageReturn) return CellMark.lineBreak | CellMark.notDigit
  if (byte < 0x20 || byte === 0x7f) return CellMark.control | CellMark.notGuid | CellMark.notDigit
  if (byte >= 0x30 && byte <= 0x39) return 0
  let marks: number = CellMark.notDigit
  if (!isGuidByte(byte)) marks |= CellMark.notGuid
  if (byte >= 0x41 && byte <= 0x5a) marks |= CellMark.upperCase
  if (byte === 0x2f || byte === 0x40) marks |= CellMark.slashOrAt
  return marks
}

function buildClasses(stops: readonly number[]): Uint16Array {
  const classes = Uint16Array.from({ length: 256 }, (_, byte) => marksOf(byte))
  for (const byte of stops) classes[byte] = marksOf(byte) | stopBit
  return classes
}

/** Class of each byte in a cell that does not begin with a quote. */
export const plainClasses = buildClasses([comma, quote, lineFeed, carriageReturn])

/** Class of each byte between quotes; line ends stop the scan because lines are counted. */
export const quotedClasses = buildClasses([quote, lineFeed, carriageReturn])
