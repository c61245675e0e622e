import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ValidateReport } from '../../cli/report/validate-report.ts'
import { makeManifest, smallPackage } from '../fixtures/small-package.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import { makeFolder } from './make-folder.ts'
import { runCommand } from './run-command.ts'

type Changes = Parameters<typeof smallPackage>[0]

function writeZip(changes: Changes = {}): string {
  const path = join(makeFolder(), 'package.zip')
  writeFileSync(path, makeZip(smallPackage(changes)))
  return path
}

async function validate(...args: string[]): Promise<{ exitCode: number | null; report: ValidateReport }> {
  const { exitCode, stdout } = await runCommand(['validate', ...args, '--json'])
  // The command's own document; the assertions below look at what they need.
  return { exitCode, report: JSON.parse(stdout) as ValidateReport }
}

const usersText = String(smallPackage().find(({ name }) => name === 'users.csv')?.data)
const noUsers = { 'users.csv': usersText.replace('true,o1', 'yes,o1') }
const teacher = { 'users.csv': usersText.replace('student', 'teacher') }
const secondUsers = usersText.replace(/\n$/, '\nu2,,,TRUE,o1,student,bea,,Bea,Quill,,,,,,,9,secret\n')

describe('rollbook validate', () => {
  it('accepts a package without fault and prints one document', async () => {
    const { exitCode, report } = await validate(writeZip(), '--for', 'students')
    assert.equal(exitCode, 0)
    assert.deepEqual(report, {
      package: 'package.zip',
      profile: 'default',
      version: '1.1',
      verdict: 'accepted',
      files: {
        orgs: { mode: 'bulk', rows: 1, accepted: 1, rejected: 0 },
        users: { mode: 'bulk', rows: 1, accepted: 1, rejected: 0 },
      },
      findings: [],
      byRule: {},
    })
  })

  it('reads a folder as it reads an archive', async () => {
    const folder = join(makeFolder(), 'export')
    mkdirSync(folder)
    for (const { name, data } of smallPackage()) writeFileSync(join(folder, name), data)
    const { exitCode, report } = await validate(folder)
    assert.deepEqual([exitCode, report.package, report.verdict], [0, 'export', 'accepted'])
  })

  it('accepts with warnings what the default profile repairs, and counts by rule what it does not list', async () => {
    const path = writeZip({ 'users.csv': secondUsers })
    const { exitCode, report } = await validate(path, '--limit', '1')
    assert.deepEqual([exitCode, report.verdict, report.findings.length], [0, 'acceptedWithWarnings', 1])
    assert.deepEqual(report.byRule['F-06'], { severity: 'warning', count: 1 })
    assert.deepEqual(report.byRule['F-12'], { severity: 'warning', count: 1 })
    assert.deepEqual(report.byRule['F-22'], { severity: 'info', count: 1 })
  })

  it('rejects in the strict profile what the default profile repairs', async () => {
    const path = writeZip({ 'users.csv': secondUsers })
    const { report } = await validate(path, '--profile', 'strict')
    assert.deepEqual(report.files['users'], { mode: 'bulk', rows: 2, accepted: 1, rejected: 1 })
    assert.deepEqual(report.byRule['F-06'], { severity: 'error', count: 1 })
  })

  it('says why it refuses where no finding does', async () => {
    const path = join(makeFolder(), 'package.zip')
    writeFileSync(path, makeZip([{ name: 'manifest.csv', data: makeManifest({}) }]))
    for (const purpose of ['all', 'roster', 'students']) {
      const { exitCode, report } = await validate(path, '--for', purpose)
      assert.deepEqual([exitCode, report.verdict, report.findings], [3, 'refused', []])
      assert.equal(report.reason, 'the manifest lists no file that is read')
    }
    const onlyTeachers = await validate(writeZip(teacher), '--for', 'students')
    assert.equal(onlyTeachers.report.reason, 'no student is usable')
    const blocked = await validate(writeZip({ 'users.csv': '' }))
    assert.deepEqual([blocked.report.verdict, blocked.report.reason], ['refused', undefined])
  })

  it('refuses what has no usable row for its purpose', async () => {
    const [rejected, onlyTeacher] = [writeZip(noUsers), writeZip(teacher)]
    const verdicts = async (path: string) => {
      const all = ['all', 'roster', 'students'].map(
        async (purpose) => (await validate(path, '--for', purpose)).exitCode,
      )
      return await Promise.all(all)
    }
    assert.deepEqual(await verdicts(rejected), [0, 3, 3])
    assert.deepEqual(await verdicts(onlyTeacher), [0, 0, 3])
  })

  it('refuses a package with a finding of severity block', async () => {
    const path = writeZip({ 'manifest.csv': makeManifest({ orgs: 'bulk', users: 'bulk', classes: 'bulk' }) })
    const { exitCode, report } = await validate(path)
    assert.deepEqual([exitCode, report.verdict], [3, 'refused'])
    assert.deepEqual(report.byRule['M-10'], { severity: 'block', count: 1 })
  })

  it('refuses what is no archive with its rule, not with a stack trace', async () => {
    const path = join(makeFolder(), 'package.zip')
    writeFileSync(path, 'not a package')
    const { exitCode, report } = await validate(path)
    assert.deepEqual([exitCode, report.version, report.files], [3, null, {}])
    assert.deepEqual(Object.keys(report.byRule), ['Z-01'])
  })

  it('shows people the verdict, the files and the findings by rule, and no value of a person', async () => {
    const { exitCode, stdout } = await runCommand(['validate', writeZip({ 'users.csv': secondUsers })])
    assert.equal(exitCode, 0)
    assert.match(stdout, /^package\.zip: OneRoster 1\.1, default profile\nACCEPTED WITH WARNINGS\n/)
    assert.match(stdout, /users\.csv +bulk +2 +2 +0/)
    assert.match(
      stdout,
      /F-12 {2}warning {2}1 × {2}grade is not in the vocabulary\n {4}users\.csv line 3 \(u2\), grades: /,
    )
    assert.doesNotMatch(stdout, /secret|Bea|Quill/)
  })

  it('ends with 2 when it is used wrongly', async () => {
    const wrong = [
      ['/no/such/package.zip'],
      [],
      ['a.zip', 'b.zip'],
      ['a.zip', '--profile', 'lenient'],
      ['a.zip', '--for', 'staff'],
      ['a.zip', '--limit', 'many'],
      ['a.zip', '--fast'],
    ]
    for (const args of wrong) assert.equal((await runCommand(['validate', ...args])).exitCode, 2, args.join(' '))
  })
})
