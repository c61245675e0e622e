import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Problem } from '../../../api/contract/problem.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'
import { plantConnection } from '../import/plant-run.ts'

const rig = useApiRig()

describe('a match whose values are kept no more', () => {
  it('cannot be taken back, and the answer says so by a code of its own', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const { id: connectionId } = await plantConnection(rig(), token, district)
    const id = randomUUID()
    await withDistrict(rig().db, district.id, (trx) =>
      trx
        .insertInto('duplicateCases')
        .values({
          ...{ id, districtId: district.id, connectionId, dataType: 'students', runId: randomUUID(), seq: 1 },
          ...{ incomingKey: 'k', strength: 'likely', reason: 'resembles', candidates: '[]', state: 'processed' },
          ...{ decision: 'match', decidedRecordId: randomUUID(), keptDays: 400 },
        })
        .execute(),
    )
    const answer = await rig().sendJson(token, 'POST', `/api/cases/${id}/unmerge`, {})
    const problem = await readAnswer<Problem>(answer, 410)
    assert.equal(problem.code, 'CASE_EXPIRED')
    assert.match(problem.detail, /kept for 400 days and is gone/)
  })
})
