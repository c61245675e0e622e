import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import JSZip from 'jszip'
import { writeDistrict } from '../../../simulators/oneroster-package/write-district.ts'
import { StandInClient, startStandIn, type Row } from './stand-in-client.ts'

const district = { seed: 11, students: 150, studentsPerSchool: 60, day: 2 }

/** Columns of the CSV binding whose key in JSON is another. The rest are equal, or end in SourcedId(s). */
const keys: Readonly<Record<string, string>> = {
  orgSourcedIds: 'orgs',
  agentSourcedIds: 'agents',
  termSourcedIds: 'terms',
  preferredGivenName: 'preferredFirstName',
  preferredFamilyName: 'preferredLastName',
}
const refs: Readonly<Record<string, string>> = { lineItemSourcedId: 'lineItem', studentSourcedId: 'student' }
const withTime = new Set(['assignDate', 'dueDate', 'scoreDate'])

async function readCsv(zip: JSZip, name: string): Promise<Record<string, string>[]> {
  const text = (await zip.file(`${name}.csv`)?.async('text')) ?? ''
  return parse<Record<string, string>>(text, { columns: true })
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(textOf).join(',')
  if (typeof value === 'object' && 'sourcedId' in value) return String(value.sourcedId)
  if (typeof value === 'object' && 'type' in value && 'identifier' in value)
    return `{${String(value.type)}:${String(value.identifier)}}`
  return typeof value === 'object' ? JSON.stringify(value) : `${value as string | number | boolean}` // what is left of JSON
}

/** What the cell of a column is in the record of the REST binding. */
function cellOf(row: Row, column: string): string {
  const [, metadata] = /^metadata\.(.+)$/.exec(column) ?? []
  if (metadata !== undefined) return textOf((row['metadata'] as Record<string, unknown> | undefined)?.[metadata])
  const text = textOf(row[keys[column] ?? refs[column] ?? column.replace(/SourcedId$/, '')])
  return withTime.has(column) ? text.slice(0, 10) : text
}

describe('the same district', () => {
  for (const version of ['1.1', '1.2'] as const) {
    it(`is the same over CSV and over REST, value by value, in ${version}`, async () => {
      const client = new StandInClient(await startStandIn({ district, version }))
      const zip = await JSZip.loadAsync(await buffer(writeDistrict({ ...district, version })))
      for (const file of 'orgs academicSessions courses classes users enrollments demographics categories lineItems results'.split(
        ' ',
      )) {
        const isGradebook = ['categories', 'lineItems', 'results'].includes(file)
        const path = isGradebook ? `${client.gradebookUrl}/${file}` : file
        const active = (await client.all(path, 700)).filter(({ status }) => status === 'active')
        const cells = await readCsv(zip, file)
        assert.ok(cells.length > 0, file)
        const blank = ['status', 'dateLastModified', 'password']
        const columns = Object.keys(cells[0] ?? {}).filter((column) => !blank.includes(column))
        const overRest = active.map((row) => Object.fromEntries(columns.map((column) => [column, cellOf(row, column)])))
        const overCsv = cells.map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? ''])))
        assert.deepEqual(overRest, overCsv, file)
      }
    })
  }

  it('has the rows of roles.csv and userProfiles.csv in its users of 1.2', async () => {
    const client = new StandInClient(await startStandIn({ district, version: '1.2' }))
    const zip = await JSZip.loadAsync(await buffer(writeDistrict({ ...district, version: '1.2' })))
    const read = (name: string) => readCsv(zip, name)
    type Nested = Row & {
      roles: Record<string, unknown>[]
      userProfiles?: (Record<string, unknown> & { credentials: { type: string; username: string }[] })[]
    }
    const users = (await client.all('users', 700)).filter(({ status }) => status === 'active') as Nested[]
    const roles = users.flatMap((user) =>
      user.roles.map((role) => [
        user.sourcedId,
        role['roleType'],
        role['role'],
        textOf(role['org']),
        textOf(role['userProfile']),
        textOf(role['beginDate']),
      ]),
    )
    const rows = (await read('roles')).map((row) => [
      row['userSourcedId'],
      row['roleType'],
      row['role'],
      row['orgSourcedId'],
      row['userProfileSourcedId'],
      row['beginDate'],
    ])
    assert.deepEqual(roles, rows)
    const profiles = users.flatMap((user) =>
      (user.userProfiles ?? []).map((one) => [
        user.sourcedId,
        one['profileId'],
        one['vendorId'],
        one.credentials[0]?.username,
      ]),
    )
    const profileRows = (await read('userProfiles')).map((row) => [
      row['userSourcedId'],
      row['sourcedId'],
      row['vendorId'],
      row['username'],
    ])
    assert.deepEqual(profiles, profileRows)
    assert.ok(profiles.length > 0)
  })
})
