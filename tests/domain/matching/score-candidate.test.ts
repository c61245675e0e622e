import assert from 'node:assert/strict'
import fc from 'fast-check'
import { students } from '../../../domain/data-types/students.ts'
import type { AspectValues } from '../../../domain/matching/matching-aspects.ts'
import { readPerson } from '../../../domain/matching/person.ts'
import { describePair, rankPairs } from '../../../domain/matching/rank-candidates.ts'
import { scoreCandidate, type Frequencies } from '../../../domain/matching/score-candidate.ts'

const rare: Frequencies = {
  heldCount: 100_000,
  countGivenName: () => 20,
  countFamilyName: () => 10,
  countSchool: () => 1500,
}

/** Held, and invented like everybody here. */
const held: AspectValues = {
  givenName: 'Catherine',
  middleName: 'Rose',
  familyName: 'Winther',
  birthDate: '2012-03-09',
  sex: 'female',
  email: 'winther.home@mail.example',
  phone: '+1 555 010 4477',
  street: '12 Elm Street, Apt 3',
  city: 'Fairview',
  postalCode: '61821',
  school: 'north',
  gradeLevel: '07',
  classYear: 2031,
}

const score = (changes: AspectValues, of: AspectValues = held, frequencies = rare) =>
  scoreCandidate(readPerson({ ...of, ...changes }), readPerson(of), frequencies).score

const explain = (changes: AspectValues) => {
  const pair = scoreCandidate(readPerson({ ...held, ...changes }), readPerson(held), rare)
  return describePair('r1', pair, students.matching)
}

const movedHome = {
  email: 'another@post.example',
  phone: '555 010 9912',
  street: '4 Mill Road',
  city: 'Salem',
  postalCode: '61877',
  school: 'south',
}

describe('one student under two ids', () => {
  const cases: Record<string, AspectValues> = {
    unchanged: {},
    'under a short form of her name': { givenName: 'Kate' },
    'with another spelling of her name': { givenName: 'Kathryn' },
    'with a typing error in her name': { familyName: 'Wintehr' },
    'with names swapped': { givenName: 'Winther', familyName: 'Catherine' },
    'with a double family name': { familyName: 'Winther-Holm' },
    'with day and month of birth exchanged': { birthDate: '2012-09-03' },
    'with a wrong year of birth': { birthDate: '2021-03-09' },
    'without a birth date': { birthDate: null },
    'with nothing but her name and birth date': {
      middleName: null,
      sex: null,
      email: null,
      phone: null,
      street: null,
      city: null,
      postalCode: null,
      school: null,
      gradeLevel: null,
      classYear: null,
    },
    'in another school and grade': { school: 'south', gradeLevel: '08', classYear: 2030 },
    'with another family name': { familyName: 'Delgado' },
    'whose family moved, but for the e-mail': { ...movedHome, email: held.email ?? null },
    'with three of these at once': { givenName: 'Cathy', birthDate: '2012-09-03', phone: null },
  }
  for (const [what, changes] of Object.entries(cases)) {
    it(`is found ${what}`, () => assert.ok(score(changes) > 0.6, String(score(changes))))
  }

  it('is found although accents, hyphens and apostrophes are written differently', () => {
    const zoe = { ...held, givenName: 'Zoë', familyName: "O'Dell-Peña" }
    assert.ok(score({ givenName: 'ZOE', familyName: 'O’Dell Pena' }, zoe) > 0.99)
  })
})

describe('somebody else who looks like a held student', () => {
  const others: Record<string, AspectValues> = {
    'a twin': { givenName: 'Ingrid', middleName: 'Louise' },
    'a twin brother': { givenName: 'Viggo', middleName: null, sex: 'male' },
    'a twin of whom only the given name is known to differ': { givenName: 'Ingrid', middleName: null },
    'a sibling': { givenName: 'Ingrid', middleName: null, birthDate: '2014-11-27', gradeLevel: '05', classYear: 2033 },
    'a namesake of another age': {
      ...movedHome,
      middleName: 'Ada',
      birthDate: '2009-12-24',
      gradeLevel: '10',
      classYear: 2028,
    },
    'a student of the same age with a similar name': { ...movedHome, middleName: 'Ada', familyName: 'Wintersen' },
    'a neighbour': {
      givenName: 'Omar',
      familyName: 'Haddad',
      middleName: null,
      birthDate: '2013-01-30',
      email: null,
      phone: null,
    },
  }
  for (const [who, changes] of Object.entries(others)) {
    it(`is not taken for her: ${who}`, () => assert.ok(score(changes) < 0.4, String(score(changes))))
  }

  it('comes with the warning when it may be a twin, and only then', () => {
    assert.equal(explain({ givenName: 'Ingrid' }).twin, true)
    assert.equal(explain({ givenName: 'Kate' }).twin, false)
    assert.equal(explain({ givenName: 'Ingrid', birthDate: '2014-11-27' }).twin, false)
  })
})

