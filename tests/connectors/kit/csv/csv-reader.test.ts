import assert from 'node:assert/strict'
import { CsvReader, defaultCsvLimits } from '../../../../connectors/kit/csv/csv-reader.ts'
import type { CsvLimits } from '../../../../connectors/kit/csv/csv-reader.ts'
import type { CsvFault } from '../../../../connectors/kit/csv/csv-fault.ts'
import { CellMark } from '../../../../connectors/kit/csv/row-view.ts'
import type { RowView } from '../../../../connectors/kit/csv/row-view.ts'

type Reading = { rows: string[][]; lines: number[]; marks: number[][]; faults: CsvFault[] }

function read(input: string | Buffer, blockBytes = Number.MAX_SAFE_INTEGER, limits?: Partial<CsvLimits>): Reading {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input
  const reading: Reading = { rows: [], lines: [], marks: [], faults: [] }
  const sink = {
    row(row: RowView) {
      const cells = Array.from({ length: row.width }, (_, cell) => cell)
      reading.rows.push(cells.map((cell) => row.text(cell)))
      reading.lines.push(row.line)
      reading.marks.push([...row.marks.subarray(0, row.width)])
    },
    fault(fault: CsvFault) {
      reading.faults.push(fault)
    },
  }
  const reader = new CsvReader(sink, { ...defaultCsvLimits, ...limits })
  for (let at = 0; at < bytes.length; at += blockBytes) reader.push(bytes.subarray(at, at + blockBytes))
  reader.end()
  return reading
}

describe('the CSV reader', () => {
  it('reads bare and quoted cells, doubled quotes and a last line without its end', () => {
    const { rows, faults } = read('a,b,c\r\n1,"x,""y""",\r\n"","é",3')
    assert.deepEqual(rows, [
      ['a', 'b', 'c'],
      ['1', 'x,"y"', ''],
      ['', 'é', '3'],
    ])
    assert.deepEqual(faults, [])
  })

  it('gives the same rows wherever the blocks are cut', () => {
    const input = '\ufeffid,näme\r\n"1","a ""b"""\r\n2,"line\r\nbreak"\n\n3,€\r\n'
    const whole = read(input)
    for (let size = 1; size < 40; size++) assert.deepEqual(read(input, size), whole)
    assert.deepEqual(whole.lines, [1, 2, 3, 5, 6])
    assert.deepEqual(whole.faults, [{ kind: 'byteOrderMark', line: 1 }])
  })

  it('adds an empty cell after a comma at the end of the file', () => {
    assert.deepEqual(read('a,b\n1,').rows, [
      ['a', 'b'],
      ['1', ''],
    ])
  })

  it('gives nothing for an empty file and for one that holds only a byte order mark', () => {
    assert.deepEqual(read('').rows, [])
    assert.deepEqual(read('\ufeff', 1).rows, [])
  })

  it('marks what the bytes of a cell are made of', () => {
    const { marks } = read('12,Ab,"x,y",é, z,"a\nb",\u0001,a/b,"say ""x"""\n')
    const [digits, letters, list, foreign, blank, broken, control, slash, escaped] = marks[0] ?? []
    assert.equal(digits, 0)
    assert.equal(letters, CellMark.notDigit | CellMark.upperCase)
    assert.equal(list, CellMark.comma | CellMark.notDigit)
    assert.equal(foreign, CellMark.nonAscii | CellMark.notDigit)
    assert.equal(blank, CellMark.blank | CellMark.notDigit)
    assert.equal(broken, CellMark.lineBreak | CellMark.notDigit)
    assert.equal(control, CellMark.control | CellMark.notGuid | CellMark.notDigit)
    assert.equal(slash, CellMark.slashOrAt | CellMark.notDigit)
    assert.equal(escaped, CellMark.escapedQuote | CellMark.notGuid | CellMark.notDigit | CellMark.blank)
  })

  const faulty: [string, string | Buffer, CsvFault][] = [
    ['a quote that is never closed', 'a,b\n1,"x\ny', { kind: 'unclosedQuote', line: 2 }],
    ['text after a closing quote', 'a,b\n1,"x"y\n', { kind: 'textAfterQuote', line: 2 }],
    ['text after a quoted line break', 'a,b\n1,"x\n"y\n', { kind: 'textAfterQuote', line: 3 }],
    ['a quote inside a bare cell', 'a,b\n1,x"y\n', { kind: 'quoteInsideCell', line: 2 }],
    ['a lone carriage return', 'a,b\n1,2\r3,4\n', { kind: 'loneCarriageReturn', line: 2 }],
    ['a lone carriage return at the end', 'a,b\n1,2\r', { kind: 'loneCarriageReturn', line: 2 }],
    ['little-endian UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), { kind: 'utf16', line: 1 }],
    ['UTF-16 without a byte order mark', Buffer.from('a,b\n', 'utf16le'), { kind: 'utf16', line: 1 }],
    ['bytes of Windows-1252', Buffer.from('a,b\n1,2\nM\xfcller,3\n', 'latin1'), { kind: 'notUtf8', line: 3 }],
    ['a character cut off at the end', Buffer.from('a,b\n1,\xe2\x82', 'latin1'), { kind: 'notUtf8', line: 2 }],
  ]
  for (const [name, input, fault] of faulty) {
    it(`tells ${name} once, with its line`, () => {
      assert.deepEqual(read(input).faults, [fault])
      assert.deepEqual(read(input, 1).faults, [fault])
    })
  }

  it('goes on after a lone carriage return as after a line end', () => {
    assert.deepEqual(read('a\r1\r\n2\r').rows, [['a'], ['1'], ['2']])
  })

  it('refuses a bare cell over the limit without keeping it', () => {
    const { faults, rows } = read(`a,b\n1,${'x'.repeat(5000)}\n`, 64, { maxCellBytes: 1000 })
    assert.deepEqual(faults, [{ kind: 'cellTooLong', line: 2 }])
    assert.equal(rows.length, 1)
  })

  it('tells an over-long quoted cell from a quote that is never closed', () => {
    const cell = '"' + 'x\n'.repeat(3000)
    assert.deepEqual(read(`a\n${cell}"\nb\n`, 64, { maxCellBytes: 1000 }).faults, [{ kind: 'cellTooLong', line: 2 }])
    assert.deepEqual(read(`a\n${cell}`, 64, { maxCellBytes: 1000 }).faults, [{ kind: 'unclosedQuote', line: 2 }])
  })

  it('refuses a row with too many cells or too many bytes', () => {
    assert.deepEqual(read('a\n' + ','.repeat(200), 16, { maxCells: 100 }).faults, [{ kind: 'tooManyCells', line: 2 }])
    const wide = Array.from({ length: 50 }, () => 'x'.repeat(90)).join(',')
    assert.deepEqual(read(`a\n${wide}`, 64, { maxRowBytes: 2000 }).faults, [{ kind: 'rowTooLong', line: 2 }])
  })

  it('reads a cell of forty megabytes in constant memory', () => {
    const faults: CsvFault[] = []
    const reader = new CsvReader({ row: () => undefined, fault: (fault) => faults.push(fault) })
    reader.push(Buffer.from('a\n"'))
    const before = process.memoryUsage().arrayBuffers
    const block = Buffer.alloc(1 << 16, 'x')
    for (let pushed = 0; pushed < 40 << 20; pushed += block.length) reader.push(block)
    assert.ok(process.memoryUsage().arrayBuffers - before < 8 << 20)
    reader.push(Buffer.from('"\n'))
    reader.end()
    assert.deepEqual(faults, [{ kind: 'cellTooLong', line: 2 }])
  })
})
