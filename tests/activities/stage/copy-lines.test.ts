import assert from 'node:assert/strict'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { CopyBlock } from '../../../activities/stage/copy-block.ts'
import { addPrimaryLine } from '../../../activities/stage/copy-lines.ts'
import { createTestDatabase } from '../../harness/database.ts'

/** Everything that COPY, an array literal or JSON could take for something else. */
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'é',
    '名',
    '\t',
    '\n',
    '\r',
    '\\',
    '"',
    "'",
    ',',
    '{',
    '}',
    'N',
    ' ',
    '\\N',
    '\\u0000',
    '0',
  ),
})
const row = fc.record({
  line: fc.nat(),
  name: fc.option(text.filter((value) => value !== '')),
  list: fc.option(fc.array(text, { minLength: 1, maxLength: 4 })),
  custom: fc.option(fc.dictionary(text, text, { maxKeys: 3 })),
})

describe('a line for COPY', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let client: pg.Client
  beforeAll(async () => {
    database = await createTestDatabase({ isEmpty: true })
    client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    await client.query(
      'create temp table copied (line int, kind smallint, key text, digest bigint, name text, list text[], custom jsonb, modified_at timestamptz)',
    )
  })
  afterAll(async () => {
    await client.end()
    await database.dispose()
  })

  it('arrives as the values it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const block = new CopyBlock()
        for (const { line, name, list, custom } of rows) {
          addPrimaryLine(
            block,
            1,
            { line, sourceKey: name ?? 'k', digest: '-7', customFields: custom, modifiedAt: null },
            [name, list],
          )
        }
        await client.query('truncate copied')
        await pipeline(Readable.from([block.take()]), client.query(copyFrom('copy copied from stdin')))
        const { rows: copied } = await client.query('select line, kind, key, digest, name, list, custom from copied')
        assert.deepEqual(
          copied,
          rows.map(({ line, name, list, custom }) => ({
            ...{ line, kind: 1, key: name ?? 'k', digest: '-7', name, list },
            custom: custom === null ? null : { ...custom },
          })),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('has room for a value larger than its block, and for the lines after it', () => {
    const block = new CopyBlock()
    const long = 'é'.repeat(200_000)
    const modifiedAt = '2026-10-01T08:00:00.000Z'
    for (const key of [long, 'k'])
      addPrimaryLine(block, 1, { line: 12, sourceKey: key, digest: null, customFields: null, modifiedAt }, [])
    assert.equal(
      block.take().toString(),
      `12\t1\t${long}\t\\N\t\\N\t${modifiedAt}\n12\t1\tk\t\\N\t\\N\t${modifiedAt}\n`,
    )
    assert.equal(block.length, 0)
  })

  it('loses the one character that PostgreSQL does not store', async () => {
    await client.query('truncate copied')
    const block = new CopyBlock()
    addPrimaryLine(block, 1, { line: 1, sourceKey: 'k', digest: null, customFields: { a: 'x\0y' }, modifiedAt: null }, [
      'a\0b',
      null,
    ])
    await pipeline(Readable.from([block.take()]), client.query(copyFrom('copy copied from stdin')))
    const { rows: copied } = await client.query(`select name, custom ->> 'a' as custom from copied`)
    assert.deepEqual(copied, [{ name: 'ab', custom: 'xy' }])
  })
})
