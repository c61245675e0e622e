import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compareBirthDates } from '../../../domain/matching/compare-birth-dates.ts'
import { compareAddresses, compareEmails, comparePhones } from '../../../domain/matching/compare-contacts.ts'
import { compareWholeNames } from '../../../domain/matching/names/compare-names.ts'
import { countTypingErrors, measureLikeness } from '../../../domain/matching/names/edit-distance.ts'
import { foldText } from '../../../domain/matching/names/fold-text.ts'
import type { AspectValues } from '../../../domain/matching/matching-aspects.ts'
import { givenNameGroups } from '../../../domain/matching/names/given-name-groups.ts'
import { areFormsOfOneName, listOtherForms } from '../../../domain/matching/names/nicknames.ts'
import { readPerson } from '../../../domain/matching/person.ts'

const names = (one: AspectValues, other: AspectValues) => compareWholeNames(readPerson(one), readPerson(other))
const given = (one: string, other: string, more: AspectValues = {}) =>
  names({ givenName: one, familyName: 'Quist' }, { givenName: other, familyName: 'Quist', ...more }).given
const family = (one: string, other: string) =>
  names({ givenName: 'Ada', familyName: one }, { givenName: 'Ada', familyName: other }).family

describe('given names', () => {
  it('agree in levels', () => {
    assert.equal(given('Anne-Marie', 'Annemarie'), 'exact')
    assert.equal(given('Bill', 'William'), 'nickname')
    assert.equal(given('Lupita', 'Guadalupe'), 'nickname')
    assert.equal(given('Mohamed', 'Muhammad'), 'nickname')
    assert.equal(given('Quentni', 'Quentin'), 'near')
    assert.equal(given('Noor', 'Noor Imani'), 'short')
    assert.equal(given('J', 'Jerzy'), 'short')
    assert.equal(given('Rosalind', 'Ada', { middleName: 'Rosalind' }), 'middle')
    assert.equal(given('Bear', 'Ada', { preferredName: 'Bear' }), 'nickname')
    assert.equal(given('Emma', 'Noor'), 'different')
    assert.equal(given('Ana', 'Ada'), 'similar')
  })

  it('may stand in the place of the family name', () => {
    const swapped = names({ givenName: 'Okafor', familyName: 'Imani' }, { givenName: 'Imani', familyName: 'Okafor' })
    assert.deepEqual(swapped, { given: 'swapped', family: 'swapped', middle: 'missing' })
  })
})

describe('family names', () => {
  it('agree in levels', () => {
    assert.equal(family('Núñez', 'Nunez'), 'exact')
    assert.equal(family('Winther Jr.', 'Winther'), 'exact')
    assert.equal(family('Garcia-Holm', 'Holm'), 'part')
    assert.equal(family('Lopez Garcia', 'Garcia Lopez'), 'part')
    assert.equal(family('de la Cruz', 'de la Vega'), 'different')
    assert.equal(family('Meier', 'Meyer'), 'near')
    assert.equal(family('Schmidt', 'Okafor'), 'different')
  })
})

describe('the list of name forms', () => {
  it('holds for both directions and knows no name as a form of itself', () => {
    const listed = new Set(givenNameGroups.flatMap((line) => line.split(' ')).map(foldText))
    const forms = [...listed].flatMap((name) => listOtherForms(name).map((form) => [name, form] as const))
    assert.ok(forms.length > 3000)
    for (const [name, form] of forms) {
      assert.notEqual(name, form)
      assert.equal(name, foldText(name))
      assert.ok(areFormsOfOneName(form, name))
    }
  })

  it('does not make different names of siblings one', () => {
    for (const [one, other] of [
      ['anna', 'hannah'],
      ['brian', 'ryan'],
      ['emma', 'ella'],
      ['john', 'james'],
    ] as const) {
      assert.equal(areFormsOfOneName(one, other), false, `${one} ${other}`)
    }
  })
})

describe('birth dates', () => {
  const compare = (one: string, other: string) =>
    compareBirthDates(readPerson({ birthDate: one }).birthDate, readPerson({ birthDate: other }).birthDate)

  it('agree in levels', () => {
    assert.equal(compare('2012-03-09', '2012-03-09'), 'exact')
    assert.equal(compare('2012-03-09', '2012-09-03'), 'transposed')
    assert.equal(compare('2012-03-09', '2012-03-19'), 'typo')
    assert.equal(compare('2012-03-09', '2021-03-09'), 'typo')
    assert.equal(compare('2012-03-09', '2009-03-09'), 'sameDay')
    assert.equal(compare('2012-03-09', '2012-03-28'), 'twoParts')
    assert.equal(compare('2012-03-09', '2012-11-28'), 'sameYear')
    assert.equal(compare('2012-03-09', '2009-11-28'), 'different')
    assert.equal(compare('2012-03-09', ''), 'missing')
  })
})

describe('contacts', () => {
  const email = (one: string, other: string) =>
    compareEmails(readPerson({ email: one }).email, readPerson({ email: other }).email)
  const phone = (one: string, other: string) =>
    comparePhones(readPerson({ phone: one }).phone, readPerson({ phone: other }).phone)
  const address = (one: AspectValues, other: AspectValues) => compareAddresses(readPerson(one), readPerson(other))

  it('of e-mail: numbers behind a name tell students apart and are no typing errors', () => {
    assert.equal(email('Ada.Quist@x.example', 'ada.quist@x.example'), 'exact')
    assert.equal(email('ada.quist@x.example', 'ada.quist@post.example'), 'local')
    assert.equal(email('ada.quist@x.example', 'ada.qiust@x.example'), 'near')
    assert.equal(email('aquist12@x.example', 'aquist13@x.example'), 'different')
  })

  it('of phone: with and without country code, area code and marks', () => {
    assert.equal(phone('+1 (555) 010-4477', '5550104477'), 'exact')
    assert.equal(phone('010-4477', '5550104477'), 'exact')
    assert.equal(phone('5550104477', '5550104747'), 'near')
    assert.equal(phone('0000000', '0000000'), 'missing')
  })

  it('of address: as post offices abbreviate, and next door is another house', () => {
    const home = { street: '12 Elm Street, Apt 3', city: 'Fairview', postalCode: '61821' }
    assert.equal(address(home, { street: '12 elm st #3', city: 'Fairview', postalCode: '61821-1234' }), 'exact')
    assert.equal(address(home, { ...home, street: '12 Elmm St Apt 3' }), 'near')
    assert.equal(address(home, { ...home, street: '14 Elm Street, Apt 3' }), 'area')
    assert.equal(address(home, { street: '9 Mill Road', city: 'Salem', postalCode: '61877' }), 'different')
  })
})

describe('the measures of likeness', () => {
  it('count typing errors alike in both directions, and at least the difference in length', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
    fc.assert(
      fc.property(word, word, (one, other) => {
        const count = countTypingErrors(one, other, 9)
        assert.equal(count, countTypingErrors(other, one, 9))
        assert.equal(count === 0, one === other)
        assert.ok(count >= Math.abs(one.length - other.length))
        assert.ok(count <= Math.max(one.length, other.length))
        assert.equal(countTypingErrors(one, other, 1), Math.min(count, 2))
      }),
    )
  })

  it('know the textbook examples', () => {
    assert.equal(countTypingErrors('martha', 'marhta', 3), 1)
    assert.equal(countTypingErrors('kitten', 'sitting', 5), 3)
    assert.ok(Math.abs(measureLikeness('martha', 'marhta') - 0.9611) < 0.001)
    assert.ok(Math.abs(measureLikeness('dixon', 'dicksonx') - 0.8133) < 0.001)
  })
})
