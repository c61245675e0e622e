import assert from 'node:assert/strict'
import { students } from '../../../domain/data-types/students.ts'
import { compileMapping, MappingMistake } from '../../../domain/mapping/compile-mapping.ts'
import { decideFirstComplete, findOpenChoice } from '../../../domain/mapping/decide-first-complete.ts'
import {
  fingerprintConfiguration,
  type FingerprintedConfiguration,
} from '../../../domain/mapping/fingerprint-configuration.ts'
import { ImportSettings } from '../../../domain/plan/import-settings.ts'
import type { MappingDocument } from '../../../domain/mapping/mapping-document.ts'

const collections = [
  { name: 'users', kind: 'records' },
  { name: 'demographics', kind: 'fields' },
] as const
const today = '2026-11-22'
const base: MappingDocument = {
  fields: {
    sisId: { from: 'users.identifier' },
    givenName: { from: 'users.givenName' },
    familyName: { from: 'users.familyName' },
    schoolId: { from: 'users.school' },
  },
  customFields: {},
  codes: {},
  academicYearTurnsOn: '07-01',
}

function readField(document: MappingDocument, field: string, row: Record<string, string>) {
  const problems: string[] = []
  const compiled = compileMapping(students, document, collections, today)
  for (const collection of compiled) {
    const found = collection.fields.find((candidate) => candidate.name === field)
    if (found !== undefined) {
      const value = found.read(
        (column) => row[column] ?? '',
        (problem) => problems.push(problem),
      )
      return { value, problems, columns: collection.columns }
    }
  }
  throw new Error(`${field} is not mapped`)
}

describe('a compiled mapping', () => {
  it('takes a value as it is and a blank as no value', () => {
    assert.equal(readField(base, 'sisId', { identifier: '0042' }).value, '0042')
    assert.equal(readField(base, 'sisId', {}).value, null)
  })

  it('takes the first item of a list where it is asked to', () => {
    const document = {
      ...base,
      fields: { ...base.fields, gradeLevel: { from: 'users.grades', take: 'first' as const } },
    }
    assert.equal(readField(document, 'gradeLevel', { grades: '09,10' }).value, '09')
    assert.equal(readField(document, 'gradeLevel', { grades: ' ,11' }).value, '11')
  })

  it('collects the flags that are true, in the order of the mapping', () => {
    const collect = [
      { code: 'white', from: 'demographics.white' },
      { code: 'asian', from: 'demographics.asian' },
    ]
    const document = { ...base, fields: { ...base.fields, race: { collect } } }
    assert.deepEqual(readField(document, 'race', { asian: 'true', white: 'true' }).value, ['white', 'asian'])
    assert.equal(readField(document, 'race', { asian: 'false' }).value, null)
  })

  it('counts class years from the academic year, whichever that will turn out to be', () => {
    const document = { ...base, fields: { ...base.fields, classYear: { classYearFromGrade: 'users.grades' } } }
    const yearOf = (grade: string) => readField(document, 'classYear', { grades: grade }).value
    assert.equal(yearOf('12'), '0')
    assert.equal(yearOf('01'), '11')
    assert.equal(yearOf('KG'), '12')
    assert.equal(yearOf('TK'), '13')
    for (const other of ['PK', 'PR', 'IT', 'PS', 'UG', 'Other', '13']) assert.equal(yearOf(other), null)
  })

  it('drops and reports a code that nobody mapped, and keeps silent about one mapped to blank', () => {
    const document = {
      ...base,
      fields: { ...base.fields, sex: { from: 'demographics.sex' } },
      codes: { sex: { F: 'female', X: '' } },
    }
    assert.deepEqual(readField(document, 'sex', { sex: 'F' }).value, 'female')
    assert.deepEqual(readField(document, 'sex', { sex: 'Q' }).problems, ['unmappedCode'])
    const blanked = readField(document, 'sex', { sex: 'X' })
    assert.deepEqual([blanked.value, blanked.problems], [null, []])
  })

  it('drops and reports a code outside a closed set, and takes any grade, which is an open one', () => {
    const document = {
      ...base,
      fields: { ...base.fields, sex: { from: 'demographics.sex' }, gradeLevel: { from: 'users.grades' } },
    }
    assert.deepEqual(readField(document, 'sex', { sex: 'M' }).problems, ['unmappedCode'])
    assert.deepEqual(readField(document, 'sex', { sex: 'male' }).problems, [])
    assert.equal(readField(document, 'gradeLevel', { grades: 'J1' }).value, 'J1')
  })

  it('drops and reports a value that its field cannot hold', () => {
    const document = { ...base, fields: { ...base.fields, birthDate: { from: 'demographics.birthDate' } } }
    for (const bad of ['2026-02-29', '02/03/2014', '0000-01-01', '2014-13-01']) {
      const read = readField(document, 'birthDate', { birthDate: bad })
      assert.deepEqual([read.value, read.problems], [null, ['wrongType']], bad)
    }
    assert.equal(readField(document, 'birthDate', { birthDate: '2012-02-29' }).value, '2012-02-29')
  })

  it('drops and reports a birth date that nobody at school can have', () => {
    const document = { ...base, fields: { ...base.fields, birthDate: { from: 'demographics.birthDate' } } }
    const read = (birthDate: string) => {
      const { value, problems } = readField(document, 'birthDate', { birthDate })
      return value === birthDate && problems.length === 0 ? 'taken' : `${String(value)} ${problems.join()}`
    }
    for (const bad of ['1899-12-31', '2026-11-23', '2099-01-01', '2024-11-23', '1995-11-22', '1970-01-01']) {
      assert.equal(read(bad), 'null impossibleAge', bad)
    }
    for (const good of ['2024-11-22', '1995-11-23', '2014-05-21']) assert.equal(read(good), 'taken', good)
  })

  it('reads the orgs of a record as a list, in order', () => {
    assert.deepEqual(readField(base, 'schoolId', { school: 'S2,S1' }).value, ['S2', 'S1'])
    assert.deepEqual(readField(base, 'schoolId', { school: 'S1' }).value, ['S1'])
    assert.equal(readField(base, 'schoolId', { school: ',' }).value, null)
  })

  it('refuses a document that the data type or the source cannot follow', () => {
    const refuses = (document: MappingDocument) => {
      assert.throws(() => compileMapping(students, document, collections, today), MappingMistake)
    }
    refuses({ ...base, fields: { ...base.fields, shoeSize: { from: 'users.size' } } })
    refuses({ ...base, fields: { ...base.fields, email: { from: 'guardians.email' } } })
    refuses({ ...base, fields: { sisId: { from: 'users.identifier' } } })
    refuses({ ...base, fields: { ...base.fields, enrollmentStatus: { from: 'users.status' } } })
  })

  it('must have its open choice decided first', () => {
    const open: MappingDocument = {
      ...base,
      fields: { ...base.fields, sisId: { firstComplete: ['users.identifier', 'users.sourcedId'] } },
    }
    assert.throws(() => compileMapping(students, open, collections, today), MappingMistake)
    assert.equal(findOpenChoice(open)?.field, 'sisId')
    const decided = decideFirstComplete(open, 'sisId', 'users.sourcedId')
    assert.equal(findOpenChoice(decided), undefined)
    assert.equal(readField(decided, 'sisId', { sourcedId: 's1' }).value, 's1')
  })
})

