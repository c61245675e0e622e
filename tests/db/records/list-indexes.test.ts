import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { createDatabase, withDistrict, type Database } from '../../../db/database.ts'
import { valueType } from '../../../db/fields/field-sql.ts'
import { allActive, buildListSql, preferIndexes, type RecordQuery } from '../../../db/records/list-records.ts'
import {
  columnOf,
  getField,
  lookUpFields,
  storedFields,
  targetsOf,
  type DataType,
} from '../../../domain/data-types/define-data-type.ts'
import { dataTypes } from '../../../domain/data-types/registry.ts'
import { withClient } from '../../../stack/postgres/postgres.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'

const rowCount = 100_000
const districtId = randomUUID()
let database: TestDatabase
let db: Kysely<Database>

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.appUrl, maxConnections: 2 })
})

afterAll(async () => {
  await db.destroy()
  await database.dispose()
})

/** Of record number `i`, as SQL: keys and names of their own, and of all else a few dozen values. */
function inventValue(dataType: DataType, field: string): string {
  const definition = getField(dataType, field)
  const type = valueType(definition)
  const isOwn = dataType.matchKeys.includes(field) || lookUpFields(dataType).email === field
  const few = `(i % 40)`
  const one = {
    uuid: `md5(${dataType.schoolField === field ? few : `(i % 5000)`}::text)::uuid`,
    integer: `2000 + ${few}`,
    numeric: few,
    date: `date '2010-01-01' + ${few}::integer`,
    text: isOwn ? `'${field}-' || i` : `substr(md5('${field}' || i % 3000), 1, 8)`,
  }[type]
  assert.ok(one !== undefined, type)
  return definition.many === true ? `array[${one}]` : one
}

async function plantRecords(dataType: DataType): Promise<void> {
  const fields = storedFields(dataType)
  const columns = fields.map((field) => `"${columnOf(field)}"`).join(', ')
  const values = fields.map((field) => inventValue(dataType, field)).join(', ')
  await withClient(database.superuserUrl, async (client) => {
    await client.query(`insert into ${dataType.table} (district_id, ${columns})
      select '${districtId}', ${values} from generate_series(1, ${rowCount}) i`)
    await client.query(`analyze ${dataType.table}`)
  })
}

type Node = { readonly 'Node Type': string; readonly 'Relation Name'?: string; readonly Plans?: readonly Node[] }

function listNodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)]
}

async function explain(dataType: DataType, query: Partial<RecordQuery>): Promise<Node[]> {
  return await withDistrict(db, districtId, async (trx) => {
    await preferIndexes(trx)
    const statement = buildListSql(dataType, { ...allActive, limit: 21, ...query })
    const { rows } = await sql<{ plan: [{ Plan: Node }] }>`explain (format json) ${statement}`.execute(trx)
    const [answer] = rows.map((row) => Object.values(row)[0] as [{ Plan: Node }]) // its one column is the plan
    assert.ok(answer)
    return listNodes(answer[0].Plan)
  })
}

/** How the table of the records is read in the plan of a page. */
async function readsOf(dataType: DataType, query: Partial<RecordQuery>): Promise<string[]> {
  const nodes = await explain(dataType, query)
  return nodes.filter((node) => node['Relation Name'] === dataType.table).map((node) => node['Node Type'])
}

function listOrders(dataType: DataType): { readonly by: 'key' | 'name'; readonly isDescending: boolean }[] {
  const orders = lookUpFields(dataType).names.length > 0 ? (['key', 'name'] as const) : (['key'] as const)
  return orders.flatMap((by) => [false, true].map((isDescending) => ({ by, isDescending })))
}

for (const dataType of dataTypes) {
  describe(`a hundred thousand records of ${dataType.name}`, () => {
    beforeAll(() => plantRecords(dataType))

    it('have a key for each field by which they are looked up, and never without a value for what they are sorted by', () => {
      for (const name of lookUpFields(dataType).names) assert.equal(getField(dataType, name).presence, 'required')
    })

    it('are never read whole for a page, in whatever order, from wherever', async () => {
      for (const order of listOrders(dataType)) {
        const { names } = lookUpFields(dataType)
        const after = order.by === 'key' ? ['sisId-500'] : [...names.map(() => 'm'), randomUUID()]
        for (const page of [{ order }, { order, after }, { order, after, status: null }]) {
          const reads = await readsOf(dataType, page)
          assert.deepEqual([...new Set(reads)], ['Index Scan'], `${JSON.stringify(page)}: ${reads.join(', ')}`)
        }
        const nodes = await explain(dataType, { order, after })
        assert.ok(!nodes.some((node) => node['Node Type'] === 'Sort'), 'a page is not sorted out of all')
      }
    })

    it('are never read whole for what somebody typed', async () => {
      for (const search of ['s', 'smith', 'sisId-77', 'ada smith', 'Smith, Ada', 'email-77@', '%', '  -']) {
        for (const order of listOrders(dataType)) {
          const reads = await readsOf(dataType, { search, order })
          assert.ok(!reads.includes('Seq Scan') && reads.length > 0, `${search}: ${reads.join(', ')}`)
        }
      }
    })

    it('are never read whole for a filter, and by the index of a reference where one record is referred to', async () => {
      for (const field of storedFields(dataType)) {
        const definition = getField(dataType, field)
        if (definition.isProse === true) continue
        const value = { uuid: randomUUID(), integer: '2001', numeric: '7', date: '2010-01-03', text: 'x' }[
          valueType(definition)
        ]
        assert.ok(value !== undefined)
        const filters = [{ field, values: [value] }]
        const reads = await readsOf(dataType, { filters })
        assert.ok(!reads.includes('Seq Scan') && reads.length > 0, `${field}: ${reads.join(', ')}`)
        const isLooked = targetsOf(definition).some((target) => target !== 'orgs') && definition.many !== true
        if (isLooked) {
          const names = (await explain(dataType, { filters })).map(
            (node) => (node as { 'Index Name'?: string })['Index Name'],
          )
          assert.ok(
            names.some((name) => name?.includes(columnOf(field)) === true),
            `${field}: ${names.join(', ')}`,
          )
        }
      }
    })
  })
}
