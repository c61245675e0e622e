import assert from 'node:assert/strict'
import { plainConnector, type PlainInput } from '../../fixtures/plain-connector.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig({ connector: 'plain', connectors: [plainConnector] })

beforeEach(() => rig.clear())

const schools = [{ id: 'S1', name: 'Franklin High' }]
const ben = { id: 'k2', no: '2', given: 'Ben', family: 'Okafor', school: 'S1', grade: '09' }
const ada = { id: 'k1', no: '1', given: 'Ada', family: 'Quist', school: 'S1', grade: '09' }
const adaIs = (change: Readonly<Record<string, string>>): PlainInput => ({
  schools,
  people: [{ ...ada, ...change }, ben],
})

async function bring(input: PlainInput, dataType = 'students') {
  const run = await rig.giveRun(await rig.giveContent(Buffer.from(JSON.stringify(input))), { dataType })
  await rig.importAll(run)
  const { state, staging } = await rig.readRun(run)
  assert.match(state, /^completed/)
  const told = (await rig.ask(`select rule || ' ' || severity || ' ' || coalesce("column", '') as told
    from run_findings where run_id = '${run.runId}' order by 1`)) as { told: string }[]
  return { told: told.map((row) => row.told.trim()), isComplete: staging?.isComplete }
}

async function readColumn(column: string): Promise<unknown> {
  const rows = await rig.ask(`select ${column} as value from students where sis_id = '1' and status = 'active'`)
  return (rows as { value: unknown }[])[0]?.value
}

const long = (length: number) => 'x'.repeat(length)
const notImported = undefined

describe('a connector that looks at nothing itself', () => {
  for (const [what, input, expected, column, value] of [
    ['a text that is too long', adaIs({ middle: long(501) }), ['I-19 warning middleName'], 'middle_name', null],
    [
      'an id that is too long',
      adaIs({ no: long(601) }),
      ['I-03 error sisId', 'I-19 warning sisId'],
      'sis_id',
      notImported,
    ],
    ['a custom field that is too long', adaIs({ note: long(20_001) }), ['I-19 warning note'], 'custom_fields', null],
    ['a key that is too long', adaIs({ id: long(601) }), ['I-19 error sourceKey'], 'sis_id', notImported],
    ['no key', adaIs({ id: '' }), ['I-03 error sourceKey'], 'sis_id', notImported],
    [
      'a day that no calendar has',
      { ...adaIs({}), births: [{ id: 'k1', day: '2012-02-30' }] },
      ['I-04 warning birthDate'],
      'birth_date',
      null,
    ],
    [
      'a day on which nobody was born',
      { ...adaIs({}), births: [{ id: 'k1', day: '1899-02-03' }] },
      ['I-07 warning birthDate'],
      'birth_date',
      null,
    ],
    ['a code that nobody mapped', adaIs({ sex: 'lilac' }), ['I-05 warning sex'], 'sex', null],
    ['what is no e-mail address', adaIs({ mail: 'ada at home' }), ['I-21 warning email'], 'email', 'ada at home'],
    ['no family name', adaIs({ family: ' ' }), ['I-03 error familyName'], 'sis_id', notImported],
    ['a school that is not there', adaIs({ school: 'S9' }), ['I-03 error schoolId'], 'sis_id', notImported],
    ['U+0000 in a name', adaIs({ given: 'A\0da' }), ['I-20 warning givenName'], 'given_name', 'Ada'],
    ['half a character in a name', adaIs({ given: 'Ad\ud800' }), ['I-20 warning givenName'], 'given_name', 'Ad\ufffd'],
    ['U+0000 in a key', adaIs({ id: 'k\x001' }), ['I-20 warning sourceKey'], 'source_key', 'k1'],
    [
      'half a character in a custom field',
      adaIs({ note: '\udc00!' }),
      ['I-20 warning note'],
      'custom_fields',
      { note: '\ufffd!' },
    ],
    [
      'U+0000 in the key of a school',
      { schools: [{ id: 'S\x001', name: 'F\0' }], people: [ada, ben] },
      [],
      'sis_id',
      '1',
    ],
    [
      'two rows of one key that contradict each other',
      { schools, people: [ada, { ...ada, no: '7' }, ben] },
      ['I-01 error sourceKey'],
      'sis_id',
      notImported,
    ],
    ['a row that comes twice', { schools, people: [ada, ada, ben] }, [], 'sis_id', '1'],
    [
      'two rows that add different things to a record',
      {
        ...adaIs({}),
        births: [
          { id: 'k1', day: '2012-02-03' },
          { id: 'k1', day: '2012-03-02' },
        ],
      },
      ['I-01 error sourceKey'],
      'birth_date',
      null,
    ],
    ['white space and decomposed letters', adaIs({ given: ' Zoe\u0308\u200b' }), [], 'given_name', 'Zoë'],
  ] as const) {
    it(`has ${what} looked at all the same, and everybody else imported`, async () => {
      assert.deepEqual((await bring(input)).told, expected)
      assert.deepEqual(await readColumn(column), value)
      assert.equal((await rig.ask(`select from students where sis_id = '2'`)).length, 1)
      // What is wrong is told as long as it is.
      assert.deepEqual((await bring({ ...input, other: [] })).told, expected)
    })
  }

  it('has it counted where a value is expected and not there', async () => {
    await bring(adaIs({ grade: '' }))
    const alerts = await rig.ask(`select kind, field, count from alerts where closed_at is null`)
    assert.deepEqual(alerts, [{ kind: 'missingExpected', field: 'gradeLevel', count: 1 }])
  })

  it('takes nobody for gone where somebody came without a key', async () => {
    await bring(adaIs({}))
    const { isComplete } = await bring({ schools, people: [{ ...ben, id: '' }] })
    assert.equal(isComplete, false)
    assert.equal((await rig.ask(`select from students where status = 'active'`)).length, 2)
  })

  it('keeps what is held of somebody whose key stands for two', async () => {
    await bring(adaIs({}))
    const people = [{ ...ada, family: 'One' }, { ...ada, family: 'Two' }, ben]
    assert.deepEqual((await bring({ schools, people })).told, ['I-01 error sourceKey'])
    assert.equal(await readColumn('family_name'), 'Quist')
    const alerts = await rig.ask(
      `select kind, field, count from alerts where closed_at is null and kind = 'notImported'`,
    )
    assert.deepEqual(alerts, [{ kind: 'notImported', field: 'I-01', count: 1 }])
  })

  it('has what is gathered looked at, item by item', async () => {
    const courses = [{ id: 'c1', no: '101', title: 'Algebra' }]
    const needs = ['99', long(501), '9\x008'].map((course) => ({ id: 'c1', course }))
    const { told } = await bring({ courses, needs }, 'courseCatalog')
    assert.deepEqual(told, ['I-19 warning prerequisites', 'I-20 warning prerequisites'])
    assert.deepEqual(await rig.ask('select prerequisites from course_catalog'), [{ prerequisites: ['98', '99'] }])
  })
})
