import assert from 'node:assert/strict'
import { connectors } from '../../connectors/registry.ts'
import { oneRosterTypes } from '../../connectors/kit/one-roster/data-types/registry.ts'
import { choicesColumn, foldedColumn, quoteName } from '../../db/fields/field-sql.ts'
import { codeSets, type CodeSet } from '../../domain/code-sets/registry.ts'
import {
  columnOf,
  getField,
  keyField,
  lookUpFields,
  storedFields,
  targetsOf,
  type DataType,
  type FieldDefinition,
} from '../../domain/data-types/define-data-type.ts'
import { dataTypes, findDataType, prerequisitesOf, sortByReferences } from '../../domain/data-types/registry.ts'
import { useImportRig } from '../activities/import-rig.ts'
import { fixtures } from '../districts/registry.ts'
import { listExports } from './list-exports.ts'

const rig = useImportRig()

const sqlTypes: Readonly<Record<string, string>> = {
  text: 'text',
  date: 'date',
  integer: 'integer',
  decimal: 'numeric',
}

/** Written from what docs/reference/data-types.md says of types, and not from the code that makes the SQL. */
function sqlTypeOf({ type, many }: FieldDefinition): string {
  const one = typeof type === 'string' ? (sqlTypes[type] ?? type) : 'uuid'
  return many === true ? `${one}[]` : one
}

const columnsOfRecords: Readonly<Record<string, string>> = {
  ...{ id: 'uuid', district_id: 'uuid', custom_fields: 'jsonb', status: 'text', revision: 'integer' },
  ...{ connection_id: 'uuid', mapping_fingerprint: 'bigint', primary_digest: 'bigint', supplement_digest: 'bigint' },
  ...{ gathered_digest: 'bigint', primary_modified_at: 'timestamp with time zone', edited_xid: 'xid8' },
  ...{ supplement_modified_at: 'timestamp with time zone', created_run_id: 'uuid', updated_run_id: 'uuid' },
  ...{ created_at: 'timestamp with time zone', updated_at: 'timestamp with time zone' },
  kept_fields: 'text[]',
}

const columnsOfStaged: Readonly<Record<string, string>> = {
  ...{ district_id: 'uuid', run_id: 'uuid', seq: 'integer', line: 'integer', kind: 'smallint', parts: 'smallint' },
  ...{ primary_digest: 'bigint', supplement_digest: 'bigint', gathered_digest: 'bigint', custom_fields: 'jsonb' },
  ...{ primary_modified_at: 'timestamp with time zone', supplement_modified_at: 'timestamp with time zone' },
  unresolved: 'text[]',
  outside_school: 'text',
}

async function readColumns(table: string): Promise<Readonly<Record<string, string>>> {
  const rows = (await rig.ask(`select attname as name, format_type(atttypid, null) as type from pg_attribute
    where attrelid = '${quoteName(table)}'::regclass and attnum > 0 and not attisdropped`)) as {
    name: string
    type: string
  }[]
  return Object.fromEntries(rows.map(({ name, type }) => [name, type]))
}

async function readIndexes(table: string): Promise<readonly string[]> {
  const rows = await rig.ask(`select indexdef from pg_indexes where tablename = '${table}'`)
  return (rows as { indexdef: string }[]).map(({ indexdef }) => indexdef.replaceAll('"', ''))
}

/** By what records are looked up besides their keys. */
const columnsOfLookUp = (dataType: DataType) => {
  const { names, email } = lookUpFields(dataType)
  return Object.fromEntries(
    [...names, ...(email === undefined ? [] : [email])].map((field) => [foldedColumn(field), 'text']),
  )
}

const columnsOfFields = (dataType: DataType) =>
  Object.fromEntries(
    storedFields(dataType).map((field) => [columnOf(field), sqlTypeOf(getField(dataType, field))] as const),
  )

describe('the registry of data types', () => {
  it('has a line for every file of its folder', async () => {
    const inFolder = await listExports<DataType>('domain/data-types', (value) => 'stagedTable' in value)
    assert.deepEqual(inFolder.map(({ name }) => name).sort(), dataTypes.map(({ name }) => name).sort())
  })

  it('gives an order in which each comes after those that it needs', () => {
    const order = sortByReferences(dataTypes.map(({ name }) => name))
    for (const dataType of dataTypes) {
      for (const needed of prerequisitesOf(dataType)) {
        assert.ok(order.indexOf(needed) < order.indexOf(dataType.name), `${dataType.name} comes before ${needed}`)
      }
    }
  })
})

describe('the fixtures of tests/districts', () => {
  for (const { name } of dataTypes) {
    it(`have one for the data type ${name}`, () => {
      assert.ok(
        fixtures.some(({ dataType }) => dataType === name),
        `tests/districts has no fixture of ${name}`,
      )
    })
  }

  for (const { dataType } of fixtures) {
    it(`have none but of a data type that is registered: ${dataType}`, () => {
      assert.ok(findDataType(dataType), `${dataType} is in no line of domain/data-types/registry.ts`)
    })
  }
})

