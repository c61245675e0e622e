import type { Column } from '../../../kit/one-roster/format/column.ts'
import { grades } from '../../../kit/one-roster/format/vocabularies.ts'
import type { CellPlace } from '../cell-rule.ts'
import { CellMark } from '../../../kit/csv/row-view.ts'
import { isEmailColumn, isPhoneColumn } from '../value/contacts.ts'
import { maxGuidLength, maxPortableIdLength } from '../value/guids.ts'
import { isNameColumn } from '../value/names.ts'
import * as tests from './byte-tests.ts'
import { WordSet } from './word-set.ts'

const Kind = {
  unchecked: 0,
  text: 1,
  id: 2,
  guid: 3,
  guidList: 4,
  date: 5,
  instant: 6,
  year: 7,
  word: 8,
  wordList: 9,
  integer: 10,
  float: 11,
  pairList: 12,
  phone: 13,
  email: 14,
  textList: 15,
  name: 16,
  never: 17,
} as const
type Kind = (typeof Kind)[keyof typeof Kind]

/** What makes a filled cell of one column certainly clean. */
export type CleanTest = {
  readonly kind: Kind
  /** Marks of which one is enough to look closer. */
  readonly suspectMarks: number
  readonly words: WordSet
}

const broken = CellMark.control | CellMark.lineBreak
const notInToken = broken | CellMark.nonAscii | CellMark.blank | CellMark.escapedQuote
const notInGuid = notInToken | CellMark.notGuid

function kindOf(place: CellPlace, column: Column): Kind {
  if (place.columnName === 'password') return Kind.unchecked
  if (place.mode === 'bulk' && (place.columnName === 'status' || column.type === 'dateTime')) return Kind.never
  if (isPhoneColumn(place)) return Kind.phone
  if (isEmailColumn(place)) return Kind.email
  switch (column.type) {
    case 'guid':
      if (place.columnName === 'sourcedId') return Kind.id
      return column.isList ? Kind.guidList : Kind.guid
    case 'date':
      return Kind.date
    case 'dateTime':
      return Kind.instant
    case 'year':
      return Kind.year
    case 'bool':
      return Kind.word
    case 'enum':
      return column.isList ? Kind.wordList : Kind.word
    case 'grade':
      return Kind.wordList
    case 'integer':
      return Kind.integer
    case 'float':
      return Kind.float
    case 'pair':
      return Kind.pairList
    case 'string':
      if (isNameColumn(place)) return Kind.name
      return column.isList ? Kind.textList : Kind.text
  }
}

function suspectMarksOf(kind: Kind): number {
  switch (kind) {
    case Kind.unchecked:
      return CellMark.lineBreak
    case Kind.id:
      return notInGuid | CellMark.comma | CellMark.slashOrAt
    case Kind.guid:
      return notInGuid | CellMark.comma
    case Kind.guidList:
      return notInGuid
    case Kind.pairList:
      return notInToken
    case Kind.email:
      return notInToken
    default:
      return broken
  }
}

function wordsOf(column: Column): readonly string[] {
  if (column.type === 'bool') return ['true', 'false']
  return column.type === 'grade' ? grades : (column.values ?? [])
}

const noWords = new WordSet([])

/** The test for the column at a place; metadata columns are free text. */
export function buildCleanTest(place: CellPlace): CleanTest {
  const { column } = place
  if (column === undefined) return { kind: Kind.text, suspectMarks: broken, words: noWords }
  const kind = kindOf(place, column)
  return {
    kind,
    suspectMarks: suspectMarksOf(kind),
    words: new WordSet(wordsOf(column)),
  }
}

/** A column whose values nobody reads: unknown to the format, or a password. A line break is still one (C-05). */
export const uncheckedCell: CleanTest = { kind: Kind.unchecked, suspectMarks: CellMark.lineBreak, words: noWords }

/**
 * True when no rule can find anything in the cell `bytes[start, end)`, which is not empty; false means "look
 * closer". What keeps a million rows within seconds: nearly every cell ends here, without having become text. Tests
 * prove that every cell passed over here is passed by every rule.
 */
export function isCleanCell(test: CleanTest, bytes: Uint8Array, start: number, end: number, marks: number): boolean {
  if ((marks & test.suspectMarks) !== 0) return false
  switch (test.kind) {
    case Kind.unchecked:
      return true
    case Kind.text:
      return isCleanText(bytes, start, end, marks)
    case Kind.name:
      return isCleanText(bytes, start, end, marks) && !holdsRefusedCharacter(bytes, start, end, marks)
    case Kind.id:
      return end - start <= maxPortableIdLength
    case Kind.guid:
      return end - start <= maxGuidLength
    case Kind.guidList:
      if ((marks & CellMark.comma) === 0) return end - start <= maxGuidLength
      return tests.hasOnlyFullItems(bytes, start, end, maxGuidLength)
    case Kind.date:
      return tests.isDate(bytes, start, end)
    case Kind.instant:
      return tests.isExactInstant(bytes, start, end)
    case Kind.year:
      return end - start === 4 && (marks & CellMark.notDigit) === 0
    case Kind.word:
      return test.words.has(bytes, start, end)
    case Kind.wordList:
      return test.words.hasAll(bytes, start, end)
    case Kind.integer:
      return tests.isPlainNumber(bytes, start, end, false)
    case Kind.float:
      return tests.isPlainNumber(bytes, start, end, true)
    case Kind.pairList:
      return tests.isPairList(bytes, start, end)
    case Kind.phone:
      return tests.isE164(bytes, start, end)
    case Kind.email:
      return isCleanText(bytes, start, end, marks) && tests.isEmail(bytes, start, end)
    case Kind.textList:
      return isCleanText(bytes, start, end, marks) && tests.isTidyTextList(bytes, start, end)
    case Kind.never:
      return false
  }
}

function isBlankByte(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09
}

/** Text without blanks at its ends, without odd characters, and without the looks of a spreadsheet (F-20, F-21). */
function isCleanText(bytes: Uint8Array, start: number, end: number, marks: number): boolean {
  if ((marks & CellMark.blank) !== 0 && (isBlankByte(bytes[start]) || isBlankByte(bytes[end - 1]))) return false
  if ((marks & CellMark.nonAscii) !== 0 && tests.mayHoldOddCharacter(bytes, start, end)) return false
  switch (bytes[start]) {
    case 0x3d: // =
    case 0x2b: // +
    case 0x2d: // -
    case 0x40: // @
    case 0x23: // #, as in #N/A
      return false
    default:
      // 1.23E+12 needs a capital and a plus, which no guid may hold.
      return (marks & CellMark.upperCase) === 0 || (marks & CellMark.notGuid) === 0 || isLetter(bytes[start])
  }
}

/** What F-25 looks for: `/`, or one of `\\ < >`. */
function holdsRefusedCharacter(bytes: Uint8Array, start: number, end: number, marks: number): boolean {
  if ((marks & (CellMark.slashOrAt | CellMark.notGuid)) === 0) return false
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === 0x2f || byte === 0x5c || byte === 0x3c || byte === 0x3e) return true
  }
  return false
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41
}
