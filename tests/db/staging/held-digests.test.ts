import assert from 'node:assert/strict'
import { readHeldDigests } from '../../../db/staging/held-digests.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'

const district = useEmptyRig()

describe('the held digests', () => {
  it('are those of active records under the same source and mapping, whatever pieces they come in', async () => {
    const { rig } = district
    const count = 5000
    const pupils = Array.from({ length: count }, (_, index) => ({
      key: `k${index}`,
      ...(index % 3 === 0 && { birthDate: '2012-01-01' }),
    }))
    await rig.import(pupils)
    await rig.owner.query(`update students set status = 'inactive' where source_key = 'k0'`)
    const { rows } = await rig.owner.query<{ digest: string }>(
      `select primary_digest || ' ' || coalesce(supplement_digest::text, '') as digest
       from students where primary_digest is not null`,
    )

    const read: string[] = []
    const toText = (hi: number, lo: number) => BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)).toString()
    await readHeldDigests(
      rig.db,
      {
        districtId: rig.districtId,
        dataType: students,
        connectionId: rig.connectionId,
        mappingFingerprint: '-7000000000000000001',
      },
      (hi, lo, hasSupplement, supplementHi, supplementLo) =>
        read.push(`${toText(hi, lo)} ${hasSupplement ? toText(supplementHi, supplementLo) : ''}`),
    )

    assert.equal(read.length, count - 1)
    assert.deepEqual(read.sort(), rows.map(({ digest }) => digest).sort())
  })
})
