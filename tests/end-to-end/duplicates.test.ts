import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { DuplicateCaseDocument } from '../../api/contract/duplicate-case.ts'
import type { InventedStudent } from '../../simulators/oneroster-package/invented-people.ts'
import type { PackageRequest } from '../../simulators/oneroster-package/make-package.ts'
import { startTestStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { DistrictOnStack, packageOf } from './district-on-stack.ts'
import { inventStudents, userRow } from './invented-rows.ts'

const run = promisify(execFile)
const stackStarted = startTestStack()
const county = { seed: 4_711, students: 120 } satisfies PackageRequest
const people = inventStudents(county.seed, county.students)
const pick = (number: number): InventedStudent => people[number - 1] as InventedStudent // the county has more

/** As another office typed her in: other ids, and here and there another letter. */
function retyped(student: InventedStudent, changes: Partial<InventedStudent> = {}): InventedStudent {
  return {
    ...student,
    sourcedId: `again-${student.identifier}`,
    identifier: `5${student.identifier}`,
    username: `x${student.username}`,
    ...changes,
  }
}

const demographicsRow = ({ sourcedId, birthDate, sex }: InventedStudent) =>
  [sourcedId, '', '', birthDate, sex, ...Array.from({ length: 11 }, () => '')].join(',')

/** Two come again under other ids, of whom one is still there under her own. */
const back = retyped(pick(5))
const twice = retyped(pick(9), { middleName: '' })
const dayTwo = (comment = ''): PackageRequest => ({
  ...county,
  comment,
  isLeftOut: (_, number) => number === 5,
  moreUsers: [back, twice].map((who) => userRow(who)),
  moreDemographics: [back, twice].map(demographicsRow),
})

async function listCases(district: DistrictOnStack): Promise<DuplicateCaseDocument[]> {
  const { exitCode, stdout, stderr } = await district.command('alert', 'list', '--district', district.slug, '--json')
  assert.equal(exitCode, 0, stderr)
  return JSON.parse(stdout) as DuplicateCaseDocument[]
}

/** A district that holds the county, and then gets the package of the second day. */
async function districtWithCases(slug: string) {
  const district = await DistrictOnStack.create(await stackStarted, slug)
  await district.import(await packageOf(county))
  const { exitCode, run: second } = await district.import(await packageOf(dayTwo()))
  assert.equal(exitCode, 4)
  return { district, second, cases: await listCases(district) }
}

function caseOf(cases: readonly DuplicateCaseDocument[], who: InventedStudent): DuplicateCaseDocument {
  const found = cases.find(({ incoming }) => incoming.sisId === who.identifier)
  assert.ok(found !== undefined, `a case of ${who.identifier}`)
  return found
}

/** Everything that a resolution leaves behind, without the ids that differ from district to district. */
async function readOutcome(district: DistrictOnStack) {
  const students = await district.query(
    `select (to_jsonb(s) - array['id', 'district_id', 'school_id', 'connection_id', 'created_run_id', 'updated_run_id', 'created_at',
       'updated_at', 'edited_xid', 'mapping_fingerprint', 'primary_digest', 'supplement_digest'])
       || jsonb_build_object('sis_id', split_part(sis_id, '~', 1)) as row
     from students s order by given_name, family_name, birth_date, s.sis_id`,
  )
  const cases = await district.query(
    `select incoming_key, strength, reason, state, decision, incoming_record_id is null as is_new, jsonb_array_length(candidates)
     from duplicate_cases order by incoming_key`,
  )
  const aliases = await district.query('select field, value from record_aliases order by field, value')
  const strangers = await district.query('select incoming_key from known_strangers order by 1')
  const alerts = await district.query('select kind, count, closed_at is null as is_open from alerts order by kind')
  return { students, cases, aliases, strangers, alerts }
}

describe('somebody who comes in under ids that nobody has', () => {
  let district: DistrictOnStack
  let cases: DuplicateCaseDocument[]

  beforeAll(async () => {
    const made = await districtWithCases('asks')
    district = made.district
    cases = made.cases
    assert.equal(made.second.state, 'completedWithAlerts')
    assert.equal(made.second.counts.duplicates, 2)
    assert.equal(made.second.counts.created, 0)
    assert.deepEqual(
      made.second.alerts.filter(({ kind }) => kind === 'duplicateCase').map(({ count }) => count),
      [2],
    )
  })

  it('is asked about with the right record first, and not imported', async () => {
    assert.equal(cases.length, 2)
    const records = await district.records('all')
    for (const [who, number] of [
      [back, 5],
      [twice, 9],
    ] as const) {
      const found = caseOf(cases, who)
      assert.equal(found.strength, 'likely')
      assert.equal(found.decision, null)
      assert.equal(found.candidates[0]?.recordId, records.get(pick(number).identifier)?.['recordId'])
      assert.ok((found.candidates[0]?.score ?? 0) > 0.7)
      assert.ok(found.candidates[0]?.evidence.includes('birthDate'))
      assert.equal(records.has(who.identifier), false)
      // As the source names it, not by an id of ours.
      assert.equal(found.incoming.schoolId, records.get(pick(number).identifier)?.['schoolId'])
    }
    // Nobody leaves while it is asked whether she is still here.
    assert.equal(records.get(pick(5).identifier)?.['status'], 'active')
  })

  it('keeps its case, and what was decided about it, when the next import shows it again', async () => {
    const { caseId, candidates } = caseOf(cases, back)
    const recordId = candidates[0]?.recordId ?? ''
    assert.equal((await district.command('alert', 'decide', caseId, '--match', recordId)).exitCode, 0)
    assert.equal((await district.import(await packageOf(dayTwo('again')))).exitCode, 4)
    const again = caseOf(await listCases(district), back)
    assert.equal(again.caseId, caseId)
    assert.equal(again.decision?.recordId, recordId)
    assert.equal((await district.command('alert', 'decide', caseId, '--cancel')).exitCode, 0)
    assert.equal(caseOf(await listCases(district), back).decision, null)
  })

  it('is asked about no more when the source has mended it', async () => {
    await district.import(await packageOf({ ...county, comment: 'mended' }))
    assert.deepEqual(await listCases(district), [])
  })
})

describe('a decision', () => {
  it('leaves the same tables by command, by HTTP, by update and by signal', async () => {
    const stack = await stackStarted
    const made = await Promise.all(['by-cli', 'by-http', 'by-update', 'by-signal'].map(districtWithCases))
    const [cli, http, update, signal] = made as [Made, Made, Made, Made] // as many as slugs

    for (const { caseId, action, recordId } of decisionsFor(cli.cases)) {
      const flags = action === 'match' ? ['--match', recordId ?? ''] : ['--create']
      assert.equal((await cli.district.command('alert', 'decide', caseId, ...flags)).exitCode, 0)
    }
    const carriedOut = await cli.district.command(
      ...['alert', 'process', '--district', 'by-cli', '--data-type', 'students', '--json'],
    )
    assert.equal(carriedOut.exitCode, 0, carriedOut.stderr)

    await ask(stack, `/api/districts/by-http/cases/decisions`, { decisions: decisionsFor(http.cases) })
    await ask(stack, `/api/districts/by-http/cases/process`, { dataType: 'students' })

    for (const [one, verb] of [
      [update, 'update'],
      [signal, 'signal'],
    ] as const) {
      const decisions = { decisions: decisionsFor(one.cases), by: 'operator-7' }
      await temporal(verb, one.second.workflowId, 'resolveDuplicates', decisions)
      await until(async () => (await listCases(one.district)).every(({ decision }) => decision !== null))
      await temporal(verb, one.second.workflowId, 'processUpdates', { by: 'operator-7' })
    }
    for (const { district, second } of made) {
      await until(async () => (await listCases(district)).length === 0)
      await until(async () => (await district.getRun(second.runId)).state === 'completed')
    }
    const outcome = await readOutcome(cli.district)
    for (const { district } of made) assert.deepEqual(await readOutcome(district), outcome, district.slug)

    const records = await cli.district.records('all')
    assert.equal(records.get(back.identifier)?.['sourceKey'], back.sourcedId)
    assert.equal(records.get(back.identifier)?.['status'], 'active')
    assert.equal(records.has(pick(5).identifier), false, 'she has the new id now')
    assert.equal(records.get(twice.identifier)?.['status'], 'active')
    assert.equal(records.get(pick(9).identifier)?.['status'], 'active')
  })

  it('that comes too late, or is about nobody, is answered plainly', async () => {
    const { district, cases, second } = await districtWithCases('late')
    const { caseId } = caseOf(cases, back)
    const stranger = '01930000-0000-7000-8000-000000000001'
    const wrong = await district.command('alert', 'decide', caseId, '--match', stranger)
    assert.equal(wrong.exitCode, 3)
    assert.match(wrong.stderr, /none of the candidates/)
    const unknown = await temporal('update', second.workflowId, 'resolveDuplicates', {
      decisions: [{ caseId: stranger, action: 'create' }],
      by: 'operator-7',
    }).catch((error: unknown) => (error instanceof Error && 'stderr' in error ? String(error.stderr) : ''))
    assert.match(unknown, /no case of this id/)
    const both = decisionsFor(cases).map(({ caseId }) => ({ caseId, action: 'create' as const }))
    await ask(await stackStarted, `/api/districts/late/cases/decisions`, { decisions: both })
    await district.command('alert', 'process', '--district', 'late', '--data-type', 'students')
    const late = await district.command('alert', 'decide', caseId, '--create')
    assert.equal(late.exitCode, 3)
    assert.match(late.stderr, /was carried out/)
  })
})

describe('a match', () => {
  let district: DistrictOnStack
  let caseId: string

  const values = () =>
    district.query(
      `select to_jsonb(s) - array['revision', 'updated_at', 'primary_digest', 'supplement_digest', 'edited_xid',
         'updated_run_id', 'connection_id', 'mapping_fingerprint'] as row from students s order by id`,
    )
  const carryOut = () => district.command('alert', 'process', '--district', district.slug, '--data-type', 'students')

  beforeAll(async () => {
    const made = await districtWithCases('matched')
    district = made.district
    const one = caseOf(made.cases, back)
    caseId = one.caseId
    await district.command('alert', 'decide', caseId, '--match', one.candidates[0]?.recordId ?? '')
    assert.equal((await carryOut()).exitCode, 4)
  })

  it('leaves no ghost: the next import knows her under the new id, and under the old one', async () => {
    const ids = async () => [...(await district.records('all')).keys()]
    await district.import(await packageOf(dayTwo('next day')))
    assert.equal((await ids()).includes(pick(5).identifier), false)
    const count = (await ids()).length
    // The old office sends her too.
    await district.import(await packageOf({ ...dayTwo('ghost'), isLeftOut: () => false }))
    assert.equal((await ids()).length, count)
    assert.equal((await ids()).includes(pick(5).identifier), false)
  })

  it('is taken back by an unmerge: both are records of their own, and stay so', async () => {
    const unmerged = await district.command('alert', 'unmerge', caseId)
    assert.equal(unmerged.exitCode, 0, unmerged.stderr)
    const records = await district.records('all')
    assert.equal(records.get(back.identifier)?.['status'], 'active')
    assert.equal(records.get(pick(5).identifier)?.['givenName'], pick(5).givenName)
    assert.notEqual(records.get(back.identifier)?.['recordId'], records.get(pick(5).identifier)?.['recordId'])
    assert.equal((await district.command('alert', 'unmerge', caseId)).exitCode, 3)
    await district.import(await packageOf({ ...dayTwo('both'), isLeftOut: () => false }))
    assert.equal((await district.records('all')).size, records.size)
    assert.equal(
      (await listCases(district)).some(({ incoming }) => incoming.sisId === back.identifier),
      false,
    )
  })

  it('is undone as any run, and asked about again', async () => {
    const other = await districtWithCases('undone')
    district = other.district
    const earlier = await values()
    const one = caseOf(other.cases, back)
    await district.command('alert', 'decide', one.caseId, '--match', one.candidates[0]?.recordId ?? '')
    await carryOut()
    const [resolution] = await district.listRuns()
    const undone = await district.command('undo', resolution?.runId ?? '', '--json')
    assert.equal(undone.exitCode, 0, undone.stderr)
    assert.deepEqual(await values(), earlier)
    assert.equal((await listCases(district)).length, 2)
    assert.deepEqual(await district.query('select * from record_aliases'), [])
  })
})

type Made = Awaited<ReturnType<typeof districtWithCases>>

function decisionsFor(cases: readonly DuplicateCaseDocument[]) {
  const first = caseOf(cases, back)
  const second = caseOf(cases, twice)
  return [
    { caseId: first.caseId, action: 'match' as const, recordId: first.candidates[0]?.recordId ?? '' },
    { caseId: second.caseId, action: 'create' as const, recordId: undefined },
  ].map(({ recordId, ...decision }) => (recordId === undefined ? decision : { ...decision, recordId })) as readonly {
    caseId: string
    action: 'match' | 'create'
    recordId?: string
  }[]
}

async function ask(stack: Awaited<typeof stackStarted>, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(stack.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer: unknown = await response.json()
  assert.ok(response.ok, JSON.stringify(answer))
  return answer
}

/** As an administrator pastes it. */
async function temporal(verb: 'update' | 'signal', workflowId: string, name: string, input: unknown): Promise<string> {
  const { temporalCli, temporalAddress } = await stackStarted
  const words = verb === 'update' ? ['workflow', 'update', 'execute'] : ['workflow', 'signal']
  const { stdout } = await run(temporalCli, [
    ...[...words, '--address', temporalAddress, '--workflow-id', workflowId, '--name', name],
    ...['--input', JSON.stringify(input)],
  ])
  return stdout
}
