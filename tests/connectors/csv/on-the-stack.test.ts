import assert from 'node:assert/strict'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { startTestStack } from '../../harness/stack.ts'
import { DistrictOnStack, packageOf, toEnd } from '../../end-to-end/district-on-stack.ts'

const students = 40
const directory = makeTemporaryDirectory()
afterAll(() => directory.remove())

const stackStarted = startTestStack()
let district: DistrictOnStack
let connection = ''
let ids: readonly string[] = []

const write = (name: string, content: string | Buffer): string => {
  const path = join(directory.path, name)
  writeFileSync(path, content)
  return path
}
/** A connection made by the command, with a file of settings. */
const addConnection = async (settings: unknown, name: string): Promise<string> => {
  const file = write(`${name}.json`, JSON.stringify(settings))
  const where = ['--district', district.slug, '--connector', 'csv', '--name', name]
  const added = await district.command('connection', 'add', ...where, '--settings', file, '--json')
  assert.equal(added.exitCode, 0, added.stderr)
  return (JSON.parse(added.stdout) as { id: string }).id
}
const importFile = async (file: string, ...flags: string[]) => {
  const where = ['--district', district.slug, '--data-type', 'students', '--connection', connection]
  return toEnd(await district.command('import', file, ...where, '--json', ...flags))
}
const readHomerooms = async () => {
  const records = await district.records('all')
  return new Map([...records].flatMap(([id, { homeroom = '' }]) => (homeroom === '' ? [] : [[id, homeroom] as const])))
}
const mappings = {
  students: { matchBy: 'sisId', columns: { sisId: 'Student number', homeroom: 'Homeroom', homeLanguage: 'Language' } },
}

beforeAll(async () => {
  const stack = await stackStarted
  district = await DistrictOnStack.create(stack, 'fields')
  const { exitCode } = await district.import(await packageOf({ seed: 4711, students }))
  assert.equal(exitCode, 0)
  ids = [...(await district.records()).keys()]
  connection = await addConnection({ mappings }, 'counselors')
})

describe('a file of fields', () => {
  it('is planned, applied and taken back by commands', async () => {
    const [one = '', two = ''] = ids
    const rows = ['Homerooms 2026/27', 'Student number;Homeroom;Language', `${one};A1;de`, `${two};B2;`, 'nobody;X;']
    const file = write('homerooms.csv', Buffer.from(`\ufeff${rows.join('\r\n')}`, 'utf16le'))
    const before = await district.snapshot()

    const tested = await importFile(file, '--test')
    assert.deepEqual([tested.exitCode, tested.run.state], [0, 'tested'])
    assert.deepEqual(await district.snapshot(), before)
    const plan = await district.command('run', 'plan', tested.run.runId, '--csv')
    const planned = parse<Record<string, string>>(plan.stdout, { columns: true })
    assert.deepEqual(
      planned.map(({ action, field }) => [action, field]),
      [
        ['update', 'homeroom'],
        ['update', 'homeLanguage'],
        ['update', 'homeroom'],
        ['skip', ''],
      ],
    )

    const { exitCode, run } = await importFile(file)
    assert.deepEqual([exitCode, run.state], [4, 'completedWithAlerts'])
    const { read, created, updated, deactivated, skipped } = run.counts
    assert.deepEqual(
      { read, created, updated, deactivated, skipped },
      {
        ...{ read: 3, created: 0, updated: 2, deactivated: 0, skipped: 1 },
      },
    )
    assert.deepEqual(Object.keys(run.findings.byRule).sort(), ['T-02', 'T-04', 'T-21'])
    assert.deepEqual(
      await readHomerooms(),
      new Map(
        [
          [one, 'A1'],
          [two, 'B2'],
        ].sort() as [string, string][],
      ),
    )
    const findings = await district.command('run', 'findings', run.runId)
    assert.match(findings.stdout, /T-21 {2}error {2}1 × {2}No record that we hold has the id of the row/)

    const undone = await district.command('undo', run.runId, '--json')
    assert.equal(undone.exitCode, 0, undone.stderr)
    assert.equal((JSON.parse(undone.stdout) as { reverted: number }).reverted, 2)
    assert.deepEqual(await readHomerooms(), new Map())
  })

  it('stays when the source of the records imports again, and when that import is taken back', async () => {
    const [one = ''] = ids
    await importFile(write('again.csv', `Student number,Homeroom,Language\n${one},A1,\n`))
    const again = await district.import(await packageOf({ seed: 4711, students, changedEvery: 10 }))
    assert.deepEqual([again.run.state, again.run.counts.updated], ['completed', students / 10])
    await importFile(write('later.csv', `Student number,Homeroom,Language\n${one},A2,\n`))
    const undone = await district.command('undo', again.run.runId, '--json')
    assert.equal(undone.exitCode, 0, undone.stderr)
    assert.deepEqual(await readHomerooms(), new Map([[one, 'A2']]))
  })

  it('that is a spreadsheet under another name is refused in words', async () => {
    const file = write('homerooms.xlsx.csv', Buffer.from('504b030414000600', 'hex'))
    const where = ['--district', district.slug, '--data-type', 'students', '--connection', connection]
    const { exitCode, stdout, stderr } = await district.command('import', file, ...where)
    assert.equal(exitCode, 3)
    assert.match(`${stdout}${stderr}`, /The file cannot be used: the file is an Excel workbook.*save it as "CSV UTF-8"/)
  })

  it('of fields of the SIS is refused with the name of its connection', async () => {
    const wrong = { students: { matchBy: 'sisId', columns: { sisId: 'No', familyName: 'Name' } } }
    connection = await addConnection({ mappings: wrong }, 'names')
    const { exitCode, run } = await importFile(write('names.csv', `No,Name\n${ids[0]},Zebulon\n`))
    assert.equal(exitCode, 3)
    assert.match(run.failure?.detail ?? '', /familyName is fed by the connection "OneRoster CSV package"/)
  })

  it('is fetched from a watched folder', async () => {
    const { mailDirectory } = await stackStarted
    const drop = join(dirname(mailDirectory), 'drop', district.slug)
    mkdirSync(drop, { recursive: true })
    const [one = '', two = ''] = ids
    writeFileSync(join(drop, 'today.csv'), `Student number\tHomeroom\tLanguage\n${two}\tC3\t\n`)
    writeFileSync(join(drop, 'notes.zip'), 'no table')
    utimesSync(join(drop, 'today.csv'), new Date('2026-01-01'), new Date('2026-01-01'))
    const source = { kind: 'folder', path: '.', settleSeconds: 1 }
    connection = await addConnection({ mappings, source }, 'folder')
    const tried = await district.command('connection', 'test', connection)
    assert.equal(tried.exitCode, 0, tried.stderr)
    const started = await district.command(
      'run',
      'start',
      '--connection',
      connection,
      '--data-type',
      'students',
      '--json',
    )
    const { exitCode, run } = toEnd(started)
    assert.deepEqual([exitCode, run.state], [0, 'completed'], started.stderr)
    assert.deepEqual((await readHomerooms()).get(two), 'C3')
    assert.deepEqual((await readHomerooms()).get(one), 'A2')
  })
})
