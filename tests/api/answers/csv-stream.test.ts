import assert from 'node:assert/strict'
import { formatCsvLine, formatDefusedLine } from '../../../api/answers/csv-stream.ts'

describe('a line of CSV for people', () => {
  it('has no cell that a spreadsheet carries out', () => {
    const formulas = ['=1+1', '+1 555 0142', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("x","y")', '-', '+7']
    for (const formula of formulas) {
      assert.match(formatDefusedLine([formula]), /^"?'/, formula)
      assert.match(formatDefusedLine([[formula, 'x']]), /^"?'/, formula)
      assert.equal(formatCsvLine([formula]).startsWith("'"), false)
    }
    assert.equal(formatDefusedLine(['=HYPERLINK("x","y")']), `"'=HYPERLINK(""x"",""y"")"\n`)
  })

  it('leaves numbers, and all that begins otherwise', () => {
    const cells = [-5, '-5', '-0.75', 'a=b', '1-2', "O'Brien", 'Łukasz', null, '', ['x', '=1']]
    assert.equal(formatDefusedLine(cells), "-5,-5,-0.75,a=b,1-2,O'Brien,Łukasz,,,x;=1\n")
  })
})
