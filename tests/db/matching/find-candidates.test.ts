import assert from 'node:assert/strict'
import { listCandidatePairs } from '../../../db/matching/list-candidate-pairs.ts'
import { refreshMatchKeys } from '../../../db/matching/refresh-match-keys.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'
import { createMatchingDistrict, idOf, insertOtherDistrict, type PlantedValues } from './matching-rig.ts'

const empty = useEmptyRig()
const district = () => createMatchingDistrict(empty.rig)
const countKeys = async () => {
  const { rows } = await empty.rig.owner.query<{ keys: string }>('select count(*) as keys from match_keys')
  return Number(rows[0]?.keys)
}

/** Who is compared, before anybody is scored. */
const listPairs = (runId: string, seqs: readonly number[]) => {
  const { inDistrict, districtId } = district()
  return inDistrict(async (trx) => {
    await refreshMatchKeys(trx, { districtId, dataType: students })
    const sought = seqs.map((seq) => ({ seq, otherForms: [] }))
    return listCandidatePairs(trx, { districtId, dataType: students, from: { runId } }, sought)
  })
}

const catherine: PlantedValues = {
  given_name: 'Catherine',
  family_name: 'Winther',
  birth_date: '2012-03-09',
  email: 'winther.home@mail.example',
  phone: '+1 555 010 4477',
  street: '12 Elm Street',
  city: 'Fairview',
  postal_code: '61821',
  username: 'cwinther7',
}

beforeEach(() => empty.rig.owner.query('truncate match_keys, match_records, match_names'))

describe('the search for candidates', () => {
  const corrupted: Record<string, PlantedValues> = {
    'a nickname': { given_name: 'Kate' },
    'swapped names': { given_name: 'Winther', family_name: 'Catherine' },
    'another family name': { family_name: 'Delgado' },
    'a double family name': { family_name: 'Holm-Winther' },
    'day and month exchanged': { birth_date: '2012-09-03' },
    'a wrong year': { birth_date: '2011-03-09' },
    'no birth date': { birth_date: null },
    'a nickname and a wrong date': { given_name: 'Kathy', birth_date: '2012-03-19' },
    'errors in both names': { given_name: 'Catehrine', family_name: 'Wimter' },
  }
  const alone: PlantedValues = { given_name: 'Catherine', family_name: 'Winther', birth_date: '2012-03-09' }

  for (const [what, values] of Object.entries(corrupted)) {
    it(`finds a student under a new id in spite of ${what}`, async () => {
      await district().hold([catherine, { given_name: 'Omar', family_name: 'Haddad', birth_date: '2012-03-09' }])
      const runId = await district().stage([{ ...catherine, username: null, ...values }])
      const { cases, bestScores } = await district().find(runId)
      assert.equal(cases[0]?.candidates[0].recordId, idOf(1))
      assert.ok(cases[0].candidates[0].score > 0.6)
      assert.equal(bestScores[0], cases[0].candidates[0].score)
    })
  }

  it('finds her by her names alone, in other writing', async () => {
    await district().hold([{ ...alone, given_name: 'Zoë', family_name: 'Peña' }])
    const runId = await district().stage([{ ...alone, given_name: 'ZOE', family_name: 'Pena', birth_date: null }])
    assert.equal((await district().find(runId)).cases[0]?.candidates[0].recordId, idOf(1))
  })

  it('finds her by each contact, whatever else was typed wrong', async () => {
    await district().hold([{ ...catherine, state_id: 'ST-4711-09' }])
    const other = { given_name: 'Katja', family_name: 'Wintersen', birth_date: '2010-06-21' }
    const runId = await district().stage([
      { ...other, email: 'WINTHER.home@mail.example' },
      { ...other, phone: '010-4477' },
      { ...other, street: '12, Elm St.' },
      { ...other, username: 'CWinther7' },
      { ...other, state_id: 'st 4711 09' },
      other,
    ])
    // Found, which is not to say that the score makes a case of it.
    const pairs = await listPairs(runId, [0, 1, 2, 3, 4, 5])
    assert.deepEqual(
      pairs.map(({ seq }) => seq),
      [0, 1, 2, 3, 4],
    )
  })

  it('finds inactive records too', async () => {
    await district().hold([{ ...catherine, status: 'inactive' }])
    assert.equal((await district().find(await district().stage([catherine]))).cases.length, 1)
  })

  it('puts the right one first among relatives, and warns of the twin', async () => {
    await district().hold([
      { ...catherine, given_name: 'Ingrid', username: 'iwinther2' },
      catherine,
      { ...catherine, given_name: 'Viggo', birth_date: '2014-11-27', username: 'vwinther1' },
    ])
    const runId = await district().stage([
      { ...catherine, username: null },
      { ...catherine, given_name: 'Solveig', username: null },
    ])
    const { cases } = await district().find(runId)
    assert.equal(cases[0]?.candidates[0].recordId, idOf(2))
    const triplet = cases.find(({ seq }) => seq === 1)
    for (const candidate of triplet?.candidates ?? []) assert.ok(candidate.score < 0.45 && candidate.twin)
  })

  it('does not go by what very many share', async () => {
    const office = { email: 'office@school.example', phone: '5550100000' }
    await district().hold(
      Array.from({ length: 80 }, (_, index) => ({
        ...office,
        given_name: `Given${index}`,
        family_name: `Other${index}`,
        birth_date: `20${String(10 + (index % 9))}-01-${String(10 + (index % 18))}`,
      })),
    )
    const incoming = { ...office, given_name: 'Noor', family_name: 'Zapata', birth_date: '2013-07-30' }
    assert.deepEqual(await listPairs(await district().stage([incoming]), [0]), [])
  })

  it('gives the same whatever the size of a page, and for a second time', async () => {
    await district().hold(
      Array.from({ length: 12 }, (_, index) => ({
        ...catherine,
        username: null,
        given_name: 'Catherine',
        family_name: `Winther${index}`,
        birth_date: `2012-03-${String(10 + index)}`,
        email: null,
        phone: null,
        street: null,
      })),
    )
    const runId = await district().stage(
      Array.from({ length: 12 }, (_, index) => ({
        ...alone,
        family_name: `Winther${index}`,
        birth_date: `2012-03-${String(10 + index)}`,
      })),
    )
    const whole = await district().find(runId)
    const paged = await district().find(runId, 5)
    assert.ok(whole.cases.length > 0)
    assert.deepEqual(paged, whole)
    assert.equal(paged.incomingCount, 12)
  })

  it('looks at creates alone', async () => {
    await district().hold([catherine])
    const { cases, incomingCount } = await district().find(await district().stage([catherine], 'skip'))
    assert.deepEqual([cases.length, incomingCount], [0, 0])
  })

  it('costs an empty district nothing: no keys are made', async () => {
    const { incomingCount } = await district().find(await district().stage([catherine]))
    assert.equal(incomingCount, 0)
    assert.equal(await countKeys(), 0)
  })

  it('sees the records of its own district only', async () => {
    const other = createMatchingDistrict(empty.rig, await insertOtherDistrict(empty.rig, 'franklin'))
    await other.hold([catherine])
    await other.find(await other.stage([catherine]))
    assert.ok((await countKeys()) > 0)
    await district().hold([{ given_name: 'Omar', family_name: 'Haddad' }], 2)
    assert.deepEqual((await district().find(await district().stage([catherine]))).cases, [])
  })
})

