import assert from 'node:assert/strict'
import { rulesOfTables } from '../../../connectors/csv/rules.ts'
import { readTable } from './read-table.ts'
import { spreadsheets } from './spreadsheets.ts'

const showPlace = ({ rule, severity, line }: { rule: string; severity: string; line?: number | undefined }) =>
  `${rule} ${severity}${line === undefined ? '' : ` line ${line}`}`

describe('a file out of a spreadsheet', () => {
  for (const { name, content, told, taken } of spreadsheets) {
    it(`with ${name} is understood`, async () => {
      const read = await readTable(content)
      assert.deepEqual(read.findings.map(showPlace), told)
      assert.equal(read.report.isUsable, !told.some((one) => one.includes('block')))
      if (read.report.isUsable) assert.deepEqual(read.taken, taken)
      assert.equal(read.report.isComplete, false, 'it proves no absence')
      for (const finding of read.findings) {
        assert.equal(finding.file, 'fields.csv')
        if (finding.severity === 'error') assert.equal(finding.column !== undefined, true)
        // Every one that asks for something says what.
        if (finding.severity !== 'info') assert.match(finding.message, /[.?]$/)
      }
    })
  }

  it('has a case for every rule, for each of its severities', async () => {
    const tooLong = { maxRowBytes: 100, maxCellLength: 20, maxRows: 2 }
    const over = await readTable(`Student ID,Homeroom\n10001,${'x'.repeat(30)}`, { limits: tooLong })
    assert.deepEqual(over.findings.map(showPlace), ['T-10 block line 2'])
    const cases = [...spreadsheets.flatMap(({ told }) => told), 'T-10 block']
    const fired = new Set(cases.map((one) => one.split(' ').slice(0, 2).join(' ')))
    const named = Object.values(rulesOfTables).flatMap((rule) => [
      `${rule.id} ${String(rule.severity.default)}`,
      ...('lesserSeverity' in rule ? [`${rule.id} ${String(rule.lesserSeverity.default)}`] : []),
    ])
    assert.deepEqual([...fired].sort(), named.sort())
  })

  it('has its contradicting ids taken back as a whole', async () => {
    const { report, setAside } = await readTable('Student ID,Homeroom\n10003,X\n10003,Y\n10003,Z\n')
    assert.deepEqual(report.contestedKeys, { rows: ['10003'] })
    assert.deepEqual(setAside, [3, 4])
  })

  it('is stopped at each of the limits', async () => {
    const limits = { maxRowBytes: 200, maxCellLength: 50, maxRows: 2 }
    const lines = ['Student ID,Homeroom', '10001,A', '10002,B', '10003,C']
    for (const content of [
      lines.join('\n'),
      `${lines[0]}\n10001,"${'x'.repeat(300)}`,
      `${lines[0]}\n10001,${'x'.repeat(60)}`,
    ]) {
      const { report, findings } = await readTable(content, { limits })
      assert.equal(report.isUsable, false)
      assert.deepEqual([...new Set(findings.map(({ rule }) => rule))], ['T-10'])
    }
  })

  it('takes ids of a form that we hold as they are, whatever they look like', async () => {
    for (const id of ['1E5', '3-5-2024', '100.0', 'A 17', '417']) {
      const heldForms = new Set([id.replace(/[0-9]/g, '9').replace(/[A-Z]/g, 'a'), '99999'])
      const { findings, taken } = await readTable(`Student ID;Homeroom\n${id};X`, { heldForms })
      assert.deepEqual([findings, taken], [[], [`${id} X`]])
    }
  })

  it('has its header where the settings say, and is told what they lack', async () => {
    const content = 'Student ID,Homeroom\n10001,A1\nStudent ID,Homeroom\n10002,B2\n'
    assert.deepEqual((await readTable(content, { settings: { headerLine: 3 } })).taken, ['10002 B2'])
    const late = await readTable(content, { settings: { headerLine: 9 } })
    assert.match(late.findings[0]?.message ?? '', /no line 9/)
    const other = await readTable(content, { settings: { delimiter: 'tab' } })
    assert.equal(other.findings[0]?.rule, 'T-05')
  })

  it('is told of without a word of what stands in it', async () => {
    const secret = 'Zebulon'
    for (const content of [
      `${secret},${secret}\n${secret},${secret}`,
      `Student ID,Homeroom\n${secret} x,${secret}\n${secret},#N/A\n`,
      `Student ID,Homeroom\n10001,${secret}"${secret}`,
      `Student ID,Homeroom\n10001,"${secret}"${secret}`,
      `Student ID,Homeroom\n${secret},${secret},${secret}`,
    ]) {
      const { findings } = await readTable(content)
      assert.notEqual(findings.length, 0)
      assert.equal(JSON.stringify(findings).includes(secret), false, content)
    }
  })
})
