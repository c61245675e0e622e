import assert from 'node:assert/strict'
import { ChoiceCheck } from '../../../activities/stage/choice-check.ts'
import { DigestSet } from '../../../activities/stage/digest-set.ts'
import { FindingLog } from '../../../activities/stage/finding-log.ts'
import { ChoiceBroken, StagePass, type TriedChoice } from '../../../activities/stage/stage-pass.ts'
import { oneRosterCsv } from '../../../connectors/oneroster-csv/connector.ts'
import { OneRosterCsvSettings } from '../../../connectors/oneroster-csv/settings.ts'
import { students } from '../../../domain/data-types/students.ts'
import { compileMapping } from '../../../domain/mapping/compile-mapping.ts'
import type { FieldSource } from '../../../domain/mapping/mapping-document.ts'
import { inputOf, memoryFile } from '../../fixtures/memory-file.ts'
import { rosterDay, RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'

/** The digests that a night left behind, by collection. */
type Held = Readonly<Record<string, readonly bigint[]>>
type Options = { readonly held?: Held; readonly mapped?: Record<string, FieldSource>; readonly choice?: TriedChoice }

const fields: Record<string, FieldSource> = {
  sisId: { from: 'users.identifier' },
  sourceKey: { from: 'users.sourcedId' },
  givenName: { from: 'users.givenName' },
  familyName: { from: 'users.familyName' },
  schoolId: { from: 'users.school' },
  gradeLevel: { from: 'users.grades', take: 'first' },
  birthDate: { from: 'demographics.birthDate' },
}

/** What one pass over a package hands to staging, as text; numbers of lines count the header. */
async function stage(roster: RosterPackage, { held = {}, mapped = {}, choice }: Options = {}) {
  const document = { fields: { ...fields, ...mapped }, customFields: { bus: 'users.metadata.bus' }, codes: {} }
  const mapping = compileMapping(
    students,
    { ...document, academicYearTurnsOn: '07-01' },
    [
      { name: 'users', kind: 'records' },
      { name: 'demographics', kind: 'fields' },
    ],
    rosterDay,
  )
  const rows: string[] = []
  const digests: Record<string, bigint[]> = { users: [], demographics: [] }
  const told: string[] = []
  const findings = new FindingLog((batch) => {
    told.push(...batch.map(({ rule, file, line, sourcedId }) => `${rule} ${file} ${line} ${sourcedId}`))
    return Promise.resolve()
  })
  const sets = new Map(Object.entries(held).map(([name, known]) => [name, makeSet(known)]))
  const pass = new StagePass({
    dataType: students,
    // The key of a row is staged as such.
    mapping: mapping.map((one) => ({ ...one, fields: one.fields.filter(({ name }) => name !== 'sourceKey') })),
    held: sets,
    finds: oneRosterCsv.finds ?? [],
    target: {
      active: (part, { line, sourceKey, digest, values, customFields }) => {
        const collection = part === 'primary' ? 'users' : 'demographics'
        const whole = digest === null ? ' again' : ''
        rows.push(
          `${collection} ${line} ${sourceKey} ${JSON.stringify(values)} ${JSON.stringify(customFields)}${whole}`,
        )
        if (digest !== null) digests[collection]?.push(BigInt(digest))
      },
      seen: ({ line, sourceKey, kind, school }) => rows.push(`${kind} ${line} ${sourceKey} ${school}`),
      item: ({ sourceKey, field, value, mark }) => rows.push(`${mark} ${sourceKey} ${field} ${value}`),
      drop: (line) => rows.push(`drop ${line}`),
      drain: () => Promise.resolve(),
    },
    findings,
    choice,
    tellsPassedOver: true,
    onProgress: () => Promise.resolve(),
  })
  const settings = OneRosterCsvSettings.parse({})
  const columns = Object.fromEntries(mapping.map(({ name, columns: named }) => [name, named]))
  const input = inputOf(memoryFile(makeZip(roster.members())))
  const signal = new AbortController().signal
  const report = await oneRosterCsv.extract(
    { settings, dataType: 'students', input, columns, heldOrgs: [], today: rosterDay, signal },
    pass,
  )
  await pass.drain({ collection: 'users', bytesRead: 0, rowsRead: report.rowsRead })
  await findings.flush()
  const unseen = [...(sets.get('users')?.listUnseen() ?? [])].length
  const { rejectedCount, recordsFile } = pass
  // Rules of the package have their own tests.
  const ours = told.filter((text) => /^I-0[3457]/.test(text))
  return {
    rows,
    digests,
    unseen,
    rejectedCount,
    recordsFile,
    orgs: pass.orgs.map((org) => org.sourceKey),
    findings: ours,
  }
}

function makeSet(known: readonly bigint[]): DigestSet {
  const set = new DigestSet()
  for (const digest of known) {
    const bits = BigInt.asUintN(64, digest)
    set.add(Number(bits >> 32n), Number(bits & 0xffffffffn))
  }
  return set
}

const rowsOf = async (...given: Parameters<typeof stage>) => (await stage(...given)).rows
const firstNight = async () => (await stage(new RosterPackage())).digests
const ada = 'users 2 student-1 ["no-student-1","Ada","Quill","school-1",null,"09"] {}'
const ben = `users 3 student-2 ["no-student-2","Ben","O'Neil","school-1",null,"09"] {}`
const adaBorn = 'demographics 2 student-1 ["2010-05-17"] null'
const benBorn = 'demographics 3 student-2 ["2010-11-02"] null'

describe('a pass over a package', () => {
  it('stages everybody at first, and nobody who is as before', async () => {
    const first = await stage(new RosterPackage())
    assert.deepEqual(first.rows, [ada, ben, adaBorn, benBorn])
    assert.deepEqual([first.rejectedCount, first.recordsFile, first.orgs], [0, 'users.csv', ['district-1', 'school-1']])
    const second = await stage(new RosterPackage(), { held: first.digests })
    assert.deepEqual([second.rows, second.unseen, second.recordsFile], [[], 0, undefined])
  })

  it('stages with a changed row all the rows of that person, and of nobody else', async () => {
    const renamed = new RosterPackage().set('users', 0, 'givenName', 'Adah')
    const { rows, unseen } = await stage(renamed, { held: await firstNight() })
    assert.deepEqual([rows, unseen], [[ada.replace('Ada', 'Adah'), adaBorn], 1])
    const born = new RosterPackage().set('demographics', 1, 'birthDate', '2010-11-03')
    assert.deepEqual(await rowsOf(born, { held: await firstNight() }), [benBorn.replace('02"', '03"')])
  })

  it('says of whom the source withdrew or we refuse that they were seen', async () => {
    const withdrawn = await stage(new RosterPackage().set('users', 0, 'enabledUser', 'false'))
    assert.deepEqual(withdrawn.rows, ['inactive 2 student-1 null', ben, adaBorn, benBorn])
    assert.deepEqual([withdrawn.rejectedCount, withdrawn.findings], [0, []])
    const refused = await stage(new RosterPackage().set('users', 0, 'familyName', ''))
    assert.deepEqual(refused.rows.slice(0, 2), ['rejected 2 student-1 school-1', ben])
    assert.deepEqual([refused.rejectedCount, refused.findings], [1, []])
    const all = new RosterPackage().set('users', 0, 'familyName', '').set('users', 1, 'familyName', '')
    assert.equal((await stage(all)).recordsFile, 'users.csv')
  })

  it('refuses a record without a value that it must have, and names the field', async () => {
    const mapped: Options = { mapped: { givenName: { from: 'users.middleName' } } }
    const { rows, rejectedCount, findings } = await stage(
      new RosterPackage().set('users', 1, 'middleName', 'B'),
      mapped,
    )
    assert.deepEqual(rows.slice(0, 2), ['rejected 2 student-1 school-1', ben.replace('Ben', 'B')])
    assert.deepEqual([rejectedCount, findings], [1, ['I-03 users.csv 2 student-1']])
  })

  it('stages a record without its first id, and looks at it again every night', async () => {
    const { rows, rejectedCount, findings } = await stage(new RosterPackage().set('users', 0, 'identifier', ''))
    assert.deepEqual(rows[0], `${ada.replace('"no-student-1"', 'null')} again`)
    assert.deepEqual([rejectedCount, findings], [0, []])
  })

  it('leaves out a value that nobody can have, and looks at it again every night', async () => {
    const roster = new RosterPackage().set('users', 0, 'middleName', 'lilac').set('users', 1, 'middleName', 'male')
    roster.set('demographics', 1, 'birthDate', '2024-05-05')
    const { rows, findings } = await stage(roster, { mapped: { sex: { from: 'users.middleName' } } })
    assert.deepEqual(rows, [
      `${ada.replace('"school-1"', 'null,"school-1"')} again`,
      ben.replace('"school-1"', '"male","school-1"'),
      adaBorn,
      `${benBorn.replace('"2010-11-02"', 'null')} again`,
    ])
    assert.deepEqual(findings, ['I-05 users.csv 2 student-1', 'I-07 demographics.csv 3 student-2'])
  })

  it('takes all schools of a student where there are several, and what the district added', async () => {
    const roster = new RosterPackage().addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
    roster.set('users', 0, 'orgSourcedIds', 'school-2,school-1').addColumn('users', 'metadata.bus', '7')
    const [row] = await rowsOf(roster.set('users', 1, 'metadata.bus', ''))
    assert.equal(row, ada.replace('"school-1",null', '"school-2",["school-2","school-1"]').replace('{}', '{"bus":"7"}'))
  })
})

describe('a student in several rows', () => {
  const county = () => new RosterPackage().addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
  const split = (changes: Readonly<Record<string, string>> = {}) =>
    county().addRow('users', { orgSourcedIds: 'school-2', ...changes })
  const benAgain = Object.fromEntries(
    new RosterPackage().header('users').map((name, at) => [name, new RosterPackage().rows('users')[1]?.[at] ?? '']),
  )
  const merged = ada.replace('users 2', 'users 5')
  const both = merged.replace('"school-1",null', '"school-1",["school-1","school-2"]')

  it('takes the place of her first row, or of what we hold of it', async () => {
    const fresh = await stage(split())
    assert.deepEqual(fresh.rows, [ada, ben, 'drop 2', both, adaBorn, benBorn])
    assert.equal(fresh.rejectedCount, 0)
    const blank = split({ grades: '', identifier: '' }).set('users', 0, 'grades', '').set('users', 0, 'identifier', '')
    assert.equal((await stage(blank)).rejectedCount, 0, 'who may be known otherwise was never refused')
    const known = await stage(split(), { held: await firstNight() })
    assert.deepEqual([known.rows, known.unseen], [[both, adaBorn], 1])
    const first = await firstNight()
    const users = [...known.digests['users']!, ...first['users']!]
    const again = await stage(split(), { held: { ...first, users } })
    assert.deepEqual([again.rows, again.unseen], [[], 1])
  })

  it('is refused no longer when her first row was, and told of once', async () => {
    const refused = split().set('users', 0, 'orgSourcedIds', 'nowhere')
    const { rows, rejectedCount } = await stage(refused)
    assert.deepEqual(rows, [
      'rejected 2 student-1 nowhere',
      ben,
      'drop 2',
      merged.replace('school-1', 'school-2'),
      adaBorn,
      benBorn,
    ])
    assert.equal(rejectedCount, 0)
    const mapped = { givenName: { from: 'users.middleName' } }
    const nameless = await stage(split(), { mapped })
    assert.deepEqual(
      [nameless.rejectedCount, nameless.findings],
      [2, ['I-03 users.csv 2 student-1', 'I-03 users.csv 3 student-2']],
    )
    const gone = split({ enabledUser: 'false' })
      .set('users', 0, 'enabledUser', 'false')
      .set('users', 1, 'middleName', 'B')
    assert.equal((await stage(gone, { mapped })).rejectedCount, 0, 'a withdrawn row was never counted')
  })

  it('is not taken for the one before her, of whom we hold a row', async () => {
    const roster = split().set('users', 1, 'orgSourcedIds', 'nowhere')
    roster.addRow('users', { ...benAgain, orgSourcedIds: 'school-2' })
    const { rows } = await stage(roster, { held: await firstNight() })
    const moved = ben.replace('users 3', 'users 6').replace('school-1', 'school-2')
    assert.deepEqual(rows, ['rejected 3 student-2 nowhere', both, 'drop 3', moved, adaBorn, benBorn])
  })

  it('is told of her values once, also where the first row was refused or is held', async () => {
    const lilac = () => split({ middleName: 'lilac' }).set('users', 0, 'middleName', 'lilac')
    const mapped = { sex: { from: 'users.middleName' } }
    assert.deepEqual((await stage(lilac(), { mapped })).findings, ['I-05 users.csv 2 student-1'])
    const refused = lilac().set('users', 0, 'orgSourcedIds', 'nowhere')
    assert.deepEqual((await stage(refused, { mapped })).findings, ['I-05 users.csv 5 student-1'])
  })

  it('is refused at no school in particular, when she is at several', async () => {
    const mapped = { givenName: { from: 'users.middleName' } }
    assert.deepEqual((await rowsOf(split(), { mapped })).slice(-3), ['rejected 5 student-1 null', adaBorn, benBorn])
  })
})

describe('a column tried as the id', () => {
  it('ends the pass when somebody has none, whom the source has not withdrawn', async () => {
    const tried = (): TriedChoice => ({ column: 'identifier', check: new ChoiceCheck() })
    const blank = () => new RosterPackage().set('users', 1, 'identifier', '')
    await assert.rejects(stage(blank(), { choice: tried() }), ChoiceBroken)
    await stage(blank().set('users', 1, 'enabledUser', 'false'), { choice: tried() })
  })

  it('is asked once of a student in several rows, and of the rows of that collection alone', async () => {
    const choice = { column: 'identifier', check: new ChoiceCheck() }
    const roster = new RosterPackage().addRow('orgs', { sourcedId: 'school-2', name: 'North', type: 'school' })
    await stage(roster.addRow('users', { orgSourcedIds: 'school-2' }), { choice })
    assert.equal(choice.check.isBroken(), false)
    const twice = { column: 'identifier', check: new ChoiceCheck() }
    await stage(new RosterPackage().set('users', 1, 'identifier', 'no-student-1'), { choice: twice })
    assert.equal(twice.check.isBroken(), true)
  })
})
