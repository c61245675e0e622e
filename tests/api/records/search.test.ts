import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RosterRecord } from '../../../api/contract/record.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'
import { plantStudents, recordId, type PlantedStudent } from '../plant-records.ts'

const rig = useApiRig()
let counter = 100

async function plant(students: readonly Omit<PlantedStudent, 'id'>[]): Promise<(body: object) => Promise<string[]>> {
  const [token, district] = [await rig().makeToken(), await rig().makeDistrict()]
  await plantStudents(
    rig(),
    district,
    students.map((student) => ({ ...student, id: recordId(counter++) })),
  )
  const path = `/api/districts/${district.slug}/records/students/search`
  return async (body) => {
    const page = await readAnswer<Page<RosterRecord>>(await rig().sendJson(token, 'POST', path, body))
    return page.items.map(({ fields }) => String(fields['sisId']))
  }
}

async function ask(body: object, dataType = 'students', right?: 'view'): Promise<Response> {
  const token = await rig().makeToken(right === undefined ? {} : { rights: [right] })
  const district = await rig().makeDistrict()
  return rig().sendJson(token, 'POST', `/api/districts/${district.slug}/records/${dataType}/search`, body)
}

describe('a search of records', () => {
  it('finds a person by the beginning of either name, of both in either order, of an id, of an e-mail address', async () => {
    const find = await plant([
      { sisId: 'A-1', givenName: 'Zoë', familyName: "O'Brien", email: 'Zoe.OBrien@example.org' },
      { sisId: 'A-2', givenName: 'Łukasz', familyName: 'García López', email: 'l.g@example.org' },
      { sisId: 'B-3', givenName: 'Obrad', familyName: 'Zoeller' },
    ])
    for (const [search, expected] of [
      ['zoe', ['A-1', 'B-3']],
      ['ZOË', ['A-1', 'B-3']],
      ['obr', ['A-1', 'B-3']],
      ['o’brien', ['A-1']],
      ['zoe obrien', ['A-1']],
      ['OBrien, Zoë', ['A-1']],
      ['Obri Zo', ['A-1']],
      ['lukasz', ['A-2']],
      ['garcia lopez', ['A-2']],
      ['luk garcia lo', ['A-2']],
      ['a-', ['A-1', 'A-2']],
      ['key-B', ['B-3']],
      ['zoe.obrien@', ['A-1']],
      ['lopez', []],
      ['zoe smith', []],
    ] as const) {
      assert.deepEqual(await find({ search }), expected, search)
    }
  })

  it('takes no sign for a pattern, and nothing but signs for nobody', async () => {
    const find = await plant([{ sisId: 'A%1' }, { sisId: 'A_2', familyName: '100% Quist' }, { sisId: 'AB3' }])
    assert.deepEqual(await find({ search: 'A%' }), ['A%1'])
    assert.deepEqual(await find({ search: 'a_' }), ['A_2'])
    for (const search of ['%', '_', '-', "'", '\\', '.,']) assert.deepEqual(await find({ search }), [], search)
    assert.deepEqual(await find({ search: '  ' }), ['A%1', 'AB3', 'A_2'])
  })

  it('filters by a status, a school, a code, a number, a blank, and several of them at once', async () => {
    const find = await plant([
      { sisId: '1', race: ['asian', 'white'] },
      { sisId: '2', isInactive: true },
      { sisId: '3', gradeLevel: '09' },
      { sisId: '4', gradeLevel: '10', race: ['white'] },
    ])
    for (const [body, expected] of [
      [{}, ['1', '3', '4']],
      [{ status: 'inactive' }, ['2']],
      [{ status: 'all' }, ['1', '2', '3', '4']],
      [{ filter: { schoolId: 'org-7' } }, ['1', '3', '4']],
      [{ filter: { schoolId: 'org-8' } }, []],
      [{ filter: { gradeLevel: ['09', '10'] } }, ['3', '4']],
      [{ filter: { gradeLevel: null } }, ['1']],
      [{ filter: { gradeLevel: ['', '09'] } }, ['1', '3']],
      [{ filter: { classYear: 2028, race: 'white' } }, ['1', '4']],
      [{ filter: { race: null } }, ['3']],
      [{ filter: { gpaWeighted: '3.5', birthDate: '2010-02-28' }, search: '4' }, ['4']],
    ] as const) {
      assert.deepEqual(await find(body), expected, JSON.stringify(body))
    }
  })

  it('goes on page by page where names are equal, forwards and backwards, and misses nobody', async () => {
    const [token, district] = [await rig().makeToken(), await rig().makeDistrict()]
    const planted = Array.from({ length: 7 }, (_, at) => ({
      ...{ id: recordId(counter++), sisId: `S-${9 - at}`, familyName: at < 5 ? 'Quist' : 'Ångström' },
    }))
    await plantStudents(rig(), district, planted)
    const path = `/api/districts/${district.slug}/records/students/search`
    const walk = async (sort: string) => {
      const seen: string[] = []
      for (let cursor: string | null | undefined; cursor !== null;) {
        const body = { sort, limit: 2, ...(cursor === undefined ? {} : { cursor }) }
        const page: Page<RosterRecord> = await readAnswer(await rig().sendJson(token, 'POST', path, body))
        seen.push(...page.items.map((item) => item.recordId))
        cursor = page.nextCursor
      }
      return seen
    }
    const ids = planted.map(({ id }) => id)
    const byName = [...ids.slice(5), ...ids.slice(0, 5)]
    assert.deepEqual(await walk('name'), byName)
    assert.deepEqual(await walk('-name'), byName.toReversed())
    assert.deepEqual(await walk('sisId'), ids.toReversed())
    assert.deepEqual(await walk('-sisId'), ids)
  })

  it('gives all that it finds as CSV or as JSON lines', async () => {
    const [token, district] = [await rig().makeToken(), await rig().makeDistrict()]
    await plantStudents(rig(), district, [
      { id: recordId(counter++), sisId: 'B', familyName: 'Adams' },
      { id: recordId(counter++), sisId: 'A', familyName: 'Baker' },
      { id: recordId(counter++), sisId: 'C', isInactive: true },
    ])
    const path = `/api/districts/${district.slug}/records/students/search`
    const csv = await rig().sendJson(token, 'POST', path, { sort: 'name', format: 'csv', limit: 1 })
    const ids = (await csv.text()).split('\n').map((line) => line.split(',')[2])
    assert.deepEqual(ids, ['sisId', 'B', 'A', undefined])
    const lines = await rig().send(token, 'POST', path, {
      headers: { accept: 'application/x-ndjson', 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'all' }),
    })
    assert.equal(lines.headers.get('content-type'), 'application/x-ndjson; charset=utf-8')
    const records = (await lines.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RosterRecord)
    assert.deepEqual(
      records.map(({ fields, status }) => [fields['sisId'], status]),
      [
        ['A', 'active'],
        ['B', 'active'],
        ['C', 'inactive'],
      ],
    )
  })

  it('exports more than a page of what the database is asked for, each record once, and writes down who did', async () => {
    const [token, district] = [await rig().makeToken(), await rig().makeDistrict()]
    const schoolId = await plantStudents(rig(), district, [])
    const count = 11_000
    await withDistrict(rig().db, district.id, (trx) =>
      sql`insert into students (district_id, sis_id, given_name, family_name, school_id)
        select ${district.id}::uuid, 'S-' || i, 'Ada', 'Quist ' || i % 2, ${schoolId}::uuid from generate_series(1, ${count}) i`.execute(
        trx,
      ),
    )
    const path = `/api/districts/${district.slug}/records/students/search`
    const body = { search: 'quist', filter: { schoolId: 'org-7' }, sort: '-name', format: 'jsonl' }
    const lines = (await (await rig().sendJson(token, 'POST', path, body)).text()).trimEnd().split('\n')
    assert.equal(lines.length, count)
    assert.equal(new Set(lines).size, count)
    const audit = await withDistrict(rig().db, district.id, (trx) =>
      trx.selectFrom('auditLog').select(['actor', 'subject']).where('action', '=', 'exportRecords').execute(),
    )
    const subject = { dataType: 'students', form: 'jsonl', filters: ['schoolId'], isSearch: true }
    assert.deepEqual(audit, [{ actor: 'tester', subject }])
  })

  it('refuses what the data type does not have, and says what it has', async () => {
    for (const [body, dataType, words] of [
      [{ sort: 'shoeSize' }, 'students', /"sisId" or "-sisId", "name" or "-name"/],
      [{ sort: 'name' }, 'enrollments', /"sisId" or "-sisId"/],
      [{ filter: { shoeSize: '7' } }, 'students', /filter\.shoeSize.*no field to filter by; there are sisId,/],
      [{ filter: { enrollmentStatus: 'active' } }, 'students', /ask by "status"/],
      [{ filter: { classYear: 'soon' } }, 'students', /filter\.classYear: the value is no integer/],
      [{ filter: { sex: 'Z' } }, 'students', /filter\.sex: the value is no code of the field/],
      [{ filter: { constructor: 'x' } }, 'students', /no field to filter by/],
      [{ cursor: 'WyJuYW1lIiwiYSIsImIiLCJjIl0' }, 'students', /The cursor belongs to another list/],
      [{ sort: 'name', cursor: 'WyJuYW1lIiwiYSIsImIiLCJjIl0' }, 'students', /The cursor belongs to another list/],
      [{ pattern: 'x' }, 'students', /pattern/],
    ] as const) {
      const { detail } = await readAnswer<Problem>(await ask(body, dataType), 400)
      assert.match(detail, words, JSON.stringify(body))
    }
  })

  it('needs the right to see values', async () => {
    assert.equal((await ask({}, 'students', 'view')).status, 403)
  })
})
