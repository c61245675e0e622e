import { makeZip } from '../../fixtures/zip-maker.ts'

/** A file as somebody's spreadsheet has made it, and what is to be told of it. */
export type Spreadsheet = {
  readonly name: string
  readonly content: Buffer
  /** `T-12 error line 3`, in the order in which they are told. */
  readonly told: readonly string[]
  /** The rows that are imported; none where the file is refused. */
  readonly taken: readonly string[]
}

const lines = (...rows: readonly string[]) => Buffer.from(rows.join('\r\n'))
const good = ['10001 A1', '10002 B2']

function utf16(text: string, isLittle: boolean, hasMark = true): Buffer {
  const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${text}`, 'utf16le')
  return isLittle ? bytes : bytes.swap16()
}

const plain = 'Student ID,Homeroom\r\n10001,A1\r\n10002,B2\r\n'

/** Forms that are read as they were meant. */
const forms: readonly Spreadsheet[] = [
  { name: 'commas', content: Buffer.from(plain), told: [], taken: good },
  {
    name: 'semicolons, as Excel saves where the comma is decimal',
    content: Buffer.from(plain.replaceAll(',', ';')),
    told: [],
    taken: good,
  },
  { name: 'tabs', content: Buffer.from(plain.replaceAll(',', '\t')), told: [], taken: good },
  {
    name: 'a separator that is told in the first line',
    content: Buffer.from(`sep=;\r\n${plain.replaceAll(',', ';')}`),
    told: ['T-04 info line 2'],
    taken: good,
  },
  { name: 'a byte order mark', content: Buffer.from(`\ufeff${plain}`), told: ['T-02 info line 1'], taken: good },
  { name: 'UTF-16, little endian', content: utf16(plain, true), told: ['T-02 info line 1'], taken: good },
  { name: 'UTF-16, big endian', content: utf16(plain, false), told: ['T-02 info line 1'], taken: good },
  { name: 'UTF-16 without a mark', content: utf16(plain, true, false), told: ['T-02 info line 1'], taken: good },
  {
    name: 'Windows-1252',
    content: Buffer.from('Student ID,Homeroom\n10001,Caf\xe9 \x80\n', 'latin1'),
    told: ['T-02 info line 1'],
    taken: ['10001 Café €'],
  },
  {
    name: 'line breaks in quotes',
    content: lines('Student ID,Homeroom', '10001,"A\r\n1"', '10002,"B, ""2"""'),
    told: [],
    taken: ['10001 A 1', '10002 B, "2"'],
  },
  {
    name: 'a title, a date and a blank line above the header',
    content: lines(
      'Homerooms of Lincoln County',
      'As of,2026-11-22',
      '',
      'Student ID,Homeroom',
      '10001,A1',
      '10002,B2',
    ),
    told: ['T-04 info line 4'],
    taken: good,
  },
  {
    name: 'columns in another order and capitals, more of them, and blank ones at the end of rows',
    content: lines('Name,HOMEROOM, student  id ', 'Ada,A1,10001', 'Ben,B2,10002,,', ',,', ''),
    told: [],
    taken: good,
  },
  {
    name: 'line ends of an old Macintosh',
    content: Buffer.from(plain.replaceAll('\r\n', '\r')),
    told: [],
    taken: good,
  },
]

/** Ids that are set aside, each beside one that is not. */
const ids: readonly Spreadsheet[] = (
  [
    ['zeros at the beginning that are lost', '417', 'T-17'],
    ['a power of ten', '1.23E+10', 'T-12'],
    ['a power of ten with a decimal comma', '"1,23E+10"', 'T-12'],
    ['a date', '2024-03-05', 'T-13'],
    ['a date with slashes', '3/5/2024', 'T-13'],
    ['a date by the name of its month', '5-Mar', 'T-13'],
    ['a decimal that is zero', '10417.0', 'T-14'],
    ['separators of thousands', '"10,417"', 'T-15'],
    ['separators of thousands that are no-break spaces', '10\u00a0417', 'T-15'],
    ['a blank at the end', '10417 ', 'T-16'],
    ['a no-break space', '\u00a010417', 'T-16'],
    ['a character that nobody sees', '10417\u200b', 'T-16'],
    ['nothing', '', 'T-11'],
    ['blanks alone', '  ', 'T-11'],
  ] as const
).map(([name, id, rule]) => ({
  name: `an id that is ${name}`,
  content: lines('Student ID,Homeroom', '10001,A1', `${id},X`, '10002,B2'),
  told: [`${rule} error line 3`],
  taken: good,
}))

const rows: readonly Spreadsheet[] = [
  {
    name: 'an id twice, with different values',
    content: lines('Student ID,Homeroom', '10001,A1', '10002,B2', '10003,X', '10003,Y'),
    told: ['T-18 error line 5'],
    // What came first is taken back by the key (`contestedKeys`).
    taken: [...good, '10003 X'],
  },
  {
    name: 'an id twice, with the same value',
    content: lines('Student ID,Homeroom', '10001,A1', '10001,A1', '10002,B2'),
    told: ['T-18 warning line 3'],
    taken: good,
  },
  {
    name: 'the error of a formula',
    content: lines('Student ID,Homeroom', '10001,A1', '10003,#N/A', '10002,B2'),
    told: ['T-19 error line 3'],
    taken: good,
  },
]

/** Files that are refused. */
const refused: readonly Omit<Spreadsheet, 'taken'>[] = [
  { name: 'no byte at all', content: Buffer.alloc(0), told: ['T-01 block'] },
  {
    name: 'an xlsx renamed to csv',
    content: makeZip([{ name: 'xl/workbook.xml', data: '<x/>' }]),
    told: ['T-01 block'],
  },
  { name: 'an xls renamed to csv', content: Buffer.from('d0cf11e0a1b11ae1', 'hex'), told: ['T-01 block'] },
  { name: 'bytes that are no text', content: Buffer.from([65, 0, 1, 2, 0, 0, 9, 66, 67]), told: ['T-01 block'] },
  {
    name: 'text of a Macintosh',
    content: Buffer.from('Student ID,Homeroom\n10001,Ren\x8f\n', 'latin1'),
    told: ['T-03 block'],
  },
  {
    name: 'UTF-16 that was cut in the middle of a character',
    content: utf16(plain, true).subarray(0, -1),
    told: ['T-03 block'],
  },
  { name: 'a header without the column', content: lines('Student ID,Room', '10001,A1'), told: ['T-05 block line 1'] },
  { name: 'no header', content: lines('10001,A1', '10002,B2'), told: ['T-05 block'] },
  {
    name: 'a header with the column twice',
    content: lines('Student ID,Homeroom,homeroom', '10001,A1,B1'),
    told: ['T-06 block line 1'],
  },
  {
    name: 'a quote that is never closed',
    content: lines('Student ID,Homeroom', '10001,A1', '10002,"B2', '10003,C3'),
    told: ['T-07 block line 3'],
  },
  {
    name: 'a quote in the middle of a value',
    content: lines('Student ID,Homeroom', '10001,5" rule'),
    told: ['T-07 block line 2'],
  },
  {
    name: 'text behind a closing quote',
    content: lines('Student ID,Homeroom', '10001,"A"1'),
    told: ['T-07 block line 2'],
  },
  {
    name: 'a row with a cell more',
    content: lines('Student ID,Homeroom', '10001,"A\n1"', '10002,B,2'),
    told: ['T-08 block line 4'],
  },
  { name: 'a row with a cell less', content: lines('Student ID,Homeroom', '10001'), told: ['T-08 block line 2'] },
  { name: 'a header and no row', content: lines('Student ID,Homeroom', '', ','), told: ['T-09 block line 1'] },
]

export const spreadsheets: readonly Spreadsheet[] = [
  ...forms,
  ...ids,
  ...rows,
  ...refused.map((one) => ({ ...one, taken: [] })),
]
