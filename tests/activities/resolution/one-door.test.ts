import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { CaseActivities } from '../../../activities/interface.ts'
import { createCaseActivities } from '../../../activities/resolution/create-case-activities.ts'
import { createApp } from '../../../api/app.ts'
import { rights } from '../../../api/contract/rights.ts'
import { insertToken } from '../../../db/access/tokens.ts'
import { withDistrict } from '../../../db/database.ts'
import { listCases } from '../../../db/resolution/list-cases.ts'
import type { CaseDecision } from '../../../domain/duplicate-case.ts'
import { createLog } from '../../../platform/log.ts'
import { StandInSchedules } from '../../api/schedule/stand-in-schedules.ts'
import { StandInWorkflows } from '../../api/import/stand-in-workflows.ts'
import { packPeople, type Person } from '../../districts/lincoln-county.ts'
import { makeTestSecrets } from '../../harness/secrets.ts'
import { createEnvironment, useImportRig } from '../import-rig.ts'
import { saveState } from '../saved-state.ts'
import { cast } from './cast.ts'

const rig = useImportRig()
const log = createLog({ process: 'test', level: 'silent' })
const who = 'operator-7'

/** Two pairs have each other's identifier, and one pupil comes in a second time under other ids. */
const muddled = cast.flatMap((one, index) => {
  const partner = [1, 0, 3, 2][index]
  if (partner !== undefined) return [{ ...one, identifier: `n-p${partner}` }]
  return index === 4 ? [one, { ...one, id: 'again', identifier: 'n-again', username: 'again', email: '' }] : [one]
})

async function importPeople(people: readonly Person[]) {
  const run = await rig.giveRun(await rig.giveContent(packPeople(people)))
  await rig.importAll(run)
  return run
}

const wholeUuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g
const moment = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g

async function listRows(): Promise<{ table: string; row: string }[]> {
  const tables = (await rig.ask(
    `select tablename as table from pg_tables where schemaname = 'public'
       and tablename not in ('api_tokens', 'audit_chain', 'audit_heads')`,
  )) as { table: string }[] // what the catalogue's column is
  const rows = tables.map(
    ({ table }) => `select '${table}' as table, to_jsonb(t)::text as row from public."${table}" t`,
  )
  return (await rig.ask(rows.join(' union all '))) as { table: string; row: string }[] // the two columns named there
}

/** Every row of every table but for tokens and times; an id that was not there before is but a new one. */
async function readAll(known: ReadonlySet<string>): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const { table, row } of await listRows()) {
    const comparable = row
      .replaceAll(wholeUuid, (id) => (known.has(id) ? id : 'a new id'))
      .replaceAll(moment, 'a time')
      // From where somebody asked is told of the API alone.
      .replace(/"(actor_id|request_id)": "[^"]*"/g, '"$1": null')
      // The numbers of rows go on counting where others were taken away again.
      .replace(/"id": \d+/, '"id": 0')
    ;(all[table] ??= []).push(comparable)
  }
  for (const rows of Object.values(all)) rows.sort()
  return all
}

const listIds = async (): Promise<ReadonlySet<string>> =>
  new Set((await listRows()).flatMap(({ row }) => [...row.matchAll(wholeUuid)].map(([id]) => id)))

/** As the workflow of a run has it done, for a signal or an update. */
async function sayToWorkflow(runId: string, decisions: readonly CaseDecision[]): Promise<void> {
  const started = new StandInWorkflows()
  const workflows = { startRun: started.startRun.bind(started) } as Parameters<
    typeof createCaseActivities
  >[0]['workflows'] // nothing else is asked of it
  const activities = createCaseActivities({ db: rig.db, log, workflows })
  const act = <Name extends 'decideCases' | 'processCases'>(
    name: Name,
    argument: Parameters<CaseActivities[Name]>[0],
  ): Promise<unknown> => createEnvironment().run(activities[name] as never, argument)
  const run = { districtId: rig.districtId, runId, by: who }
  await act('decideCases', { ...run, decisions })
  await act('processCases', run)
}

async function sayToApi(decisions: readonly CaseDecision[]): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  await insertToken(rig.db, { token, name: who, rights })
  const api = createApp({
    ...{ db: rig.db, log, version: '0.0.0', secrets: makeTestSecrets().sealer },
    ...{ workflows: new StandInWorkflows(), schedules: new StandInSchedules() },
  })
  for (const [path, body] of [
    ['decisions', { decisions }],
    ['process', { dataType: 'students' }],
  ] as const) {
    const response = await api.request(`/api/districts/${rig.district}/cases/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.ok(response.ok, await response.text())
  }
}

/** What one is called whose ids changed places, or who came again. */
async function decideAll(pick: (conflicts: readonly string[], duplicate: string) => readonly CaseDecision[]) {
  const cases = await withDistrict(rig.db, rig.districtId, (trx) => listCases(trx, { districtId: rig.districtId }))
  const conflicts = cases.filter(({ reason }) => reason !== 'resembles').map(({ id }) => id)
  const [duplicate] = cases.filter(({ reason }) => reason === 'resembles')
  assert.equal(conflicts.length, 2)
  assert.ok(duplicate)
  return pick(conflicts, duplicate.id)
}

describe('decisions on cases', () => {
  let runId = ''
  beforeAll(async () => {
    await importPeople(cast)
    runId = (await importPeople(muddled)).runId
  })

  const tables: Record<string, (conflicts: readonly string[], duplicate: string) => readonly CaseDecision[]> = {
    'of which one needs a run': ([one = '', other = ''], duplicate) => [
      { caseId: one, action: 'leave' },
      { caseId: other, action: 'exchange' },
      { caseId: duplicate, action: 'create' },
    ],
    'that need none': ([one = '', other = '']) => [
      { caseId: one, action: 'leave' },
      { caseId: other, action: 'leave' },
    ],
  }
  for (const [what, pick] of Object.entries(tables)) {
    it(`${what} leave the same tables through the API and through the workflow of a run`, async () => {
      const decisions = await decideAll(pick)
      const restore = await saveState(rig)
      const known = await listIds()
      const before = await readAll(known)
      await sayToApi(decisions)
      const byApi = await readAll(known)
      assert.notDeepEqual(byApi['duplicate_cases'], before['duplicate_cases'])
      assert.notDeepEqual(byApi['alerts'], before['alerts'])
      await restore()
      assert.deepEqual(await readAll(known), before)
      await sayToWorkflow(runId, decisions)
      assert.deepEqual(await readAll(known), byApi)
      await restore()
    })
  }
})
