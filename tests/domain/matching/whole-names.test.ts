import assert from 'node:assert/strict'
import { compareBirthDates } from '../../../domain/matching/compare-birth-dates.ts'
import { compareWholeNames } from '../../../domain/matching/names/compare-names.ts'
import { writeInLatin } from '../../../domain/matching/names/fold-text.ts'
import { listNameVariants } from '../../../domain/matching/names/list-name-variants.ts'
import type { AspectValues } from '../../../domain/matching/matching-aspects.ts'
import { readPerson } from '../../../domain/matching/person.ts'

const compare = (one: AspectValues, other: AspectValues) => {
  const levels = compareWholeNames(readPerson(one), readPerson(other))
  assert.deepEqual(compareWholeNames(readPerson(other), readPerson(one)), levels, 'in both directions')
  return levels
}
/** `given|middle|family`, a blank middle name being none. */
const named = (text: string): AspectValues => {
  const [givenName = '', middleName = '', familyName = ''] = text.split('|')
  return { givenName, middleName, familyName }
}
const levels = (one: string, other: string) => {
  const { given, family, middle } = compare(named(one), named(other))
  return `${given} ${middle} ${family}`
}

describe('names written into other columns', () => {
  it('agree where the middle name is given as first name, and say it once', () => {
    assert.equal(levels('Pamela|Heather|Quist', 'Heather|Pamela|Quist'), 'crossed missing exact')
    assert.equal(levels('Pamela|H|Quist', 'Heather|Pamela|Quist'), 'crossed missing exact')
    assert.equal(levels('Pamela||Quist', 'Heather|Pamela|Quist'), 'middle missing exact')
    assert.equal(levels('Pamelia||Quist', 'Heather|Pamela|Quist'), 'middle missing exact')
    assert.equal(levels('Pamela|Rose|Quist', 'Heather|Pamela|Quist'), 'middle different exact')
  })

  it('agree where first and middle name are in one column, in either order', () => {
    assert.equal(levels('Thanh Lan||Quist', 'Lan|Thanh|Quist'), 'exact exact exact')
    assert.equal(levels('Hassan Omar||Quist', 'Hassan|Omar|Quist'), 'exact exact exact')
    assert.equal(levels('Hassln Omar||Quist', 'Hassan|Omar|Quist'), 'near exact exact')
  })

  it('agree where the whole name is in one column', () => {
    assert.equal(levels('Quist, Heather||Quist', 'Heather||Quist'), 'exact missing exact')
    assert.equal(levels('Heather||Quist, Heather Rose', 'Heather|Rose|Quist'), 'exact missing exact')
    assert.equal(levels('Heather Quist||Quist', 'Heather||Quist'), 'exact missing exact')
  })

  it('agree in spite of remarks in brackets, which may be what she is called', () => {
    assert.equal(levels('Heather (new)||Quist (2)', 'Heather||Quist'), 'exact missing exact')
    assert.equal(levels('Xiomara (Bear)||Quist', 'Bear||Quist'), 'nickname missing exact')
  })

  it('agree in another order, with one of two family names or the middle name left out', () => {
    assert.equal(levels('Nguyen||Minh Anh', 'Anh|Minh|Nguyen'), 'swapped missing swapped')
    assert.equal(levels('Haddad||Bilal Aisha', 'Aisha|Bilal|Haddad'), 'swapped missing swapped')
    assert.equal(levels('Lopez||Valeria', 'Valeria||Garcia Lopez'), 'swapped missing swapped')
    assert.equal(levels('Aisha||Haddad', 'Noor|Aisha|Quist'), 'middle missing different')
  })

  it('do not agree because two brothers bear the name of one father', () => {
    assert.equal(levels('Ali||Warsame', 'Hassan|Guled|Ali'), 'different missing different')
  })
})

describe('names badly read', () => {
  it('are near where letters look the same', () => {
    assert.equal(levels('Ada||Bams', 'Ada||Barns'), 'exact missing near')
    assert.equal(levels('Dara||Quist', 'Clara||Quist'), 'near missing exact')
    assert.equal(levels('Ada||Lovvel1', 'Ada||Lowell'), 'exact missing near')
    assert.equal(levels('Ada||Barns', 'Ada||Vance'), 'exact missing different')
  })

  it('have a part in common where a column ended', () => {
    assert.equal(levels('Ada||Castel', 'Ada||Castellan-Merino'), 'exact missing part')
    assert.equal(levels('Ada||Cast', 'Ada||Castellan-Merino'), 'exact missing different')
  })
})

describe('names in another script', () => {
  it('are written in Latin letters', () => {
    assert.equal(writeInLatin('Шевченко'), 'Shevchenko')
    assert.equal(writeInLatin('Núñez'), 'Núñez')
    assert.equal(levels('Анна||Шевченко', 'Anna||Shevchenko'), 'exact missing exact')
    assert.equal(levels('Юлия||Кузнецова', 'Yulia||Kouznetsova'), 'near missing near')
    assert.equal(levels('雨欣||王', 'Yuxin||Wang'), 'exact missing exact')
    assert.equal(levels('Λευτέρης||Γαλάνης', 'Lefteris||Galanis'), 'near missing exact')
  })

  it('agree by their consonants where vowels are not written', () => {
    assert.equal(levels('محمد||الحسن', 'Muhammad||Al-Hassan'), 'near missing near')
    assert.equal(levels('عمر||حداد', 'Omar||Haddad'), 'near missing near')
    assert.equal(levels('فاطمة||حداد', 'Khadija||Haddad'), 'different missing near')
  })

  it('may come in another order, too', () => {
    assert.equal(levels('王||雨欣', 'Yuxin||Wang'), 'swapped missing swapped')
  })
})

describe('birth dates that systems and papers change', () => {
  const dates = (one: string, other: string) =>
    compareBirthDates(readPerson({ birthDate: one }).birthDate, readPerson({ birthDate: other }).birthDate)

  it('are near by a year, by a day, and by the days of another system', () => {
    assert.equal(dates('2009-03-09', '2010-03-09'), 'typo')
    assert.equal(dates('2012-09-30', '2012-10-01'), 'typo')
    assert.equal(dates('2012-03-09', '2016-03-10'), 'sameDay')
    assert.equal(dates('2012-03-09', '2010-03-09'), 'typo')
    assert.equal(dates('2013-03-09', '2010-03-09'), 'typo')
    assert.equal(dates('2009-03-09', '2012-03-09'), 'sameDay')
  })

  it('may be the first of January where nobody knows the day', () => {
    assert.equal(dates('2012-01-01', '2012-04-19'), 'newYear')
    assert.equal(dates('2012-01-01', '2013-04-19'), 'different')
  })
})

describe('ids and postal codes from a spreadsheet', () => {
  it('lack the zero at their beginning', () => {
    const { stateId, postalCode } = readPerson({ stateId: '0012345', postalCode: '01034' })
    const damaged = readPerson({ stateId: '12345', postalCode: '1034' })
    assert.deepEqual([damaged.stateId, damaged.postalCode], [stateId, postalCode])
  })
})

describe('the names somebody is looked for by', () => {
  it('are each word of several, the middle name, and all of them swapped', () => {
    const variants = listNameVariants(readPerson(named('Ana Lucía|Rosa|de la Cruz Peña')))
    const texts = variants.map(({ given, family }) => `${given} ${family}`)
    assert.equal(texts[0], 'analucia delacruzpena')
    for (const text of ['delacruzpena analucia', 'ana cruz', 'lucia pena']) assert.ok(texts.includes(text), text)
    assert.ok(texts.length <= 24)
    assert.equal(new Set(texts).size, texts.length)
  })
})