describe('the registries of code sets and of connectors', () => {
  it('have a line for every file and folder', async () => {
    const inFolder = await listExports<CodeSet>('domain/code-sets', (value) => 'isOpen' in value)
    for (const codeSet of inFolder) {
      assert.ok(Object.values(codeSets).includes(codeSet), `a code set is in no line: ${codeSet.values.join(', ')}`)
    }
    for (const connector of await listExports<{ id: string }>('connectors', (value) => 'defaultMapping' in value)) {
      assert.ok(
        connectors.some(({ id }) => id === connector.id),
        `${connector.id} is in no line of connectors/registry.ts`,
      )
    }
  })

  it('have every data type of a OneRoster package', async () => {
    const folder = 'connectors/kit/one-roster/data-types'
    const inFolder = await listExports<{ dataType: string }>(folder, (value) => 'collections' in value)
    assert.deepEqual(
      inFolder.map(({ dataType }) => dataType).sort(),
      oneRosterTypes.map(({ dataType }) => dataType).sort(),
    )
    for (const { dataType } of oneRosterTypes) assert.ok(findDataType(dataType), `${dataType} is no data type`)
  })
})

for (const dataType of dataTypes) {
  describe(`the data type ${dataType.name}`, () => {
    it('has code sets that are there and have values', () => {
      for (const [name, { codeSet, always }] of Object.entries(dataType.fields)) {
        if (codeSet === undefined) continue
        const [, found] = Object.entries(codeSets).find(([known]) => known === codeSet) ?? []
        assert.ok(found?.values.length, `the code set ${codeSet} of ${name} is not there`)
        if (always !== undefined) assert.ok(found.values.includes(always))
      }
    })

    it('names fields of its own as keys, school, names and aspects, and refers to what there is', () => {
      // Of a row that is withdrawn or refused the source's key is all that is known.
      assert.ok(dataType.matchKeys.includes(keyField), `${dataType.name} is not matched by the source's key`)
      const { matchKeys, schoolField, shownBy, named, resemblance, matching = {} } = dataType
      for (const name of [...matchKeys, shownBy, ...named, ...resemblance.flat(), ...Object.values(matching)]) {
        assert.ok(dataType.fields[name], `${name} is no field`)
      }
      if (schoolField !== null) assert.deepEqual(targetsOf(getField(dataType, schoolField)), ['orgs'])
      const targets = Object.values(dataType.fields).flatMap(targetsOf)
      for (const target of targets) assert.ok(target === 'orgs' || findDataType(target), `there is no ${target}`)
    })

    it('has a table with just the columns of its fields', async () => {
      const expected = { ...columnsOfRecords, ...columnsOfFields(dataType), ...columnsOfLookUp(dataType) }
      assert.deepEqual(await readColumns(dataType.table), expected)
    })

    it('has staged rows with just the columns of its fields', async () => {
      const chosen = storedFields(dataType).filter((field) => getField(dataType, field).isChosen === true)
      const choices = Object.fromEntries(chosen.map((field) => [choicesColumn(field), 'uuid[]']))
      const expected = { ...columnsOfStaged, ...columnsOfFields(dataType), ...choices }
      assert.deepEqual(await readColumns(dataType.stagedTable), expected)
    })

    it('is searched by an index for each key, the first of them unique, and for each blank that is counted', async () => {
      const indexes = await readIndexes(dataType.table)
      const [first, ...others] = dataType.matchKeys.map(columnOf)
      assert.ok(indexes.some((index) => index.startsWith('CREATE UNIQUE') && index.includes(`(district_id, ${first})`)))
      for (const key of others)
        assert.ok(
          indexes.some((index) => index.includes(`(district_id, ${key})`)),
          key,
        )
      assert.ok(indexes.some((index) => index.includes('WHERE (edited_xid IS NOT NULL)')))
      for (const [name, { presence }] of Object.entries(dataType.fields)) {
        if (presence !== 'expected') continue
        const blank = `(${columnOf(name)} IS NULL)`
        assert.ok(
          indexes.some((index) => index.includes(blank)),
          `no index counts who has no ${name}`,
        )
      }
      assert.ok((await readIndexes(dataType.stagedTable)).some((index) => index.includes('(run_id, seq)')))
    })

    it('is kept apart by district, and may be no more than it must', async () => {
      for (const [table, rights] of [
        [dataType.table, ['INSERT', 'MAINTAIN', 'SELECT', 'UPDATE']],
        [dataType.stagedTable, ['DELETE', 'INSERT', 'MAINTAIN', 'SELECT']],
      ] as const) {
        const isolation = await rig.ask(`select relrowsecurity, relforcerowsecurity,
          (select count(*)::int from pg_policy where polrelid = c.oid) as policies
          from pg_class c where oid = '${table}'::regclass`)
        assert.deepEqual(isolation, [{ relrowsecurity: true, relforcerowsecurity: true, policies: 1 }], table)
        const granted = await rig.ask(`select privilege_type as right from
          (select (aclexplode(relacl)).* from pg_class where oid = '${table}'::regclass) acl
          where grantee = 'rollbook_app'::regrole order by 1`)
        assert.deepEqual(
          (granted as { right: string }[]).map(({ right }) => right),
          rights,
          table,
        )
      }
    })

    it('changes its revision, and forgets its digests, when somebody else writes to it', async () => {
      const triggers = await rig.ask(
        `select from pg_trigger where tgrelid = '${dataType.table}'::regclass and tgfoid = 'rollbook_record_changed'::regproc`,
      )
      assert.equal(triggers.length, 1)
    })
  })
}
