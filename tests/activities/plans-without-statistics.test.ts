import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { streamFindingsCsv, streamPlanCsv } from '../../api/import/run-tables.ts'
import { decideCases } from '../../db/resolution/decide-cases.ts'
import { listCases, listMembers, readCaseValues } from '../../db/resolution/list-cases.ts'
import { openResolution } from '../../db/resolution/open-resolution.ts'
import { withDistrict } from '../../db/database.ts'
import { allActive, listRecords } from '../../db/records/list-records.ts'
import { getRun } from '../../db/import/runs.ts'
import { purgeCaseValues } from '../../db/retention/purge-history.ts'
import { purgeRunLogs } from '../../db/retention/purge-run-logs.ts'
import { previewUndo } from '../../db/undo/preview-undo.ts'
import type { RunRef } from '../../activities/interface.ts'
import { students } from '../../domain/data-types/students.ts'
import type { PackagePupil, PupilPackage } from '../fixtures/pupil-package.ts'
import { isQuadratic, type PlanWatch } from './executed-plans.ts'
import { useImportRig, type ImportRig } from './import-rig.ts'
import { describeFault, states, watchEveryPlan, type State } from './statistics-states.ts'

const pupilCount = 900
const schools = ['S1', 'S2', 'S3', 'S4']
const syllables = ['ba', 'do', 'fe', 'gi', 'hu', 'ka', 'lo', 'me', 'ni', 'pu', 'ra', 'so', 'te', 'vi', 'wu', 'za']

/** An invented pupil like no other: so nobody is taken for another by accident. */
function inventPupil(number: number, change: Partial<PackagePupil> = {}): PackagePupil {
  const name = (salt: number) =>
    [0, 4, 8].map((shift) => syllables[((number * salt) >> shift) % syllables.length] ?? '').join('')
  const day = new Date(Date.UTC(2008, 0, 1 + ((number * 7) % 3600))).toISOString().slice(0, 10)
  return {
    id: `p${number}`,
    orgs: schools[number % schools.length] ?? 'S1',
    givenName: `A${name(7919)}`,
    familyName: `B${name(104_729)}`,
    birthDate: day,
    ...change,
  }
}

const pupils = (from: number, to: number, change: (number: number) => Partial<PackagePupil> = () => ({})) =>
  Array.from({ length: to - from }, (_, at) => inventPupil(from + at, change(from + at)))

/**
 * Every step of everything that can become of a thousand records, hundreds of them in each part. Readers have the
 * statistics of the step before: what a person reads is a page.
 */
