import assert from 'node:assert/strict'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { toCsv } from '../../../api/answers/csv-stream.ts'

const formulas = ['=1+1', '+1 555 0142', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '=HYPERLINK("x","y")', '-', '+7']
/** What quoting, line ends, formulas and scripts could be confused by. */
const oddTexts = [
  ...['', ' ', ' a ', '"', '""', 'a"b', ',', ';', 'a,b', '\n', '\r', '\r\n', 'a\nb', 'a\rb', '\t', '\\', "'", '\uFEFF'],
  ...[
    '-5',
    '-0.75',
    '-5.',
    '-1e3',
    '1e21',
    'null',
    'true',
    '\0',
    '\u2028',
    '\uFF1D1',
    '🙂',
    '\uD83D',
    'Łukasz',
    'נועם',
  ],
  ...['$&', '#', 'a b', "O'Brien", ...formulas],
]
const oddValues = [null, undefined, 0, -0, -5, 3.5, 1e21, -1e-7, NaN, true, false, { a: '=1,"b"' }, [], [[]]]

describe('CSV for people', () => {
  it('has no cell that a spreadsheet carries out', async () => {
    for (const formula of formulas) {
      assert.match(await formatLine([formula], false), /^"?'/, formula)
      assert.match(await formatLine([[formula, 'x']], false), /^"?'/, formula)
      assert.doesNotMatch(await formatLine([formula], true), /^"?'/)
    }
    assert.equal(await formatLine(['=HYPERLINK("x","y")'], false), `"'=HYPERLINK(""x"",""y"")"\n`)
  })

  it('leaves numbers, and all that begins otherwise', async () => {
    const cells = [-5, '-5', '-0.75', 'a=b', '1-2', "O'Brien", 'Łukasz', null, '', ['x', '=1']]
    assert.equal(await formatLine(cells, false), "-5,-5,-0.75,a=b,1-2,O'Brien,Łukasz,,,x;=1\n")
  })
})

describe('CSV', () => {
  const text = fc.oneof(
    fc.constantFrom(...oddTexts),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc
      .array(fc.constantFrom('a', '"', ',', ';', '\n', '\r', '=', '-', '1', '.', ' '), { maxLength: 6 })
      .map((unit) => unit.join('')),
  )
  const value = fc.oneof(
    text,
    text,
    fc.constantFrom<unknown>(...oddValues),
    fc.double(),
    fc.array(text, { maxLength: 3 }),
  )
  const pages = fc.array(fc.array(fc.array(value, { maxLength: 6 }), { maxLength: 5 }), { maxLength: 3 })

  it('has every byte that the rules ask for, whatever is in a cell and however long a row is', async () => {
    await fc.assert(
      fc.asyncProperty(pages, fc.boolean(), async (given, isRaw) => {
        const header = ['name', 'a "quoted", name']
        const lines = given.flat().map((cells) => lineByTheRules(cells, isRaw))
        assert.equal(await format(header, given, isRaw), `name,"a ""quoted"", name"\n${lines.join('')}`)
      }),
      { numRuns: 2000 },
    )
  })

  it('reads back as it was', async () => {
    const rows = oddTexts.map((odd, index) => [String(index), odd.toWellFormed(), 'end'])
    const csv = await format(['a', 'b', 'c'], [rows.slice(0, 7), [], rows.slice(7)], true)
    assert.deepEqual(parse(csv, { record_delimiter: '\n', from: 2 }), rows)
  })

  it('comes a page at a time, and asks for the next only when it is wanted', async () => {
    let asked = 0
    async function* endless() {
      for (;;) yield await Promise.resolve([[String(++asked)], ['x']])
    }
    const pieces = toCsv(['a'], endless(), { isRaw: true })
    for (const expected of ['a\n', '1\nx\n', '2\nx\n']) assert.equal((await pieces.next()).value, expected)
    assert.equal(asked, 2)
  })
})

/** RFC 4180 with the fewest quotes, written down a second time: what scripts have read so far. */
function lineByTheRules(cells: readonly unknown[], isRaw: boolean): string {
  const plain = (value: unknown) =>
    value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const written = cells.map((value) => {
    const whole = Array.isArray(value) ? value.map(plain).join(';') : plain(value)
    const isFormula = typeof value !== 'number' && /^[=+\-@\t\r\n]/.test(whole) && !/^-\d+(?:\.\d+)?$/.test(whole)
    const text = isFormula && !isRaw ? `'${whole}` : whole
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${written.join(',')}\n`
}

async function format(header: string[], pages: readonly (readonly unknown[][])[], isRaw: boolean): Promise<string> {
  let csv = ''
  for await (const piece of toCsv(header, pagesOf(pages), { isRaw })) csv += piece
  return csv
}

async function* pagesOf(pages: readonly (readonly unknown[][])[]): AsyncGenerator<readonly unknown[][]> {
  for (const page of pages) yield await Promise.resolve(page)
}

async function formatLine(cells: readonly unknown[], isRaw: boolean): Promise<string> {
  const csv = await format([], [[[...cells]]], isRaw)
  return csv.slice(1)
}
