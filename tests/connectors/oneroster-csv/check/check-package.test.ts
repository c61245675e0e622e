import assert from 'node:assert/strict'
import { checkPackage } from '../../../../connectors/oneroster-csv/check/check-package.ts'
import type { RowHook } from '../../../../connectors/oneroster-csv/check/check-package.ts'
import { PackageDamage } from '../../../../connectors/oneroster-csv/package/package-damage.ts'
import type { OpenedPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import type { RowView } from '../../../../connectors/kit/csv/row-view.ts'
import type { Finding } from '../../../../domain/import-rules/finding.ts'
import { checkRoster } from '../../../fixtures/check-roster.ts'
import { RosterPackage, rosterDay } from '../../../fixtures/roster-package.ts'

/** Writes down what a hook is told. */
function createRecorder(columns: readonly string[]): RowHook & { readonly told: string[] } {
  const told: string[] = []
  let file = ''
  let cells: number[] = []
  return {
    told,
    beginFile(fileName, mode, positions) {
      file = fileName
      cells = columns.map((column) => positions.get(column) ?? -1)
      told.push(`begin ${fileName} ${mode}`)
    },
    row(row, isAccepted) {
      const values = cells.filter((cell) => cell >= 0).map((cell) => row.text(cell))
      told.push(`${file} ${row.line} ${values.join('|')} ${isAccepted ? 'yes' : 'no'}`)
    },
    endFile() {
      told.push(`end ${file}`)
    },
    merge({ first, isFirstAccepted, merged, canonical }) {
      const show = (row: RowView) =>
        cells
          .filter((cell) => cell >= 0)
          .map((cell) => row.text(cell))
          .join('|')
      told.push(
        `merge ${file} ${first.line} ${isFirstAccepted ? 'yes' : 'no'} ${merged.line} ${show(merged)} or ${show(canonical)}`,
      )
    },
    retract(fileName, sourcedId, line) {
      told.push(`retract ${fileName} ${sourcedId} ${line}`)
    },
  }
}

describe('the check of a package', () => {
  it('finds nothing in a whole package of either version, bulk or delta, in either profile', async () => {
    for (const version of ['1.1', '1.2'] as const) {
      for (const mode of ['bulk', 'delta'] as const) {
        for (const profile of ['strict', 'default'] as const) {
          const { findings, check } = await checkRoster(new RosterPackage(version, mode).members(), profile)
          assert.deepEqual(findings, [])
          assert.equal(check.isBlocked, false)
          assert.equal(Object.keys(check.files).length, version === '1.1' ? 13 : 21)
          assert.deepEqual(check.files['users'], { mode, rows: 3, accepted: 3, rejected: 0 })
        }
      }
    }
  })

  it('tells file, line, column and id, and never the value', async () => {
    const roster = new RosterPackage().set('results', 0, 'comment', 'two\nlines').addRow('results', { score: 'secret' })
    const { findings, check } = await checkRoster(roster.set('results', 1, 'sourcedId', 'result-2').members())
    const found = findings.find(({ rule }) => rule === 'F-08')
    assert.deepEqual(
      [found?.file, found?.line, found?.column, found?.sourcedId, found?.severity],
      ['results.csv', 4, 'score', 'result-2', 'error'],
    )
    assert.ok(!JSON.stringify(findings).includes('secret'))
    assert.deepEqual(check.files['results'], { mode: 'bulk', rows: 2, accepted: 1, rejected: 1 })
  })

  it('hands on every row once, refused ones as such, with the places of its columns', async () => {
    const roster = new RosterPackage()
      .addColumn('orgs', 'Metadata.city', 'Acme')
      .set('orgs', 1, 'type', 'circus')
      .rewrite('orgs', (text) => text.replace('district-1,,,', '\r\ndistrict-1,,,'))
    const recorder = createRecorder(['sourcedId', 'metadata.city'])
    await checkRoster(roster.members(), 'default', { onRow: recorder })
    assert.deepEqual(recorder.told.slice(0, 4), [
      'begin orgs bulk',
      'orgs 3 district-1|Acme yes',
      'orgs 4 school-1|Acme no',
      'end orgs',
    ])
  })

  it('gives rows of another width the width of the header', async () => {
    const roster = new RosterPackage().rewrite('orgs', (text) =>
      text.replace(/(school-1.*)\r\n/, '$1,,\r\nschool-2,,\r\n'),
    )
    const widths: number[] = []
    const hook: RowHook = { ...createRecorder([]), row: (row) => widths.push(row.width) }
    const { check } = await checkRoster(roster.members(), 'default', { onRow: hook })
    assert.deepEqual(widths.slice(0, 3), [7, 7, 7])
    assert.deepEqual(check.files['orgs'], { mode: 'bulk', rows: 3, accepted: 2, rejected: 1 })
  })

  it('takes back a row that a later one contradicts, once, and counts it as rejected', async () => {
    const roster = new RosterPackage().addRow('orgs', { sourcedId: 'school-1', type: 'school', name: 'Another' })
    const recorder = createRecorder(['sourcedId'])
    const { check, findings } = await checkRoster(roster.members(), 'default', { onRow: recorder })
    const repeated = findings.filter(({ rule }) => rule === 'R-01')
    assert.deepEqual(repeated.map(({ line, sourcedId, severity }) => [line, sourcedId, severity]).sort(), [
      [3, 'school-1', 'error'],
      [4, 'school-1', 'error'],
    ])
    assert.deepEqual(
      recorder.told.filter((line) => line.startsWith('retract orgs')),
      ['retract orgs school-1 3'],
    )
    assert.deepEqual(check.files['orgs'], { mode: 'bulk', rows: 3, accepted: 1, rejected: 2 })
  })

  it('hands a record in several rows on as one, at the end of its file', async () => {
    const roster = new RosterPackage()
      .addRow('orgs', { sourcedId: 'school-2', type: 'school', name: 'North' })
      .addRow('orgs', { sourcedId: 'school-0', type: 'school', name: 'South' })
    for (const org of ['school-2', 'school-0']) {
      roster.addRow('users', { orgSourcedIds: org, grades: '09, 10' })
      roster.addRow('users', { sourcedId: `other-of-${org}`, username: org, identifier: org, email: '', userIds: '' })
    }
    const recorder = createRecorder(['sourcedId', 'orgSourcedIds', 'grades', 'userIds'])
    const { check, told } = await checkRoster(roster.members(), 'default', { onRow: recorder })
    const ids = '{Fed:ada.quill},{LDAP:student-1}'
    assert.deepEqual(
      recorder.told.filter((line) => / users/.test(line)),
      [
        'begin users bulk',
        `merge users 2 yes 7 student-1|school-1,school-2,school-0|09,10|${ids} or student-1|school-0,school-1,school-2|09,10|${ids}`,
        'end users',
      ],
    )
    assert.equal(recorder.told.filter((line) => /^users \d+ student-1/.test(line)).length, 1)
    assert.deepEqual(check.files['users'], { mode: 'bulk', rows: 7, accepted: 7, rejected: 0 })
    assert.deepEqual(
      [...new Set(told)].filter((one) => !/^(F-10|R-08|S-11)/.test(one)),
      ['R-10 warning'],
    )
  })

  it('refuses each row of an id whose rows contradict each other, however many agree', async () => {
    const roster = new RosterPackage()
      .addRow('users', { grades: '10' })
      .addRow('users', { grades: '10', role: 'aide' })
      .addRow('users', { grades: '11' })
    const recorder = createRecorder(['sourcedId'])
    const { check, findings } = await checkRoster(roster.members(), 'default', { onRow: recorder })
    assert.deepEqual(
      findings.flatMap(({ rule, line, sourcedId }) => (rule === 'R-01' ? [`${line} ${sourcedId}`] : [])).sort(),
      ['2 student-1', '5 student-1', '6 student-1', '7 student-1'],
    )
    assert.deepEqual(recorder.told.filter((line) => line.includes('users') && line.includes('student-1')).sort(), [
      'retract users student-1 2',
      'users 2 student-1 yes',
      'users 5 student-1 no',
      'users 6 student-1 no',
      'users 7 student-1 no',
    ])
    assert.deepEqual(check.files['users'], { mode: 'bulk', rows: 6, accepted: 2, rejected: 4 })
  })

  it('takes more records in several rows than one reading looks at', async () => {
    const roster = new RosterPackage()
    const count = 20_000
    for (const grade of ['09', '10']) {
      for (let number = 0; number < count; number++) {
        const name = `many-${number}`
        roster.addRow('users', {
          sourcedId: name,
          username: name,
          identifier: name,
          email: '',
          userIds: '',
          grades: grade,
        })
      }
    }
    const merged = new Set<string>()
    const hook: RowHook = { ...createRecorder([]), merge: ({ merged: row }) => merged.add(row.text(0)) }
    const { check } = await checkRoster(roster.members(), 'default', { onRow: hook })
    assert.equal(merged.size, count)
    assert.equal(check.files['users']?.rejected, 0)
  })

  it('goes on with the other files after one that cannot be read', async () => {
    const roster = new RosterPackage().rewrite('orgs', (text) => `${text}"`).set('results', 0, 'score', 'x')
    const { told, check } = await checkRoster(roster.members())
    assert.ok(told.includes('C-04 block'))
    assert.ok(told.includes('F-08 error'))
    assert.equal(check.isBlocked, true)
    assert.equal(check.files['users']?.rows, 3)
  })

  it('reads Windows-1252 with a warning where the source is known to send it, and refuses it elsewhere', async () => {
    const roster = new RosterPackage().rewrite('users', (text) => Buffer.from(text, 'latin1'))
    const recorder = createRecorder(['familyName'])
    const options = { onRow: recorder, allowWindows1252: true }
    const { told } = await checkRoster(roster.members(), 'default', options)
    assert.deepEqual(told, ['C-01 warning'])
    assert.ok(recorder.told.includes('users 4 Márquez yes'))
    assert.deepEqual((await checkRoster(roster.members())).told, ['C-01 block'])
  })

  it('takes UTF-16 for nothing else, whatever the source may send', async () => {
    for (const mark of ['\ufeff', '']) {
      const roster = new RosterPackage().rewrite('users', (text) => Buffer.from(`${mark}${text}`, 'utf16le'))
      const { told } = await checkRoster(roster.members(), 'default', { allowWindows1252: true })
      assert.deepEqual(told, ['C-03 block'])
    }
  })

  it('refuses more rows than the limit', async () => {
    const { told, check } = await checkRoster(new RosterPackage().members(), 'default', { limits: { maxRows: 2 } })
    assert.equal(told.filter((one) => one === 'C-12 block').length, 2)
    assert.equal(check.files['users']?.rows, 2)
  })

  it('takes damage met half-way as a finding and keeps what was counted', async () => {
    const roster = new RosterPackage().addRow('orgs', { name: 'Another', sourcedId: 'district-1' })
    const finding: Finding = { rule: 'Z-01', severity: 'block', file: 'orgs.csv', message: 'broken' }
    const opened: OpenedPackage = {
      version: '1.1',
      isBlocked: false,
      unreadFiles: [],
      files: [
        {
          name: 'orgs',
          fileName: 'orgs.csv',
          mode: 'bulk',
          sizeBytes: 0,
          async *stream() {
            await Promise.resolve()
            yield Buffer.from(roster.text('orgs'))
            throw new PackageDamage(finding)
          },
        },
      ],
    }
    const findings: Finding[] = []
    const recorder = createRecorder([])
    const check = await checkPackage(opened, {
      profile: 'default',
      sink: (found) => findings.push(found),
      today: rosterDay,
      onRow: recorder,
    })
    assert.ok(findings.includes(finding))
    assert.deepEqual(findings.flatMap(({ rule, line }) => (rule === 'R-01' ? [line] : [])).sort(), [2, 4])
    assert.equal(check.isBlocked, true)
    assert.equal(check.files['orgs']?.rows, 3)
    assert.ok(recorder.told.includes('end orgs'))
  })

  it('waits for a slow receiver after every block and ends when it throws', async () => {
    const seen: string[] = []
    const drain = ({ file }: { file: string }): Promise<void> => {
      seen.push(file)
      return file === 'courses' ? Promise.reject(new Error('enough')) : Promise.resolve()
    }
    await assert.rejects(checkRoster(new RosterPackage().members(), 'default', { drain }), /enough/)
    assert.deepEqual([...new Set(seen)], ['orgs', 'academicSessions', 'courses'])
  })
})
