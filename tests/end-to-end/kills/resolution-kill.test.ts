import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuplicateCaseDocument } from '../../../api/contract/duplicate-case.ts'
import type { InventedStudent } from '../../../simulators/oneroster-package/invented-people.ts'
import type { PackageRequest } from '../../../simulators/oneroster-package/make-package.ts'
import { createRandom } from '../../../simulators/oneroster-package/invented-people.ts'
import type { Stack } from '../../../stack/stack.ts'
import { startTestStack } from '../../harness/stack.ts'
import { untilItWorks } from '../../harness/until.ts'
import { DistrictOnStack, packageOf } from '../district-on-stack.ts'
import { inventStudents, userRow } from '../invented-rows.ts'
import { killProcess } from './stack-killer.ts'

const rounds = Number(process.env['ROLLBOOK_TEST_RESOLUTION_KILLS'] ?? 6)
const seed = Number(process.env['ROLLBOOK_TEST_SEED'] ?? randomInt(1_000_000))
const county = { seed: 815, students: 1_500 } satisfies PackageRequest
const isBack = (_: unknown, number: number) => number % 10 === 0

const people = inventStudents(county.seed, county.students)
const back = people
  .filter((_, index) => isBack(_, index + 1))
  .map((who) => ({ ...who, sourcedId: `again-${who.identifier}`, identifier: `5${who.identifier}` }))
const secondDay: PackageRequest = {
  ...county,
  isLeftOut: isBack,
  moreUsers: back.map((who) => userRow(who)),
  moreDemographics: back.map(demographicsRow),
}

function demographicsRow({ sourcedId, birthDate, sex }: InventedStudent): string {
  return [sourcedId, '', '', birthDate, sex, ...Array.from({ length: 11 }, () => '')].join(',')
}

describe(`decisions about ${back.length} cases, with ${rounds} kills (ROLLBOOK_TEST_SEED=${seed})`, () => {
  let stack: Stack
  let expected: unknown
  const random = createRandom(seed, 1)

  beforeAll(async () => {
    stack = await startTestStack()
  })

  it('are compared with those that nobody disturbs', async () => {
    const district = await decidedDistrict('calm')
    await carryOut(district)
    expected = await readOutcome(district)
    assert.ok((await openCases(district)).length < back.length / 10)
  })

  for (let round = 1; round <= rounds; round++) {
    const victim = round % 2 === 0 ? 'postgres' : 'worker'
    it(`are carried out once when ${victim} is killed meanwhile (${round})`, async () => {
      const district = await decidedDistrict(`round-${round}`)
      const done = carryOut(district)
      await sleep(random() * 1_500)
      await killProcess(stack, victim)
      await done
      assert.deepEqual(await untilItWorks(() => readOutcome(district)), expected)
    })
  }

  /** Every case decided: a match with the best candidate, or where somebody else has that one, a record of its own. */
  async function decidedDistrict(slug: string): Promise<DistrictOnStack> {
    const district = await untilItWorks(() => DistrictOnStack.create(stack, slug))
    await district.import(await packageOf(county))
    await district.import(await packageOf(secondDay), '--approve-hold')
    const decisions = (await openCases(district)).map(({ caseId, candidates }) => ({
      ...{ caseId, action: 'match' },
      recordId: candidates[0]?.recordId,
    }))
    assert.ok(decisions.length > back.length * 0.9)
    await ask(`/api/districts/${slug}/cases/decisions`, { decisions })
    return district
  }

  async function carryOut({ slug }: DistrictOnStack): Promise<void> {
    await untilItWorks(() => ask(`/api/districts/${slug}/cases/process`, { dataType: 'students' }))
    for (;;) {
      const { items } = (await untilItWorks(() => ask(`/api/runs?district=${slug}`))) as { items: { state: string }[] } // by the contract
      if (items.length === 3 && items.every(({ state }) => state.startsWith('completed'))) return
      await sleep(100)
    }
  }

  function openCases({ slug }: DistrictOnStack): Promise<DuplicateCaseDocument[]> {
    return untilItWorks(() => ask(`/api/districts/${slug}/cases`)) as Promise<DuplicateCaseDocument[]> // by the contract
  }

  async function ask(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(stack.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
})

/** All that the decisions leave, without what differs from district to district. */
async function readOutcome(district: DistrictOnStack): Promise<unknown> {
  const rows = async (query: string) => (await district.query<{ row: string }>(query)).map(({ row }) => row)
  return {
    students: await rows(
      `select (to_jsonb(s) - array['id', 'district_id', 'school_id', 'connection_id', 'created_run_id', 'updated_run_id',
         'created_at', 'updated_at', 'edited_xid', 'mapping_fingerprint'])::text as row from students s order by sis_id`,
    ),
    cases: await rows(
      `select concat_ws(' ', incoming_key, strength, state, decision) as row from duplicate_cases order by 1`,
    ),
    aliases: await rows(`select concat_ws(' ', field, value) as row from record_aliases order by 1`),
    journal: await rows(
      `select concat_ws(' ', s.sis_id, j.action, j.before, j.revision) as row
       from journal j join students s on s.id = j.record_id order by 1`,
    ),
    resolutions: await rows(`select count(*)::text as row from import_runs where is_resolution`),
  }
}
