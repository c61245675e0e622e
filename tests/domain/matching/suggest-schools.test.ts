import assert from 'node:assert/strict'
import { compareSchoolNames, readSchoolName } from '../../../domain/matching/names/read-school-name.ts'
import { suggestSchools, type SchoolIdentity } from '../../../domain/matching/suggest-schools.ts'

type Known = Partial<SchoolIdentity> & { readonly id: string; readonly name: string }

const school = (known: Known): SchoolIdentity => ({
  sourceKey: `key of ${known.id}`,
  type: 'school',
  identifier: '',
  ncesId: '',
  stateId: '',
  isActive: true,
  ...known,
})

const suggest = (sources: readonly Known[], ours: readonly Known[]): string[] =>
  suggestSchools(sources.map(school), ours.map(school)).map(
    ({ sourceId, ourId, reason }) => `${sourceId} is ${ourId}: ${reason}`,
  )

const likeness = (a: string, b: string) => compareSchoolNames(readSchoolName(a), readSchoolName(b))

describe('the name of a school', () => {
  it('is the same in its short form, with an accent more or a word that every school has', () => {
    assert.equal(likeness('Franklin HS', 'Franklin High School'), 1)
    assert.equal(likeness('St. Mary Elem.', 'The Saint Mary Elementary School'), 1)
    assert.equal(likeness('José Martí Elementary', 'Jose Marti ES'), 1)
    assert.equal(likeness('Lincoln Jr High', 'Lincoln Middle School'), 1)
  })

  it('is another one where its level, its number or its side of town is', () => {
    assert.equal(likeness('Lincoln Elementary School', 'Lincoln High School'), 0)
    assert.ok(likeness('School 12', 'School 13') < 0.5)
    assert.ok(likeness('Lincoln East High', 'Lincoln West High') <= 0.5)
    assert.ok(likeness('Martin Luther King High', 'King High') <= 0.5)
    assert.equal(likeness('High School', 'High School'), 0)
  })

  it('is nearly the same with an error of typing, or where one does not say the level', () => {
    assert.ok(likeness('Roosvelt High', 'Roosevelt High') >= 0.9)
    assert.equal(likeness('Franklin', 'Franklin High School'), 0.95)
    assert.equal(likeness('Franklin Middle High School', 'Franklin High School'), 0.95)
  })
})

describe('a school of a source', () => {
  it('is suggested by the surest of its ids, and by its name where it has none', () => {
    assert.deepEqual(
      suggest(
        [
          { id: 'a', name: 'Adams', ncesId: '060000100001', stateId: '77' },
          { id: 'b', name: 'Brook', stateId: '0042-17' },
          { id: 'c', name: 'Cedar', identifier: '00930' },
          { id: 'd', name: 'Dell High' },
          { id: 'f', name: 'Forest', sourceKey: 'org-forest' },
        ],
        [
          { id: '1', name: 'Another', identifier: '060000100001' },
          { id: '2', name: 'Brook', stateId: '4217' },
          { id: '3', name: 'Renamed', identifier: '930' },
          { id: '3b', name: 'Cedar Tree', identifier: '0930' },
          { id: '4', name: 'Dell HS' },
          { id: '6', name: 'Woods', sourceKey: 'org-forest' },
        ],
      ),
      ['a is 1: sameNcesId', 'b is 2: sameStateId', 'f is 6: sameKey', 'c is 3b: sameNumber', 'd is 4: sameName'],
    )
  })

  it('is suggested by a name that is nearly the same', () => {
    assert.deepEqual(suggest([{ id: 'a', name: 'Roosvelt High' }], [{ id: '1', name: 'Roosevelt HS' }]), [
      'a is 1: similarName',
    ])
  })

  it('is not suggested by a number of few digits, unless the name agrees', () => {
    const ours = [{ id: '1', name: 'Adams Elementary', identifier: '7' }]
    assert.deepEqual(suggest([{ id: 'a', name: 'Zion High', identifier: '7' }], ours), [])
    assert.deepEqual(suggest([{ id: 'a', name: 'Adams Park Elementary', identifier: '7' }], ours), [
      'a is 1: sameNumber',
    ])
  })

  it('is not suggested against an id that says otherwise', () => {
    const source = { id: 'a', name: 'Franklin High', ncesId: '060000100001' }
    assert.deepEqual(suggest([source], [{ id: '1', name: 'Franklin High', ncesId: '060000100002' }]), [])
    const state = { id: 'a', name: 'Franklin High', stateId: '17' }
    assert.deepEqual(suggest([state], [{ id: '1', name: 'Franklin High', stateId: '18' }]), [])
  })

  it('is not suggested where two are as good: of the source, or of ours', () => {
    const one = [{ id: 'a', name: 'Franklin High' }]
    const two = [
      { id: '1', name: 'Franklin High' },
      { id: '2', name: 'Franklin HS' },
    ]
    assert.deepEqual(suggest(one, two), [])
    assert.deepEqual(suggest(two, one), [])
    assert.deepEqual(
      suggest(one, [
        { id: '1', name: 'Franklin High' },
        { id: '2', name: 'Franklin HS', isActive: false },
      ]),
      ['a is 1: sameName'],
    )
  })

  it('is one of its own kind: a district is no school', () => {
    assert.deepEqual(suggest([{ id: 'a', name: 'Lincoln' }], [{ id: '1', name: 'Lincoln', type: 'district' }]), [])
  })
})
