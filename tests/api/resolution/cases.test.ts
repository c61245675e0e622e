import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { DuplicateCaseDocument } from '../../../api/contract/duplicate-case.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import { withDistrict } from '../../../db/database.ts'
import type { StoredCandidate } from '../../../domain/duplicate-case.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'
import { plantStudents } from '../plant-records.ts'
import { plantConnection, plantRun } from '../import/plant-run.ts'

const rig = useApiRig()

function candidate(recordId: string, score: number, more: Partial<StoredCandidate> = {}): StoredCandidate {
  return { recordId, score, evidence: ['familyName'], twin: false, explanation: 'Same family name.', ...more }
}

describe('an open case', () => {
  let district: TestDistrict
  let token: string
  const [ada, bea, cas] = [randomUUID(), randomUUID(), randomUUID()]

  async function plantCase(candidates: readonly StoredCandidate[], reason: 'resembles' | 'keysDisagree' = 'resembles') {
    const connection = await plantConnection(rig(), token, district)
    const run = await plantRun(rig(), district, connection.id)
    return await withDistrict(rig().db, district.id, async (trx) => {
      const found = { reason, strength: 'likely' as const, candidates: JSON.stringify(candidates) }
      const row = { districtId: district.id, dataType: 'students', connectionId: connection.id, runId: run.id, seq: 1 }
      return await trx
        .insertInto('duplicateCases')
        .values({ ...row, ...found, incomingKey: randomUUID() })
        .returning('id')
        .executeTakeFirstOrThrow()
    })
  }

  const show = async (caseId: string, as = token) => {
    const answer = await rig().send(as, 'GET', `/api/districts/${district.slug}/cases`)
    return (await readAnswer<DuplicateCaseDocument[]>(answer)).find((one) => one.caseId === caseId)
  }
  const decide = (caseId: string, wanted: string) =>
    rig().sendJson(token, 'POST', `/api/cases/${caseId}/decision`, { action: 'match', candidate: wanted })

  beforeAll(async () => {
    district = await rig().makeDistrict()
    token = await rig().makeToken()
    // The source's id of one is our id of another: nothing forbids it.
    await plantStudents(rig(), district, [
      { id: ada, sisId: 'S-1' },
      { id: bea, sisId: cas },
      { id: cas, sisId: 'S-3' },
    ])
  })

  it('names its candidates by their ids at the source, also to who may not see values', async () => {
    const { id } = await plantCase([candidate(ada, 0.9)])
    const viewer = await rig().makeToken({ rights: ['view'] })
    const seen = (await show(id, viewer))?.candidates[0]
    assert.deepEqual([seen?.recordId, seen?.sisId, seen?.values], [ada, 'S-1', undefined])
  })

  it('is decided by the id of the source as by ours', async () => {
    for (const wanted of ['S-1', ada, ada.toUpperCase()]) {
      const { id } = await plantCase([candidate(ada, 0.9)])
      const decided = await readAnswer<DuplicateCaseDocument>(await decide(id, wanted))
      assert.deepEqual([decided.decision?.action, decided.decision?.recordId], ['match', ada])
      await rig().sendJson(token, 'POST', `/api/cases/${id}/decision`, { action: 'cancel' })
    }
  })

  it('refuses an id that is ours of one candidate and the source’s of another, and names both', async () => {
    const { id } = await plantCase([candidate(bea, 0.9), candidate(cas, 0.8)])
    const { detail } = await readAnswer<Problem>(await decide(id, cas), 409)
    assert.ok(detail.includes('S-3') && detail.includes(bea), detail)
    const byOther = await readAnswer<DuplicateCaseDocument>(await decide(id, bea))
    assert.equal(byOther.decision?.recordId, bea)
  })

  it('refuses an id of nobody in it, and names those who are', async () => {
    const { id } = await plantCase([candidate(ada, 0.9)])
    const { detail } = await readAnswer<Problem>(await decide(id, 'S-3'), 409)
    assert.match(detail, /"S-3" is none of the candidates of the case; they are S-1/)
  })

  it('does not show a further candidate of 0 %, nor warn of a twin for its sake', async () => {
    const { id } = await plantCase([candidate(ada, 0.9), candidate(cas, 0.004, { twin: true })])
    const one = await show(id)
    assert.deepEqual([one?.candidates.map(({ recordId }) => recordId), one?.twin], [[ada], false])
    const kept = await plantCase([candidate(ada, 0.9), candidate(cas, 0.006, { twin: true })])
    assert.deepEqual([(await show(kept.id))?.candidates.length, (await show(kept.id))?.twin], [2, true])
  })

  it('shows whom an id leads to, however little speaks for it', async () => {
    const byKey = [candidate(ada, 0.9, { byKey: 'sisId' }), candidate(cas, 0, { byKey: 'sourceKey' })]
    const { id } = await plantCase(byKey, 'keysDisagree')
    assert.equal((await show(id))?.candidates.length, 2)
  })
})