describe('the score', () => {
  it('is lower for names that many bear', () => {
    const bare = { givenName: 'Maria', familyName: 'Garcia', birthDate: '2012-03-09' }
    const common: Frequencies = {
      heldCount: 100_000,
      countGivenName: () => 3000,
      countFamilyName: () => 3000,
      countSchool: () => 1500,
    }
    const without = { birthDate: null }
    assert.ok(score(without, bare, common) < score(without, bare, rare) / 10)
  })

  it('takes a school for nothing that all go to', () => {
    const bare = { givenName: 'Maria', familyName: 'Garcia', birthDate: '2012-03-09', school: 'north' }
    const oneSchool: Frequencies = { ...rare, countSchool: () => 100_000 }
    const changes = { familyName: 'Garza' }
    assert.ok(score(changes, bare, oneSchool) < score(changes, bare) / 2)
  })

  it('takes a contact that many share for less', () => {
    const incoming = readPerson({ givenName: 'Maria', familyName: 'Garcia', email: 'office@school.example' })
    const person = readPerson({ givenName: 'Mara', familyName: 'Garza', email: 'office@school.example' })
    const alone = [{ recordId: 'r1', person }]
    const many = Array.from({ length: 50 }, (_, index) => ({ recordId: `r${index}`, person }))
    const best = (people: typeof alone) => rankPairs(incoming, people, rare)[0]?.pair.score ?? 0
    assert.ok(best(alone) > best(many) * 3)
  })

  it('is a probability, whatever the two records hold', () => {
    const text = fc.option(fc.string({ maxLength: 20 }), { nil: null })
    const date = fc.option(fc.constantFrom('2012-03-09', '2012-09-03', '0000-00-00', '', 'x'), { nil: null })
    const values = fc.record(
      {
        givenName: text,
        middleName: text,
        preferredName: text,
        familyName: text,
        birthDate: date,
        sex: text,
        email: text,
        phone: text,
        street: text,
        city: text,
        postalCode: text,
        school: fc.oneof(text, fc.array(fc.string())),
        gradeLevel: text,
        classYear: fc.option(fc.integer(), { nil: null }),
        username: text,
        stateId: text,
        federatedId: text,
        race: fc.array(fc.string()),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(values, values, (one, other) => {
        const pair = scoreCandidate(readPerson(one), readPerson(other), rare)
        assert.ok(pair.score >= 0 && pair.score <= 1)
        const total = Object.values(pair.shares).reduce((sum, share) => sum + share, 0)
        assert.ok(Math.abs(total - 1) < 1e-9)
      }),
      { numRuns: 2000 },
    )
  })

  it('learns nothing from what is missing on one side', () => {
    const bare = { givenName: 'Ada', familyName: 'Quist', birthDate: '2012-03-09' }
    const withMore = scoreCandidate(
      readPerson({ ...bare, email: 'a@b.example', phone: '5550101234' }),
      readPerson(bare),
      rare,
    )
    assert.equal(withMore.score, score({}, bare))
  })
})

describe('the explanation of a candidate', () => {
  it('says in one sentence what agrees and what does not', () => {
    const { explanation, evidence } = explain({ givenName: 'Kate', birthDate: '2012-09-03', phone: '555 010 9912' })
    assert.equal(
      explanation,
      'The same familyName, email, street, middleName, schoolId, gradeLevel and sex; givenName is another form of the ' +
        'same name; birthDate has day and month exchanged; another phone.',
    )
    assert.deepEqual(evidence.slice(0, 4), ['givenName', 'familyName', 'birthDate', 'email'])
  })

  it('names the twin and swapped names', () => {
    assert.match(explain({ givenName: 'Ingrid' }).explanation, /another givenName.*; this may be a twin\.$/)
    const swapped = explain({ givenName: 'Winther', familyName: 'Catherine' })
    assert.match(swapped.explanation, /givenName and familyName changed places/)
  })

  it('never holds a value', () => {
    const values = Object.values(held).map(String)
    const { explanation } = explain({ ...movedHome, givenName: 'Kate' })
    for (const value of [...values, ...Object.values(movedHome), 'Kate']) {
      if (value.length > 3) assert.ok(!explanation.includes(value), value)
    }
  })
})
