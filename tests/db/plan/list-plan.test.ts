import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { summarizePlan } from '../../../db/plan/summarize-plan.ts'
import { listPlanRows, type ListedPlanRow, type PlanFilter } from '../../../db/plan/list-plan-rows.ts'
import { getRun } from '../../../db/import/runs.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'

const district = useEmptyRig()

const pupil = (number: number, change: Partial<Pupil> = {}): Pupil => ({
  key: `k${String(number)}`,
  sisId: String(1000 + number),
  ...change,
})

/**
 * Held: 1 to 6. In the input, in this order: 7 (new), 1 (changed), 8 (new), 9 twice (one id, so both are skipped), 2
 * (changed), 10 (new), 3 (as it was). Absent: 4, 5, 6.
 */
async function planSpreadRun(): Promise<string> {
  const { rig } = district
  await rig.import([1, 2, 3, 4, 5, 6].map((number) => pupil(number)))
  const changed = { homeroom: 'B2' }
  const twin = pupil(9, { key: 'k9b' })
  const runId = await rig.stage([
    ...[pupil(7), pupil(1, changed), pupil(8), pupil(9), twin],
    ...[pupil(2, changed), pupil(10), pupil(3)],
  ])
  await rig.plan(runId)
  return runId
}

function listPage(
  runId: string,
  afterSeq: number,
  limit: number,
  changesOnly = false,
  filter: PlanFilter = {},
): Promise<ListedPlanRow[]> {
  const { db, districtId } = district.rig
  return withDistrict(db, districtId, async (trx) => {
    const { planNo } = await getRun(trx, runId)
    return listPlanRows(trx, students, { runId, planNo, afterSeq, limit, changesOnly, filter })
  })
}

/** In the order in which they were planned: plan and row are the end of an id. */
const listCreated = async (runId: string): Promise<{ id: string; planNo: number }[]> => {
  const { rows } = await district.rig.owner.query<{ id: string; planNo: number }>(
    `select id, ('x' || substr(id::text, 25, 4))::bit(16)::int as "planNo"
     from students where created_run_id = $1 order by id`,
    [runId],
  )
  return rows
}

describe('the pages of a plan', () => {
  it('are the whole list in order, whatever their size, with the creates in their places', async () => {
    const runId = await planSpreadRun()
    const whole = await listPage(runId, 0, 100)
    const count = (action: string) => whole.filter((row) => row.action === action).length
    assert.deepEqual(['create', 'update', 'skip', 'deactivate'].map(count), [3, 2, 2, 3])
    assert.deepEqual(
      whole.map(({ seq }) => seq),
      whole.map(({ seq }) => seq).toSorted((a, b) => a - b),
    )
    for (const limit of [1, 2, 3, 4]) {
      const pages: ListedPlanRow[] = []
      let page = await listPage(runId, 0, limit)
      while (page.length > 0) {
        assert.ok(page.length <= limit)
        pages.push(...page)
        page = await listPage(runId, pages.at(-1)?.seq ?? 0, limit)
      }
      assert.deepEqual(pages, whole)
    }
    const changes = whole.filter(({ action }) => action !== 'skip')
    assert.deepEqual(await listPage(runId, 0, 100, true), changes)
  })

  it('are those rows of the list that a filter means, page by page', async () => {
    const runId = await planSpreadRun()
    const whole = await listPage(runId, 0, 100)
    const rowsOf = (isMeant: (row: ListedPlanRow) => boolean) => whole.filter(isMeant)
    for (const [filter, expected] of [
      [{ actions: ['create'] }, rowsOf(({ action }) => action === 'create')],
      [{ actions: ['update', 'deactivate'] }, rowsOf(({ action }) => ['update', 'deactivate'].includes(action))],
      [{ field: 'homeroom' }, rowsOf(({ action }) => action === 'update')],
      [{ field: 'sisId' }, rowsOf(({ action }) => action === 'create')],
      [{ field: 'customFields.bus' }, []],
      [{ field: 'shoeSize' }, []],
      [
        { school: 'north', actions: ['create', 'skip'] },
        rowsOf(({ action, school }) => school === 'north' && ['create', 'skip'].includes(action)),
      ],
      [{ school: 'nowhere' }, []],
    ] satisfies [PlanFilter, ListedPlanRow[]][]) {
      assert.deepEqual(await listPage(runId, 0, 100, false, filter), expected, JSON.stringify(filter))
      const first = await listPage(runId, 0, 1, false, filter)
      assert.deepEqual(first, expected.slice(0, 1))
    }
  })

  it('are counted by action, school and field', async () => {
    const runId = await planSpreadRun()
    const { db, districtId } = district.rig
    const summary = await withDistrict(db, districtId, async (trx) => {
      const { planNo } = await getRun(trx, runId)
      return summarizePlan(trx, { runId, planNo })
    })
    const north = { school: 'north', schoolName: 'north' }
    assert.deepEqual(
      summary.filter(({ action }) => action !== 'unchanged'),
      [
        { ...north, action: 'create', count: 3, fields: {} },
        { ...north, action: 'update', count: 2, fields: { homeroom: 2 } },
        { ...north, action: 'deactivate', count: 3, fields: {} },
        { ...north, action: 'skip', count: 2, fields: {} },
      ],
    )
  })

  it('name a create by the id that the record then gets', async () => {
    const { rig } = district
    const runId = await planSpreadRun()
    const planned = (await listPage(runId, 0, 100)).filter(({ action }) => action === 'create')
    await rig.apply(runId)
    const held = new Map((await rig.students()).map(({ id, sis_id }) => [id, sis_id]))
    assert.deepEqual(
      planned.map(({ recordId, changes }) => [held.get(recordId ?? ''), changes?.['schoolId']?.[1]]),
      planned.map(({ changes }) => [changes?.['sisId']?.[1], 'north']),
    )
    const created = await listCreated(runId)
    assert.deepEqual(
      created.map(({ id }) => id),
      planned.map(({ recordId }) => recordId),
    )
  })
})

describe('a plan made anew after a part of it was applied', () => {
  it('creates only what is not there yet; what the first plan created stays in the list', async () => {
    const { rig } = district
    const input = [1, 2, 3, 4, 5].map((number) => pupil(number))
    const runId = await rig.stage(input)
    await rig.plan(runId)
    const stop = new Error('stopped')
    await assert.rejects(
      rig.apply(runId, {
        batchRows: 2,
        afterBatch: () => {
          throw stop
        },
      }),
      stop,
    )
    const first = await listCreated(runId)
    assert.equal(first.length, 2)

    await rig.restage(runId, input)
    const { actions } = await rig.plan(runId)
    assert.deepEqual([actions.create, actions.unchanged], [3, 0])
    assert.deepEqual(await rig.apply(runId), { isStale: false, actions: { ...actions, create: 5 } })
    const all = await listCreated(runId)
    assert.deepEqual(all.slice(0, 2), first)
    assert.deepEqual(
      all.map(({ planNo }) => planNo),
      [0, 0, 1, 1, 1],
    )
    assert.equal((await rig.students()).length, 5)
  })
})
