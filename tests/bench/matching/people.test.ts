import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { damages } from '../../../bench/matching/clerks/damage.ts'
import { rewriteSome } from '../../../bench/matching/assemble-cases.ts'
import type { IncomingCase, MatchingCases, TrapKind } from '../../../bench/matching/make-cases.ts'
import { people, peopleNames, type PeopleName } from '../../../bench/matching/people.ts'
import { buildProgram } from '../../../cli/program.ts'

const request = { held: 3000, incoming: 1200, seed: 5 }
const made = new Map<PeopleName, MatchingCases>(peopleNames.map((name) => [name, people[name](request)]))
const casesOf = (name: PeopleName) => made.get(name)!

describe('every kind of invented people', () => {
  for (const name of peopleNames) {
    it(`${name}: the same for the same seed, and others for another`, () => {
      assert.deepEqual(people[name](request), casesOf(name))
      assert.notDeepEqual(people[name]({ ...request, seed: 6 }), casesOf(name))
    })

    it(`${name}: half are held under another id, each once, and nearly all differ`, () => {
      const { held, incoming } = casesOf(name)
      const duplicates = incoming.filter((one) => one.held !== null)
      assert.equal(held.length, request.held)
      assert.equal(duplicates.length, request.incoming / 2)
      assert.equal(new Set(duplicates.map((one) => one.held)).size, duplicates.length)
      let same = 0
      for (const { pupil, held: index, corruptions } of duplicates) {
        assert.ok(corruptions.length >= 1 && corruptions.length <= 3)
        if (isDeepStrictEqual(pupil, held[index!])) same += 1
      }
      // A rewriting of families may draw the value that was there.
      const most = name === 'clerks' || name === 'immigrants' ? 0 : duplicates.length * 0.01
      assert.ok(same <= most, `${same} of ${duplicates.length}`)
    })

    it(`${name}: six in ten of the new ones are traps`, () => {
      const fresh = casesOf(name).incoming.filter((one) => one.held === null)
      const share = fresh.filter(({ trap }) => trap !== null).length / fresh.length
      assert.ok(share > 0.53 && share < 0.67, String(share))
      for (const kind of ['twin', 'sibling', 'namesake', 'lookalike'] as const) {
        assert.ok(fresh.filter(({ trap }) => trap === kind).length > fresh.length * 0.07, kind)
      }
    })
  }

  it('are those that the command offers', () => {
    const bench = buildProgram(() => Promise.resolve()).commands.find((command) => command.name() === 'bench')
    const matching = bench?.commands.find((command) => command.name() === 'matching')
    const option = matching?.options.find(({ long }) => long === '--people')
    assert.deepEqual(option?.argChoices, peopleNames)
  })
})

describe('traps of clerks and immigrants', () => {
  /** New ones of a kind whose record was not damaged further. */
  const clean = (name: PeopleName, kind: TrapKind): IncomingCase[] =>
    casesOf(name).incoming.filter(({ trap, corruptions }) => trap === kind && corruptions.length === 0)
  const bornTogether = (name: PeopleName) => {
    const { held } = casesOf(name)
    const key = ({ birthDate, familyName }: (typeof held)[number]) =>
      `${String(birthDate)} ${String(familyName)
        .normalize('NFD')
        .replace(/[^A-Za-z]/g, '')
        .toLowerCase()}`
    const keys = new Set(held.map(key))
    return clean(name, 'twin').filter(({ pupil }) => keys.has(key(pupil))).length / clean(name, 'twin').length
  }

  it('have twins born on the day of a held pupil of one family name', () => {
    assert.ok(bornTogether('clerks') > 0.95, String(bornTogether('clerks')))
    // A sister is Ivanova, and some names are held in another script.
    assert.ok(bornTogether('immigrants') > 0.7, String(bornTogether('immigrants')))
  })

  it('have strangers with a number that others have, too', () => {
    for (const name of ['clerks', 'immigrants'] as const) {
      const phones = new Set(casesOf(name).held.map(({ phone }) => phone))
      const sharing = clean(name, 'sharesContacts').filter(({ pupil }) => phones.has(pupil['phone'] ?? null))
      assert.ok(sharing.length > clean(name, 'sharesContacts').length * 0.8, name)
    }
  })

  it('damage the records of new people as well', () => {
    for (const name of ['clerks', 'immigrants'] as const) {
      const fresh = casesOf(name).incoming.filter((one) => one.held === null)
      const damaged = fresh.filter(({ corruptions }) => corruptions.length > 0).length / fresh.length
      assert.ok(damaged > 0.2 && damaged < 0.5, `${name} ${damaged}`)
    }
  })
})

describe('immigrants', () => {
  it('come with names in two scripts, and with birth dates that papers say', () => {
    const { held, incoming } = casesOf('immigrants')
    const isOther = (text: unknown) => /(?!\p{Script=Latin})\p{L}/u.test(String(text))
    const foreign = incoming.filter(({ pupil }) => isOther(pupil['givenName']))
    assert.ok(foreign.length > incoming.length * 0.02 && foreign.length < incoming.length * 0.2)
    const crossed = incoming.filter(
      ({ pupil, held: index }) => index !== null && isOther(pupil['givenName']) !== isOther(held[index]?.['givenName']),
    )
    assert.ok(crossed.length > 20, String(crossed.length))
    const newYear = held.filter(({ birthDate }) => String(birthDate).endsWith('-01-01')).length
    assert.ok(newYear > held.length * 0.03, String(newYear))
  })
})

describe('what clerks do to a row', () => {
  const pupil = {
    givenName: 'Marcia',
    middleName: 'Rowena',
    familyName: 'Barnwell',
    birthDate: '2014-03-09',
    phone: '(413) 555-0117',
    postalCode: '01034',
    stateId: '0012345678',
    email: 'own@home.example',
  }
  const first = () => 0
  const neighbour = () => ({ ...pupil, email: 'above@home.example' })

  it('is what it says', () => {
    assert.deepEqual(damages.dayMonth(pupil), { birthDate: '2014-09-03' })
    assert.deepEqual(damages.zerosLost(pupil), { postalCode: '1034', stateId: '12345678' })
    assert.deepEqual(damages.middleAsGiven(pupil, first), { givenName: 'Rowena', middleName: null })
    assert.deepEqual(damages.phoneWithoutArea(pupil), { phone: '555-0117' })
    assert.deepEqual(damages.copiedDown(pupil, first, neighbour), { email: 'above@home.example' })
    assert.deepEqual(damages.otherEpoch(pupil, first), { birthDate: '2018-03-10' })
  })

  it('leaves the names alone once the columns are mixed up', () => {
    const { pupil: rewritten, corruptions } = rewriteSome<'swap' | 'rename' | 'phone'>(
      pupil,
      {
        wanted: 2,
        weights: { swap: 1, rename: 1, phone: 1 },
        mixColumns: ['swap'],
        rewrite: (name, row) => {
          if (name === 'swap') return { ...row, givenName: 'Barnwell', familyName: 'Marcia' }
          return name === 'rename' ? { ...row, familyName: 'Other' } : { ...row, phone: 'other' }
        },
      },
      makeSteps([0, 0.5, 0.99]),
    )
    assert.deepEqual([rewritten['givenName'], rewritten['familyName']], ['Barnwell', 'Marcia'])
    assert.deepEqual(corruptions, ['swap', 'phone'])
  })
})

function makeSteps(steps: readonly number[]): () => number {
  const left = [...steps]
  return () => {
    const step = left.shift()
    if (step === undefined) throw new Error('more was drawn than expected')
    return step
  }
}
