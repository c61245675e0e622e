import assert from 'node:assert/strict'
import { checkEditedValue } from '../../domain/check-edited-value.ts'
import { dataTypes, getDataType } from '../../domain/data-types/registry.ts'

const today = '2026-11-29'
const check = (field: string, given: unknown, dataType = 'students') =>
  checkEditedValue(getDataType(dataType), field, given, today)

describe('a value that a person writes', () => {
  it('is kept as an import would keep it', () => {
    for (const [field, given, value] of [
      ['givenName', '  Zoe\u0308 ', 'Zoë'],
      ['preferredName', 'Tad\nB.', 'Tad B.'],
      ['classYear', 2028, '2028'],
      ['gpaWeighted', '3.25', '3.25'],
      ['birthDate', '2012-02-29', '2012-02-29'],
      ['email', 'zoe@example.org', 'zoe@example.org'],
      ['race', ['white', '', 'asian', 'white'], ['white', 'asian']],
      ['race', 'white', ['white']],
      ['schoolId', 'org-7', 'org-7'],
      ['phone', null, null],
      ['phone', '   ', null],
      ['race', [], null],
      ['gradeLevel', 'P9', 'P9'],
    ] as const) {
      assert.deepEqual(check(field, given), { value }, field)
    }
  })

  it('is refused in words that say what to write, and repeat nothing of it', () => {
    for (const [field, given, words] of [
      ['shoeSize', '7', /no field of this name/],
      ['constructor', '7', /no field of this name/],
      ['sisId', '7', /imports know the record by this id/],
      ['sourceKey', '7', /imports know the record by this id/],
      ['enrollmentStatus', 'inactive', /follows from the source/],
      ['familyName', ' ', /required/],
      ['schoolId', null, /required/],
      ['birthDate', '2026-02-30', /YYYY-MM-DD/],
      ['birthDate', '1850-01-01', /nobody/],
      ['classYear', 'soon', /no integer/],
      ['sex', 'Zebra', /one of/],
      ['race', ['white', 'Zebra'], /one of/],
      ['email', 'Zebra', /no e-mail address/],
      ['givenName', ['Zebra', 'Zoe'], /one value/],
      ['givenName', 'Zebra'.repeat(200), /more than 500 characters/],
      ['givenName', { Zebra: 1 }, /give a text/],
      ['givenName', true, /give a text/],
      ['classYear', Number.NaN, /give a text/],
    ] as const) {
      const { message } = check(field, given) as { message: string } // a refusal, as the match shows
      assert.match(message, words, field)
      assert.doesNotMatch(message, /Zebra|soon|1850/, field)
    }
    assert.match(JSON.stringify(check('schoolId', 'x', 'enrollments')), /no field of this name/)
  })

  it('is never an id of any data type', () => {
    for (const { name, matchKeys } of dataTypes)
      for (const key of matchKeys) assert.ok('message' in check(key, 'x', name))
  })
})
