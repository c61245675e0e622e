import assert from 'node:assert/strict'
import type { Page } from '../../api/contract/paging.ts'
import type { RosterRecord } from '../../api/contract/record.ts'
import { withDistrict } from '../../db/database.ts'
import { insertMappingVersion } from '../../db/connect/configurations.ts'
import { students } from '../../domain/data-types/students.ts'
import { readAnswer, useApiRig } from './api-rig.ts'
import { plantStudents, recordId } from './plant-records.ts'
import { plantConnection } from './import/plant-run.ts'

const rig = useApiRig()

describe('records as CSV', () => {
  it('are printed as the contract says: fields in order, quoted where needed, school as its source key', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    await plantStudents(rig(), district, [
      { id: recordId(2), sisId: 'b-2', familyName: 'O"Brien, Jr.', race: ['asian', 'white'] },
      { id: recordId(1), sisId: 'B-1', familyName: 'Ångström' },
      { id: recordId(3), sisId: 'c-3', isInactive: true },
    ])
    const path = `/api/districts/${district.slug}/records/students`
    const response = await rig().send(token, 'GET', path, { headers: { accept: 'text/csv' } })
    assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8')
    const lines = (await response.text()).split('\n')
    assert.equal(lines[0], `recordId,status,${Object.keys(students.fields).join(',')}`)
    assert.deepEqual(lines.slice(1), [
      `${recordId(1)},active,B-1,key-B-1,,,,Ada,,Ångström,,2010-02-28,,,,,,,,,,org-7,,2028,active,3.50,,,,,`,
      `${recordId(2)},active,b-2,key-b-2,,,,Ada,,"O""Brien, Jr.",,2010-02-28,,,asian;white,,,,,,,org-7,,2028,active,3.50,,,,,`,
      '',
    ])
    const all = await (await rig().send(token, 'GET', `${path}?all=true&format=csv`)).text()
    assert.match(all, new RegExp(`^${recordId(3)},inactive,c-3,.*,inactive,3\\.50`, 'm'))
  })

  it('end with the custom fields that a mapping names', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const { id: connectionId } = await plantConnection(rig(), token, district)
    await withDistrict(rig().db, district.id, (trx) =>
      insertMappingVersion(trx, {
        districtId: district.id,
        connectionId,
        dataType: 'students',
        createdBy: 'tester',
        document: {
          fields: {},
          customFields: { shirtSize: 'users.metadata.size', busLine: 'users.metadata.bus' },
          codes: {},
          academicYearTurnsOn: '07-01',
        },
      }),
    )
    await plantStudents(rig(), district, [{ id: recordId(11), sisId: 'S-1', customFields: { busLine: '7' } }])
    const path = `/api/districts/${district.slug}/records/students?format=csv`
    const [header, line] = (await (await rig().send(token, 'GET', path)).text()).split('\n')
    assert.ok(header?.endsWith(',homeroom,busLine,shirtSize'))
    assert.ok(line?.endsWith(',7,'))
  })

  it('come page by page as JSON in the same order', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const planted = [3, 1, 2].map((number) => ({ id: recordId(20 + number), sisId: `S-${number}` }))
    await plantStudents(rig(), district, planted)
    const path = `/api/districts/${district.slug}/records/students?limit=2`
    const first = await readAnswer<Page<RosterRecord>>(await rig().send(token, 'GET', path))
    const rest = await readAnswer<Page<RosterRecord>>(
      await rig().send(token, 'GET', `${path}&cursor=${first.nextCursor}`),
    )
    const listed = [...first.items, ...rest.items]
    assert.deepEqual(
      listed.map(({ fields }) => fields['sisId']),
      ['S-1', 'S-2', 'S-3'],
    )
    assert.equal(listed[0]?.fields['schoolId'], 'org-7')
    assert.equal(rest.nextCursor, null)
  })
})
