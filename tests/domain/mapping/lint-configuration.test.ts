import assert from 'node:assert/strict'
import { students } from '../../../domain/data-types/students.ts'
import { compareConfigurations, describePlace } from '../../../domain/mapping/compare-configurations.ts'
import type { DraftMapping, DraftSettings } from '../../../domain/mapping/configuration-draft.ts'
import { lintConfiguration } from '../../../domain/mapping/lint-configuration.ts'

const collections = [
  { name: 'users', kind: 'records', columns: ['sourcedId', 'givenName', 'familyName', 'school', 'sex', 'grades'] },
  { name: 'demographics', kind: 'fields', columns: ['birthDate'] },
] as const

const mapping: DraftMapping = {
  fields: {
    sisId: { from: 'users.sourcedId' },
    givenName: { from: 'users.givenName' },
    familyName: { from: 'users.familyName' },
    schoolId: { from: 'users.school' },
    sex: { from: 'users.sex' },
  },
  customFields: {},
  codes: {},
  academicYearTurnsOn: '07-01',
}

function lint(change: Partial<DraftMapping> = {}, settings: DraftSettings = {}): readonly string[] {
  return lintConfiguration({
    ...{ dataType: students, collections, mapping: { ...mapping, ...change }, settings },
    orgIds: ['01890a5d-ac96-774b-bcce-b302099a8057'],
  }).map(({ step, field, severity }) => `${severity} ${step} ${field ?? ''}`)
}

const withFields = (fields: DraftMapping['fields']) => lint({ fields: { ...mapping.fields, ...fields } })

describe('what lint says of a configuration', () => {
  it('is nothing where nothing is missing', () => assert.deepEqual(lint(), []))

  it('names a field of which nobody has said where it comes from, once', () => {
    assert.deepEqual(withFields({ email: null, familyName: null }), [
      'error matchFields familyName',
      'error matchFields email',
    ])
  })

  it('names a required field that is not imported, and one that there is none of', () => {
    const { familyName: _, ...others } = mapping.fields
    assert.deepEqual(lint({ fields: others }), ['error matchFields familyName'])
    assert.deepEqual(withFields({ shoeSize: { from: 'users.sourcedId' } }), ['error matchFields shoeSize'])
  })

  it('names a collection that the source does not have, and warns of a column that it may not have', () => {
    assert.deepEqual(withFields({ email: { from: 'people.mail' } }), ['error matchFields email'])
    assert.deepEqual(withFields({ email: { from: 'users.mail' } }), ['warning matchFields email'])
    assert.deepEqual(withFields({ email: { from: 'users.metadata.mail' } }), [])
  })

  it('names a custom field that is called as one of ours', () => {
    assert.deepEqual(lint({ customFields: { email: 'users.metadata.mail', 'a b': 'users.metadata.b' } }), [
      'error matchFields email',
      'error matchFields a b',
    ])
  })

  it('names codes of no field, of one that is not imported, and those that mean none of ours', () => {
    assert.deepEqual(lint({ codes: { shoeSize: { a: 'b' } } }), ['error defineCodes shoeSize'])
    assert.deepEqual(lint({ codes: { ethnicity: { true: 'hispanicOrLatino' } } }), ['warning defineCodes ethnicity'])
    assert.deepEqual(lint({ codes: { sex: { M: 'man', F: 'female', X: '' } } }), ['error defineCodes sex'])
    assert.deepEqual(lint({ codes: { sex: {} } }), ['warning defineCodes sex'])
  })

  it('names settings that are none, no school at all, and one that the district does not have', () => {
    assert.deepEqual(lint({}, { limits: { updates: { share: 3 } } }), ['error syncSettings limits.updates.share'])
    assert.deepEqual(lint({}, { schools: [] }), ['error syncSettings schools'])
    assert.deepEqual(lint({}, { schools: ['01890a5d-ac96-774b-bcce-b302099a8058'] }), ['error syncSettings schools'])
    assert.deepEqual(lint({ academicYearTurnsOn: 'July' }), ['error matchFields academicYearTurnsOn'])
  })
})

describe('two configurations', () => {
  it('are compared field by field, code by code and setting by setting, whatever the order of keys', () => {
    const changed: DraftMapping = {
      ...mapping,
      fields: { ...Object.fromEntries(Object.entries(mapping.fields).toReversed()), email: { from: 'users.email' } },
      codes: { sex: { M: 'male' } },
    }
    const places = compareConfigurations(
      { mapping, settings: { limits: { a: 1, b: 2 } } },
      { mapping: changed, settings: { limits: { b: 2, a: 1 }, overwriteWithBlank: true } },
    ).map(describePlace)
    assert.deepEqual(places, ['matchFields email', 'defineCodes sex "M"', 'syncSettings overwriteWithBlank'])
  })
})
