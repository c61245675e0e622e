import assert from 'node:assert/strict'
import type { ImportActivities, RunRef, UndoActivities } from '../../activities/interface.ts'
import { withDistrict } from '../../db/database.ts'
import { estimateRows } from '../../db/engine/estimate-rows.ts'
import { until } from '../harness/until.ts'
import { createEnvironment, useImportRig, type ImportRig } from './import-rig.ts'

type Step = (environment: ReturnType<typeof createEnvironment>) => Promise<unknown>

const county = { seed: 5, students: 60, studentsPerSchool: 30 } as const

const countWaiting = async (rig: ImportRig): Promise<number> =>
  (
    await rig.ask(
      'select from pg_locks join pg_database on pg_database.oid = database and datname = current_database() where not granted',
    )
  ).length

/** Runs the step while a table is taken, so that a statement of it comes to no end, and does `meanwhile` when it waits. */
async function runAgainstTaken(
  rig: ImportRig,
  table: string,
  step: () => Promise<unknown>,
  meanwhile: () => Promise<void> | void,
): Promise<{ readonly value?: unknown; readonly error?: unknown }> {
  await rig.ask('begin')
  try {
    await rig.ask(`lock table ${table} in access exclusive mode`)
    const settled = step().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    await until(async () => (await countWaiting(rig)) > 0)
    await meanwhile()
    return await settled
  } finally {
    await rig.ask('rollback')
  }
}

describe('a step whose statement comes to no end', () => {
  const rig = useImportRig()

  const cancelled = async (reason: 'CANCELLED' | 'WORKER_SHUTDOWN', table: string, step: Step) => {
    const environment = createEnvironment()
    const outcome = await runAgainstTaken(
      rig,
      table,
      () => step(environment),
      () => environment.cancel(reason),
    )
    // The table was taken all the time: only an order to the statement itself ended it.
    assert.equal(await countWaiting(rig), 0)
    return outcome
  }
  const stepOf =
    <Name extends keyof (ImportActivities & UndoActivities)>(
      name: Name,
      argument: Parameters<(ImportActivities & UndoActivities)[Name]>[0],
    ): Step =>
    (environment) =>
      rig.step(name, argument, environment)

  it('is over when somebody cancels, be it reading, planning, applying or undoing', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    await rig.step('openRun', run)
    for (const name of ['stageRun', 'buildPlan'] as const) {
      const { error } = await cancelled('CANCELLED', 'staged_students', stepOf(name, run))
      assert.equal((error as Error).message, 'CANCELLED', name)
      await rig.step(name, run)
    }
    const applied = await cancelled('CANCELLED', 'students', stepOf('applyPlan', { ...run, part: 'all' }))
    assert.equal((applied.value as { kind: string }).kind, 'stopped')
    await rig.step('applyPlan', { ...run, part: 'all' })
    assert.equal((await rig.close(run, { kind: 'applied' })).state, 'completed')

    const undo = await openUndo(rig, run)
    const { error } = await cancelled('CANCELLED', 'students', stepOf('carryOutUndo', undo))
    assert.equal((error as Error).message, 'CANCELLED')
    assert.deepEqual(await rig.step('carryOutUndo', undo), { obstacle: null })
  })

  it('is tried again elsewhere when its worker stops', async () => {
    const run = await rig.giveRun(await rig.givePackage({ ...county, seed: 6 }))
    await rig.plan(run)
    await rig.step('applyPlan', { ...run, part: 'all' })
    const close = stepOf('closeRun', { ...run, outcome: { kind: 'applied' } })
    const { error } = await cancelled('WORKER_SHUTDOWN', 'alerts', close)
    assert.equal((error as { nonRetryable?: boolean }).nonRetryable, false)
    assert.match((await rig.close(run, { kind: 'applied' })).state, /^completed/)
  })
})

describe('a statement that takes far longer than its rows need', () => {
  const rig = useImportRig({ deriveStatementTimeout: () => 1_000 })

  const estimate = (run: RunRef): Promise<number> =>
    withDistrict(rig.db, rig.districtId, (trx) => estimateRows(trx, run.runId))
  const countedRows = async (): Promise<number> => {
    const [row] = await rig.ask(`select reltuples::int as count from pg_class where oid = 'students'::regclass`)
    return (row as { count: number }).count
  }

  it('is one that takes longer than the largest input lately lets expect', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    assert.equal(await estimate(run), Math.floor(((await rig.readRun(run)).inputBytes ?? 0) / 15))
    await rig.plan(run)
    const before = await estimate(run)
    assert.ok(before >= 60)
    const delta = await rig.giveRun(await rig.givePackage({ ...county, seed: 9, students: 3 }))
    assert.equal(await estimate(delta), before)
    await rig.clear()
  })

  it('has the tables counted, and its step is tried once more', async () => {
    const run = await rig.giveRun(await rig.givePackage(county))
    await rig.importAll(run)
    const next = await rig.giveRun(await rig.givePackage({ ...county, changedEvery: 2 }))
    await rig.step('openRun', next)
    await rig.step('stageRun', next)
    await rig.ask(`update pg_class set reltuples = -1, relpages = 0 where oid = 'students'::regclass`)
    const { error } = await runAgainstTaken(
      rig,
      'staged_students',
      () => rig.step('buildPlan', next),
      () => undefined,
    )
    assert.equal((error as { type?: string }).type, 'STEP_TOO_SLOW')
    assert.equal((error as { nonRetryable?: boolean }).nonRetryable, true)
    assert.equal(await countedRows(), 60)

    // Free again as soon as the tables were counted.
    await rig.ask(`update pg_class set reltuples = -1, relpages = 0 where oid = 'students'::regclass`)
    const { value } = await runAgainstTaken(
      rig,
      'staged_students',
      () => rig.step('buildPlan', next),
      async () => {
        await until(async () => (await countedRows()) === 60)
        await rig.ask('rollback')
      },
    )
    assert.equal((value as { actions: { update: number } }).actions.update, 30)
  })
})

async function openUndo(rig: ImportRig, run: RunRef): Promise<RunRef> {
  const opened = await rig.step('openUndo', { ...run, by: 'operator-7', reason: 'wrong file' })
  if (opened.kind !== 'opened') throw new Error(opened.reason)
  return { districtId: run.districtId, runId: opened.undoRunId }
}
