import assert from 'node:assert/strict'
import { isDoubtful, weighDoubt, type KeyAgreement } from '../../../domain/matching/doubt-match.ts'
import type { AspectValues } from '../../../domain/matching/matching-aspects.ts'
import { readPerson } from '../../../domain/matching/person.ts'
import { relationNames, relations } from '../../../domain/matching/relations.ts'
import { scoreCandidate, type Frequencies, type ScoredPair } from '../../../domain/matching/score-candidate.ts'

const frequencies: Frequencies = {
  heldCount: 20_000,
  countGivenName: () => 8,
  countFamilyName: () => 5,
  countSchool: () => 900,
}

const held: AspectValues = {
  givenName: 'Catherine',
  middleName: 'Rose',
  familyName: 'Winther',
  birthDate: '2012-03-09',
  sex: 'female',
  email: 'catherine.winther@mail.example',
  username: 'cwinther12',
  school: 'north',
  gradeLevel: '07',
  classYear: 2031,
}

const doubts = (changes: AspectValues, agreement: KeyAgreement, of: AspectValues = held) =>
  isDoubtful(
    scoreCandidate(readPerson({ ...of, ...changes }), readPerson(of), frequencies),
    frequencies.heldCount,
    agreement,
  )

/** What a OneRoster package without demographics gives. */
const bare: AspectValues = { ...held, birthDate: null, sex: null, middleName: null }

const sibling = {
  givenName: 'Tobias',
  middleName: 'Emil',
  birthDate: '2014-11-21',
  sex: 'male',
  email: 'tobias.winther@mail.example',
  username: 'twinther14',
  gradeLevel: '05',
  classYear: 2033,
}
const stranger = {
  givenName: 'Omar',
  middleName: 'Idris',
  familyName: 'Haddad',
  birthDate: '2016-10-02',
  sex: 'male',
  email: 'omar.haddad@mail.example',
  username: 'ohaddad16',
  gradeLevel: '03',
  classYear: 2035,
}
const namesake = {
  middleName: 'Ann',
  birthDate: '2008-06-30',
  email: 'c.winther2@mail.example',
  username: 'cwinther08',
  school: 'south',
  gradeLevel: '11',
  classYear: 2027,
}

describe('an exact key whose other keys agree', () => {
  it('is doubted for a sibling, a namesake and a stranger', () => {
    assert.equal(doubts(sibling, 'agree'), true)
    assert.equal(doubts(namesake, 'agree'), true)
    assert.equal(doubts(stranger, 'agree'), true)
  })

  it('is doubted for a twin of the other sex, and for a sibling where no birth date is known', () => {
    const twin = { ...sibling, birthDate: '2012-03-09', gradeLevel: '07', classYear: 2031 }
    assert.equal(doubts(twin, 'agree'), true)
    const { givenName, email, username, gradeLevel, classYear } = sibling
    assert.equal(doubts({ givenName, email, username, gradeLevel, classYear }, 'agree', bare), true)
  })

  it('is believed of a marriage, an adoption, a corrected birth date, a legal name and a move', () => {
    assert.equal(doubts({ familyName: 'Haddad', email: 'catherine.haddad@mail.example' }, 'agree'), false)
    assert.equal(
      doubts({ familyName: 'Haddad', email: 'c.haddad@mail.example', username: 'chaddad12', school: 'south' }, 'agree'),
      false,
    )
    assert.equal(doubts({ birthDate: '2016-10-02' }, 'agree'), false)
    assert.equal(doubts({ birthDate: '2012-09-03', familyName: 'Wintehr' }, 'agree'), false)
    assert.equal(doubts({ givenName: 'Kate' }, 'agree'), false)
    assert.equal(doubts({ givenName: 'Rosalind', email: 'rosalind.winther@mail.example' }, 'agree'), false)
    assert.equal(doubts({ school: 'south', gradeLevel: '08', email: 'x@post.example' }, 'agree'), false)
    assert.equal(doubts({ givenName: 'Winther', familyName: 'Catherine' }, 'agree'), false)
    assert.equal(doubts({ familyName: 'Haddad', birthDate: null }, 'agree', bare), false)
  })
})

describe('an exact key against which another key speaks', () => {
  it('is believed where name and birth date speak for it', () => {
    assert.equal(doubts({}, 'disagree'), false)
    assert.equal(doubts({ gradeLevel: '08', school: 'south' }, 'disagree'), false)
    assert.equal(doubts({ familyName: 'Haddad', gradeLevel: '08' }, 'disagree'), false)
    assert.equal(doubts({}, 'disagree', { givenName: 'Catherine', familyName: 'Winther' }), false)
  })

  it('is doubted as soon as they do not', () => {
    assert.equal(doubts(sibling, 'disagree'), true)
    assert.equal(doubts({ ...sibling, birthDate: '2012-03-09', sex: 'female' }, 'disagree'), true)
    assert.equal(doubts(namesake, 'disagree'), true)
    assert.equal(doubts(stranger, 'disagree'), true)
    assert.equal(doubts({ givenName: 'Tobias' }, 'disagree', { givenName: 'Catherine', familyName: 'Winther' }), true)
  })
})

describe('a pair whose values say no more than those of any two', () => {
  it('is as doubtful as the keys alone make it, however many are held', () => {
    for (const heldCount of [0, 1, 100, 20_000]) {
      const shares = Object.fromEntries(
        relationNames.map((name) => [name, name === 'stranger' ? 1 : relations[name].prior / Math.max(heldCount, 1)]),
      )
      const pair = { shares } as unknown as ScoredPair // of a pair nothing but its shares is weighed
      assert.ok(Math.abs(weighDoubt(pair, heldCount, 'agree') - 0.03) < 1e-9)
      assert.ok(Math.abs(weighDoubt(pair, heldCount, 'disagree') - 0.28) < 1e-9)
      assert.deepEqual([isDoubtful(pair, heldCount, 'agree'), isDoubtful(pair, heldCount, 'disagree')], [false, true])
    }
  })
})