describe('the fingerprint of a configuration', () => {
  it('is the same for documents that say the same, in whatever order', () => {
    const reordered = { ...base, fields: Object.fromEntries(Object.entries(base.fields).toReversed()) }
    assert.equal(fingerprintOf(reordered), fingerprintOf(base))
  })

  it('changes with the mapping and with the academic year', () => {
    const other = decideFirstComplete(base, 'sisId', 'users.sourcedId')
    assert.notEqual(fingerprintOf(other), fingerprintOf(base))
    assert.notEqual(fingerprintOf(base, { academicYear: 2028 }), fingerprintOf(base))
  })

  it('changes with what decides what a row becomes', () => {
    const id = '01890a5d-ac96-774b-bcce-b302099a8057'
    for (const changed of [
      { overwriteWithBlank: true },
      { deactivateMissing: false },
      { schools: [id] },
      { coTeacherClasses: 3 },
      { onlyMappedRolesInLog: true },
    ])
      assert.notEqual(
        fingerprintOf(base, { settings: ImportSettings.parse(changed) }),
        fingerprintOf(base),
        Object.keys(changed)[0],
      )
    assert.notEqual(fingerprintOf(base, { reading: { profile: 'strict' } }), fingerprintOf(base))
  })

  it('stays when only the time of a run changes, or what a person is asked before', () => {
    const settings = ImportSettings.parse({
      limits: { deactivations: { count: 3 } },
      questionBudgets: { likely: 1 },
      blackouts: [{ from: '2026-12-24', to: '2027-01-02' }],
      additionsOnly: [{ from: '2026-12-24', to: '2027-01-02' }],
    })
    assert.equal(fingerprintOf(base, { settings }), fingerprintOf(base))
  })

  it('changes with which school of the source is which of ours', () => {
    assert.notEqual(fingerprintOf(base, { schoolsVersion: 1 }), fingerprintOf(base))
  })
})

function fingerprintOf(mapping: MappingDocument, changes: Partial<FingerprintedConfiguration> = {}): string {
  const settings = ImportSettings.parse({})
  return fingerprintConfiguration({
    mapping,
    settings,
    reading: undefined,
    academicYear: 2027,
    schoolsVersion: 0,
    ...changes,
  })
}