describe('the keys of held records', () => {
  const refresh = () => {
    const { inDistrict, districtId } = district()
    return inDistrict((trx) => refreshMatchKeys(trx, { districtId, dataType: students }))
  }

  it('are made once, and again only for what changed', async () => {
    await district().hold([catherine, { given_name: 'Omar', family_name: 'Haddad', birth_date: '2012-03-09' }])
    assert.equal(await refresh(), 2)
    const keys = await countKeys()
    assert.equal(await refresh(), 0)
    await empty.rig.owner.query(`update students set homeroom = 'B2' where id = $1`, [idOf(1)])
    assert.equal(await refresh(), 1)
    assert.equal(await countKeys(), keys, 'what stayed the same has the same keys')
  })

  it('follow a record that somebody edited, and a new one', async () => {
    await district().hold([{ given_name: 'Omar', family_name: 'Haddad', birth_date: '2009-01-30' }])
    const runId = await district().stage([catherine])
    assert.deepEqual((await district().find(runId)).cases, [])
    await empty.rig.owner.query(
      `update students set given_name = 'Catherine', family_name = 'Winther', birth_date = '2012-03-09' where id = $1`,
      [idOf(1)],
    )
    assert.equal((await district().find(runId)).cases[0]?.candidates[0].recordId, idOf(1))
    await district().hold([catherine], 2)
    assert.equal((await district().find(runId)).cases[0]?.candidates[0].recordId, idOf(2))
  })

  it('are made again after a crash emptied them', async () => {
    await district().hold([catherine])
    const runId = await district().stage([catherine])
    await district().find(runId)
    await empty.rig.owner.query('truncate match_keys, match_records, match_names')
    assert.equal((await district().find(runId)).cases.length, 1)
  })
})
