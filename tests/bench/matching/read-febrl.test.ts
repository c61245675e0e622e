import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFebrl } from '../../../bench/matching/read-febrl.ts'

const header =
  'rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id'

describe("FEBRL's dataset", () => {
  it('is read as CSV, blanks and quotes aside, every second original withheld', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'febrl-'))
    try {
      const originals = [
        header,
        'rec-2-org, alda, birkmoor, 8, "mill lane, rear", , hollow end, 0423, nsw, 20110228, 5304218',
        'rec-3-org, brisa, eskerfeld, , , , , , , , 1',
      ]
      const copies = [
        header,
        'rec-3-dup-0, brisa, eskerfeld, , , , , , , , 1',
        'rec-2-dup-0, "al""da", , 8, mill lane, , , , , 20110231, ',
      ]
      await writeFile(join(folder, 'dataset4a.csv'), `${originals.join('\n')}\n`)
      await writeFile(join(folder, 'dataset4b.csv'), `${copies.join('\r\n')}\r\n`)
      const { held, incoming } = await readFebrl(folder, { withIds: true })
      const nobody = { street: null, city: null, postalCode: null, state: null, birthDate: null, stateId: null }
      assert.deepEqual(held, [
        {
          ...{ givenName: 'alda', familyName: 'birkmoor', street: '8 mill lane, rear', city: 'hollow end' },
          ...{ postalCode: '0423', state: 'nsw', birthDate: '2011-02-28', stateId: '5304218' },
        },
      ])
      assert.deepEqual(
        incoming.map(({ pupil, held: of }) => [of, pupil]),
        [
          [null, { ...nobody, givenName: 'brisa', familyName: 'eskerfeld', stateId: '1' }],
          [0, { ...nobody, givenName: 'al"da', familyName: null, street: '8 mill lane' }],
        ],
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