async function tellStory(rig: ImportRig, watch: PlanWatch, state: State): Promise<void> {
  const { db, districtId } = rig
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    await state.beforeStep(rig)
    return watch.during(name, work)
  }
  const carryOut = async (run: RunRef, isResolution = false) => {
    await step('openRun', () => rig.step('openRun', run))
    if (!isResolution) await step('stageRun', () => rig.step('stageRun', run))
    await step('buildPlan', () => rig.step('buildPlan', run))
    await readPlan(run)
    await step('applyPlan', () => rig.step('applyPlan', { ...run, part: 'all' }))
    await step('closeRun', () => rig.close(run, { kind: 'applied' }))
  }
  const inDistrict = <Result>(name: string, work: Parameters<typeof withDistrict<Result>>[2]) =>
    watch.during(name, () => withDistrict(db, districtId, work))
  const stepInDistrict: typeof inDistrict = async (name, work) => {
    await state.beforeStep(rig)
    return inDistrict(name, work)
  }
  const drain = async (name: string, lines: AsyncIterable<string>) => {
    await watch.during(name, async () => {
      for await (const line of lines) assert.ok(line !== '')
    })
  }
  const readPlan = async (run: RunRef) => {
    const row = await rig.readRun(run)
    const options = { mayViewValues: true, isRaw: false }
    await drain('plan as CSV', streamPlanCsv(db, row, { ...options, changesOnly: false }))
    await drain('plan as CSV, changes only', streamPlanCsv(db, row, { ...options, changesOnly: true }))
    await drain('findings as CSV', streamFindingsCsv(db, row, { isRaw: false }))
  }
  const give = async (request: PupilPackage, isTest = false) => {
    await state.beforeRun(rig)
    return rig.giveRun(await rig.givePupils({ schools, ...request }), { isTest })
  }
  const night = async (request: PupilPackage): Promise<RunRef> => {
    const run = await give(request)
    await carryOut(run)
    return run
  }
  const undo = async (target: RunRef): Promise<RunRef> => {
    await state.beforeRun(rig)
    await inDistrict('preview of an undo', async (trx) =>
      previewUndo(trx, students, { run: await getRun(trx, target.runId), limit: 1000 }),
    )
    const opened = await step('openUndo', () => rig.step('openUndo', { ...target, by: 'operator-7', reason: 'wrong' }))
    assert.ok(opened.kind === 'opened', JSON.stringify(opened))
    const run = { districtId, runId: opened.undoRunId }
    assert.deepEqual(await step('carryOutUndo', () => rig.step('carryOutUndo', run)), { obstacle: null })
    await step('closeUndo', () => rig.step('closeUndo', { ...run, outcome: { kind: 'done' } }))
    return run
  }

  // Rows that are refused: alerts of them are looked for at the end of each run.
  const refused = pupils(8000, 8200, () => ({ familyName: '' }))
  const first = await night({ pupils: [...pupils(0, pupilCount), ...refused] })
  const firstUndone = await undo(first)
  await undo(firstUndone)

  const changed = (number: number) => (number % 2 === 0 ? { grade: '06' } : {})
  const isTested = await give({ pupils: pupils(0, pupilCount, changed) }, true)
  await step('openRun', () => rig.step('openRun', isTested))
  await step('stageRun', () => rig.step('stageRun', isTested))
  await step('buildPlan', () => rig.step('buildPlan', isTested))
  await step('closeRun', () => rig.close(isTested, { kind: 'tested' }))

  // A third is absent, half changes, and some are new.
  const second = await night({ pupils: [...pupils(350, pupilCount + 200, changed), ...refused] })
  const delta = await night({
    isDelta: true,
    pupils: pupils(350, 800, (number) => (number % 3 === 0 ? { status: 'tobedeleted' } : { grade: '07' })),
  })
  await undo(await undo(delta))

  // New ids for hundreds, and hundreds of ids that are somebody else's now.
  const mixed = await night({
    pupils: [
      ...pupils(0, 250, (number) => ({ id: `again${number}` })),
      ...pupils(5000, 5250, (number) => ({ id: `p${number - 5000 + 350}` })),
      ...pupils(600, pupilCount + 200),
    ],
  })
  const cases = await inDistrict('cases', async (trx) => {
    const rows = await listCases(trx, { districtId })
    await readCaseValues(trx, rows, await listMembers(trx, rows))
    return rows
  })
  assert.ok(cases.length >= 260, `${cases.length} cases`)
  await stepInDistrict('decideCases', (trx) =>
    decideCases(trx, {
      districtId,
      by: 'operator-7',
      decisions: cases.map(({ id, candidates }, at) => {
        const recordId = candidates[0]?.recordId
        return at % 4 === 0 || recordId === undefined
          ? { caseId: id, action: 'create' }
          : { caseId: id, action: 'match', recordId }
      }),
    }),
  )
  await state.beforeRun(rig)
  const { runs } = await stepInDistrict('openResolution', (trx) =>
    openResolution(trx, {
      districtId,
      dataType: students,
      by: 'operator-7',
      newRun: () => ({ id: randomUUID(), workflowId: `import/${rig.district}/students/${randomUUID()}` }),
    }),
  )
  assert.ok(runs.length > 0)
  for (const { id } of runs) await carryOut({ districtId, runId: id }, true)
  const resolution = { districtId, runId: runs.at(-1)?.id ?? '' }
  await undo(await undo(resolution))
  // What was decided is remembered, and asked of every row of the next night.
  await night({
    pupils: [
      ...pupils(0, 250, (number) => ({ id: `again${number}`, grade: '09' })),
      ...pupils(5000, 5250, (number) => ({ id: `p${number - 5000 + 350}`, grade: '09' })),
      ...pupils(600, pupilCount + 200, changed),
    ],
  })

  for (const status of ['active', null] as const) {
    await inDistrict('records', (trx) => listRecords(trx, students, { ...allActive, status, limit: 5000 }))
  }
  for (const { runId } of [first, second, delta, mixed]) {
    await step('purgeJournal', () => rig.step('purgeJournal', { districtId, runId }))
  }
  const later = new Date('2027-12-01T00:00:00Z')
  await rig.ask('update alerts set closed_at = now()')
  await step('purgeRunLogs', () => purgeRunLogs(db, { districtId, now: later, logDays: 30 }))
  await step('purgeCaseValues', () => purgeCaseValues(db, { districtId, now: later, caseDays: 30 }))
}

/** Of the large statements some words of each, so that none is thought to be judged that did not run. */
const large: readonly string[] = [
  'from staging_primary p full join staging_supplement s',
  'from staging_primary p left join',
  'r."sis_id" in (select p."f_sis_id" from staging_primary',
  'insert into plan_rows (district_id, run_id, plan_no, seq, action, record_id, school_id, revision, reason, changes)',
  'left join (select distinct primary_digest from staged_unseen',
  'with claimed as (',
  'with twice as (',
  'with created as (',
  'with stale as materialized',
  'with incoming as materialized',
  'insert into given_matches',
  'insert into "students"',
  'insert into journal',
  'update "students" r set "sis_id" = ',
  'insert into duplicate_cases',
  'insert into case_members',
  'insert into not_imported',
  'with refused as (',
  'with taken as (',
  'insert into record_aliases',
  'with reverted as (',
  'with wanted as (',
  'holder_id from',
  'set status = ?, primary_modified_at = null',
  'insert into record_changes',
  'with page as (',
]

describe.each(states)('a database that $name', (state) => {
  const rig = useImportRig()
  let watch: PlanWatch

  beforeAll(async () => {
    watch = await watchEveryPlan(rig)
  })

  it('is asked for nothing that takes the rows of one side times those of the other', async () => {
    await tellStory(rig, watch, state)
    const statements = watch.statements()
    for (const part of large)
      assert.ok(
        statements.some(({ text }) => text.includes(part)),
        part,
      )
    const faults = statements.filter(isQuadratic).map(describeFault)
    assert.equal(faults.length, 0, faults.join('\n\n'))
  })

  it('would be caught at it', async () => {
    await watch.during('made up', () =>
      withDistrict(rig.db, rig.districtId, async (trx) => {
        await sql`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(
          trx,
        )
        await sql`select count(*) from generate_series(1, 300) a join generate_series(1, 300) b on a + 300 = b`.execute(
          trx,
        )
      }),
    )
    const madeUp = watch.statements().filter(({ step }) => step === 'made up')
    assert.equal(madeUp.filter(isQuadratic).length, 1, madeUp.map(describeFault).join('\n'))
  })
})
