import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withDistrict } from '../../../db/database.ts'
import { findContradictions, type Contradiction } from '../../../db/matching/find-contradictions.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'

const empty = useEmptyRig()

async function listContradictions(runId: string): Promise<Contradiction[]> {
  const { db, districtId } = empty.rig
  const request = { runId, planNo: 0, dataType: students, pageSize: 2 }
  return withDistrict(db, districtId, async (trx) => {
    const found: Contradiction[] = []
    for await (const contradiction of findContradictions(trx, request)) found.push(contradiction)
    return found
  })
}

describe('an id given to the next pupil', () => {
  it('is told from a correction and from a marriage', async () => {
    const names = ['Haddad', 'Kimura', 'Lindqvist', 'Merino', 'Navarro']
    const held = names.map((familyName, index) => ({
      key: `k${index}`,
      familyName,
      givenName: 'Ada',
      birthDate: `2012-03-1${index}`,
    }))
    await empty.rig.import(held)
    const incoming = [
      { ...held[0]!, familyName: 'Orchard', givenName: 'Enzo', birthDate: '2018-11-02' },
      { ...held[1]!, familyName: 'Kimurra', birthDate: '2012-03-21' },
      { ...held[2]!, familyName: 'Zapata' },
      { ...held[3]!, birthDate: '2018-11-02' },
      { ...held[4]!, familyName: 'Pacheco', givenName: 'Noor', birthDate: '2017-06-30' },
    ]
    const runId = await empty.rig.stage(incoming)
    await empty.rig.plan(runId)
    const found = await listContradictions(runId)
    const lines = await empty.rig.owner.query<{ seq: number; family_name: string }>(
      'select seq, family_name from staged_students where run_id = $1',
      [runId],
    )
    const nameOf = new Map(lines.rows.map((row) => [row.seq, row.family_name]))
    assert.deepEqual(found.map(({ seq }) => nameOf.get(seq)).sort(), ['Orchard', 'Pacheco'])
    for (const { candidate } of found) {
      assert.ok(candidate.score < 0.1)
      assert.match(candidate.explanation, /another .*familyName and birthDate/)
    }
  })
})
