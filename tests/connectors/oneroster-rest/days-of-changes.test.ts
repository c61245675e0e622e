import assert from 'node:assert/strict'
import { getDataType } from '../../../domain/data-types/registry.ts'
import { startOneRosterRest, type StandIn } from '../../../simulators/oneroster-rest/start.ts'
import type { RunRef } from '../../../activities/interface.ts'
import { useImportRig, type ImportRig } from '../../activities/import-rig.ts'
import { tablesOf } from './tables-of.ts'

let day = 1
const now = () => new Date(Date.UTC(2026, 8, day, 5))
const today = () => now().toISOString().slice(0, 10)
const district = { seed: 11, students: 120, studentsPerSchool: 60, today: '2026-11-22' }

describe('a provider that is asked for its changes day by day', () => {
  let standIn: StandIn
  beforeAll(async () => {
    standIn = await startOneRosterRest({ district, version: '1.2', pageCap: 70 })
  })
  afterAll(() => standIn.close())
  const settings = () => ({ ...standIn.settings, pauseMs: 0 })
  const byChanges = useImportRig({
    ...{ now, today },
    connection: () => ({ connector: 'oneroster-rest', settings: { ...settings(), changes: {} } }),
  })
  const byAll = useImportRig({
    ...{ now, today },
    connection: () => ({ connector: 'oneroster-rest', settings: settings() }),
  })

  const goTo = (wanted: number) => {
    day = wanted
    standIn.goTo(Math.min(wanted, 4))
  }
  /** Only changes come with them. */
  // Every record was compared by another reading of it.
  const besides = [
    'primary_modified_at',
    'supplement_modified_at',
    'primary_digest',
    'supplement_digest',
    'gathered_digest',
  ]
  /** Says which of the data type's collections were read, or that they had nothing new. */
  const bring = async (rig: ImportRig, dataType: string): Promise<{ run: RunRef; what: 'all' | 'changes' }> => {
    const run = await rig.giveRun(null, { dataType })
    await rig.fetch(run)
    const opened = await rig.step('openRun', run)
    if (!opened.isUnchanged) {
      await rig.step('stageRun', run)
      await rig.step('buildPlan', run)
      await rig.step('applyPlan', { ...run, part: 'all' })
      await rig.close(run, { kind: 'applied' })
    }
    const { state, staging, askedSince } = await rig.readRun(run)
    assert.match(state, /^completed|^unchanged$/)
    if (staging !== null) assert.equal(staging.isDelta, askedSince !== null)
    return { run, what: askedSince === null ? 'all' : 'changes' }
  }
  const bringStudents = async () => (await bring(byChanges, 'students')).what

  it('leaves the same in every table as one that is read whole', async () => {
    const types = ['students', 'staff', 'courseCatalog', 'classes', 'enrollments']
    const read: Record<string, string[]> = {}
    for (const wanted of [1, 2, 3, 4]) {
      goTo(wanted)
      for (const dataType of types) {
        const { what } = await bring(byChanges, dataType)
        read[dataType] = [...(read[dataType] ?? []), what]
        assert.equal((await bring(byAll, dataType)).what, 'all')
      }
      const [changes, all] = [await tablesOf(byChanges, besides), await tablesOf(byAll, besides)]
      for (const { table } of types.map(getDataType))
        assert.deepEqual(changes[table], all[table], `${table}, day ${day}`)
    }
    assert.deepEqual(read['students'], ['all', 'changes', 'changes', 'changes'])
    assert.deepEqual(read['staff'], read['students'])
    // Those of a class without a teacher wait for it, and come in without a change of their own.
    assert.deepEqual(read['enrollments'], ['all', 'all', 'all', 'all'])
    assert.deepEqual(read['classes'], ['all', 'all', 'all', 'all'])
  })

  it('is read whole once a week, and after whatever the readings do not know of', async () => {
    goTo(5)
    assert.equal(await bringStudents(), 'changes')
    goTo(8)
    assert.equal(await bringStudents(), 'all')
    assert.equal(await bringStudents(), 'changes')

    // Nobody knows what is missing of pages that do not add up: they are asked for once more.
    standIn.setFaults([{ name: 'lying-total', collection: 'demographics' }])
    const { run: doubtful } = await bring(byChanges, 'students')
    standIn.setFaults([])
    const { run: after } = await bring(byChanges, 'students')
    const [missed, asked] = [await byChanges.readRun(doubtful), await byChanges.readRun(after)]
    assert.deepEqual(asked.askedSince, missed.askedSince)

    const { districtId } = byChanges
    const target = await bring(byChanges, 'students')
    await byChanges.ask(`update import_runs set applied_version = 1000 where id = '${target.run.runId}'`)
    await byChanges.ask(`update import_runs set state = 'undone' where id = '${target.run.runId}'`)
    assert.equal(await bringStudents(), 'all')
    assert.equal(await bringStudents(), 'changes')

    await byChanges.ask(`update mapping_versions set settings = settings || '{"overwriteWithBlank": true}'
      where district_id = '${districtId}' and data_type = 'students'`)
    assert.equal(await bringStudents(), 'all')
    assert.equal(await bringStudents(), 'changes')
    await byChanges.ask(`with version as (
        insert into mapping_versions (district_id, connection_id, data_type, version, document, created_by)
        select district_id, connection_id, data_type, version + 1, document, 'test' from mapping_versions
        where data_type = 'students' order by version desc limit 1 returning id)
      update import_configurations set mapping_version_id = (select id from version) where data_type = 'students'`)
    assert.equal(await bringStudents(), 'all')
    assert.equal(await bringStudents(), 'changes')
  })

  it('is asked from the same day by whoever goes on with a run, and by no run that came to nothing', async () => {
    goTo(9)
    const broken = await byChanges.giveRun(null)
    standIn.setFaults([{ name: 'malformed-json', collection: 'users', page: 1, times: 100 }])
    await assert.rejects(byChanges.fetch(broken))
    const first = await byChanges.readRun(broken)
    assert.ok(first.askedSince !== null && first.inputFileId === null)
    standIn.setFaults([])
    goTo(10)
    await byChanges.fetch(broken)
    const second = await byChanges.readRun(broken)
    assert.deepEqual([second.askedSince, second.askedAt], [first.askedSince, first.askedAt])
    await byChanges.close(broken, { kind: 'cancelled', by: 'test', reason: 'it was not wanted' })
    const { run } = await bring(byChanges, 'students')
    assert.deepEqual((await byChanges.readRun(run)).askedSince, first.askedSince)
  })
})
