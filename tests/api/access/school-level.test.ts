import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { DuplicateCaseDocument } from '../../../api/contract/duplicate-case.ts'
import type { RunFinding } from '../../../api/contract/finding.ts'
import type { Page } from '../../../api/contract/paging.ts'
import type { PlanRow } from '../../../api/contract/plan.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RosterRecord } from '../../../api/contract/record.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { withDistrict } from '../../../db/database.ts'
import type { RunRow } from '../../../db/import/runs.ts'
import { plantOrg } from '../../fixtures/plant-org.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'
import { plantConnection, plantRun } from '../import/plant-run.ts'

const rig = useApiRig()

let district: TestDistrict
let run: RunRow
let office: string
let held: Record<'mine' | 'theirs', string>
let comesIn: Record<'mine' | 'theirs', string>

/** Of two schools, each with somebody held and changed by the run, and somebody who comes in, with a finding and a case. */
beforeAll(async () => {
  const everywhere = await rig().makeToken()
  district = await rig().makeDistrict()
  const connection = await plantConnection(rig(), everywhere, district)
  run = await plantRun(rig(), district, connection.id)
  const districtId = district.id
  await withDistrict(rig().db, districtId, async (trx) => {
    const plant = async (which: 'mine' | 'theirs', seq: number) => {
      const schoolId = await plantOrg(trx, districtId, { sourceKey: which, name: which })
      const person = { districtId, schoolId, givenName: 'Ada', familyName: `Of-${which}` }
      const recordId = randomUUID()
      const key = { sisId: `held-${which}`, sourceKey: `key-held-${which}` }
      await trx
        .insertInto('students')
        .values({ ...person, ...key, id: recordId })
        .execute()
      const staged = { runId: run.id, line: seq + 1, kind: 1, parts: 1 }
      const rows = [
        { ...person, ...staged, seq, sisId: `new-${which}`, sourceKey: `key-new-${which}` },
        { ...person, ...staged, ...key, seq: seq + 1 },
      ]
      await trx.insertInto('stagedStudents').values(rows).execute()
      const changes = JSON.stringify({ givenName: ['Bea', 'Ada'] })
      const row = { districtId, runId: run.id, planNo: 0, seq: seq + 1, action: 'update' as const, recordId, schoolId }
      await trx
        .insertInto('planRows')
        .values({ ...row, revision: 1, reason: null, changes })
        .execute()
      const finding = { districtId, runId: run.id, step: 'stage' as const, rule: 'F-06', severity: 'warning' as const }
      await trx
        .insertInto('runFindings')
        .values({
          ...finding,
          seq,
          file: 'users.csv',
          line: seq,
          column: null,
          sourceId: `key-new-${which}`,
          message: 'm',
        })
        .execute()
      const candidates = JSON.stringify([
        { recordId, score: 0.9, evidence: ['familyName'], twin: false, explanation: '' },
      ])
      const { id: caseId } = await trx
        .insertInto('duplicateCases')
        .values({
          districtId,
          runId: run.id,
          seq,
          dataType: 'students',
          connectionId: connection.id,
          reason: 'resembles',
          incomingKey: `new-${which}`,
          candidates,
          strength: 'likely',
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { recordId, caseId, schoolId }
    }
    const [mine, theirs] = [await plant('mine', 1), await plant('theirs', 11)]
    held = { mine: mine.recordId, theirs: theirs.recordId }
    comesIn = { mine: mine.caseId, theirs: theirs.caseId }
    await trx
      .insertInto('runFindings')
      .values({
        districtId,
        runId: run.id,
        step: 'stage',
        rule: 'Z-01',
        severity: 'error',
        seq: 21,
        message: 'of a file',
      })
      .execute()
    office = await rig().makeToken({ districtId, schoolIds: [mine.schoolId] })
  })
})

const read = async <Answer>(path: string, status = 200) =>
  await readAnswer<Answer>(await rig().send(office, 'GET', path), status)
const readCsv = async (path: string) => await (await rig().send(office, 'GET', path)).text()

describe('a token that is bound to schools', () => {
  it('sees the records of these schools alone, as pages and as CSV', async () => {
    const path = `/api/districts/${district.slug}/records/students`
    const { items } = await read<Page<RosterRecord>>(path)
    assert.deepEqual(
      items.map(({ recordId }) => recordId),
      [held.mine],
    )
    const csv = await readCsv(`${path}?format=csv`)
    assert.ok(csv.includes('held-mine') && !csv.includes('theirs'))
    await read(`${path}/${held.mine}/history`)
    await read(`${path}/${held.theirs}/history`, 404)
    assert.equal((await read<RosterRecord>(`${path}/${held.mine}`)).recordId, held.mine)
    await read(`${path}/${held.theirs}`, 404)
  })

  it('finds the records of these schools alone, whatever it searches for', async () => {
    const path = `/api/districts/${district.slug}/records/students/search`
    for (const form of ['json', 'csv', 'jsonl']) {
      const found = await (await rig().sendJson(office, 'POST', path, { search: 'ada', format: form })).text()
      assert.ok(found.includes('held-mine') && !found.includes('theirs'), found)
    }
  })

  it('sees of a run what is about these schools', async () => {
    const runs = await read<Page<RunDocument>>('/api/runs')
    assert.deepEqual(
      runs.items.map(({ runId }) => runId),
      [run.id],
    )
    const plan = await read<Page<PlanRow>>(`/api/runs/${run.id}/plan`)
    assert.deepEqual(
      plan.items.map(({ sisId }) => sisId),
      ['new-mine', 'held-mine'],
    )
    const findings = await read<Page<RunFinding>>(`/api/runs/${run.id}/findings`)
    assert.deepEqual(
      findings.items.map(({ sourcedId }) => sourcedId),
      ['key-new-mine'],
    )
    for (const list of ['plan', 'findings']) {
      const csv = await readCsv(`/api/runs/${run.id}/${list}?format=csv`)
      assert.ok(csv.includes('new-mine') && !csv.includes('theirs'), list)
    }
  })

  it('sees the cases of who comes into these schools', async () => {
    const cases = await read<DuplicateCaseDocument[]>(`/api/districts/${district.slug}/cases`)
    assert.deepEqual(
      cases.map(({ caseId }) => caseId),
      [comesIn.mine],
    )
    assert.ok(!JSON.stringify(cases).includes('theirs'))
  })

  it('sees nothing that belongs to no school, and hears why', async () => {
    const problem = await read<Problem>(`/api/districts/${district.slug}/records/guardians`, 403)
    assert.match(problem.detail, /belong to no school/)
  })

  it('does nothing to the whole district, whatever its rights are', async () => {
    const refused: [method: string, path: string, body?: unknown][] = [
      ['POST', `/api/districts/${district.slug}/imports?dataType=students`],
      ['POST', '/api/runs', { connection: run.connectionId, dataType: 'students' }],
      ['POST', `/api/runs/${run.id}/undo`, {}],
      ['GET', `/api/runs/${run.id}/export`],
      ['GET', `/api/connections/${run.connectionId}/health`],
      ['POST', `/api/cases/${comesIn.mine}/decision`, { action: 'create' }],
      ['POST', '/api/tokens', { name: 'x', rights: ['view'], district: district.slug }],
    ]
    for (const [method, path, body] of refused) {
      const answer = body === undefined ? rig().send(office, method, path) : rig().sendJson(office, method, path, body)
      const problem = await readAnswer<Problem>(await answer, 403)
      assert.match(problem.detail, /bound to schools/, path)
    }
  })
})
