import assert from 'node:assert/strict'
import type { Candidate } from '../../../domain/matching/rank-candidates.ts'
import { useEmptyRig } from '../empty-rig.ts'

const empty = useEmptyRig()

/** What planning made of them. */
async function listReusedIds(runId: string) {
  const { rows } = await empty.rig.owner.query<{ name: string; candidates: Candidate[]; action: string }>(
    `select s.family_name as name, f.candidates, p.action from duplicate_finds f
     join staged_students s on s.run_id = f.run_id and s.seq = f.seq
     join plan_rows p on p.run_id = f.run_id and p.seq = f.seq
     where f.run_id = $1 and f.reason = 'idReused' order by 1`,
    [runId],
  )
  return rows
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
    const found = await listReusedIds(runId)
    assert.deepEqual(
      found.map(({ name, action }) => `${name} ${action}`),
      ['Orchard skip', 'Pacheco skip'],
    )
    for (const { candidates } of found) {
      const [candidate] = candidates
      assert.ok(candidate !== undefined)
      assert.ok(candidate.score < 0.1)
      assert.match(candidate.explanation, /another .*familyName and birthDate/)
    }
  })
})
