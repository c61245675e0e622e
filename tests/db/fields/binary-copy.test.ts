import assert from 'node:assert/strict'
import fc from 'fast-check'
import pg from 'pg'
import { BinaryCopyReader, nullLength, readBinaryRows, type BinaryRow } from '../../../db/fields/binary-copy.ts'
import { createTestDatabase } from '../../harness/database.ts'

type Value = Buffer | null

/** The format as the manual of PostgreSQL has it (COPY, binary format). */
function write(rows: readonly (readonly Value[])[], extension = Buffer.alloc(0)): Buffer {
  const number = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes)
    buffer.writeIntBE(value, 0, bytes)
    return buffer
  }
  const head = [Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), number(0, 4), number(extension.length, 4), extension]
  const body = rows.flatMap((values) => [
    number(values.length, 2),
    ...values.flatMap((value) => (value === null ? [number(-1, 4)] : [number(value.length, 4), value])),
  ])
  return Buffer.concat([...head, ...body, number(-1, 2)])
}

function readValues({ bytes, starts, lengths }: BinaryRow): Value[] {
  return Array.from(lengths, (length, column) => {
    const start = starts[column] ?? 0
    return length === nullLength ? null : Buffer.from(bytes.subarray(start, start + length))
  })
}

function read(pieces: Iterable<Buffer>, columnCount: number): Value[][] {
  const rows: Value[][] = []
  const reader = new BinaryCopyReader(columnCount, (row) => rows.push(readValues(row)))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  return rows
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

const value = fc.option(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)))
const answers = fc.integer({ min: 1, max: 4 }).chain((columnCount) =>
  fc.record({
    columnCount: fc.constant(columnCount),
    rows: fc.array(fc.array(value, { minLength: columnCount, maxLength: columnCount }), { maxLength: 6 }),
    extension: fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    places: fc.array(fc.nat(), { maxLength: 8 }),
  }),
)

describe('an answer to a COPY in binary form', () => {
  it('is read alike wherever it is torn', () => {
    fc.assert(
      fc.property(answers, ({ columnCount, rows, extension, places }) => {
        const bytes = write(rows, extension)
        assert.deepEqual(read(cut(bytes, places), columnCount), rows)
        const single = Array.from(bytes, (byte) => Buffer.of(byte))
        assert.deepEqual(read(single, columnCount), rows)
      }),
      { numRuns: 1000 },
    )
  })

  it('hands a row on as soon as its last byte is there', () => {
    const rows = [
      [Buffer.from('first'), null],
      [null, Buffer.from('second')],
    ]
    const bytes = write(rows)
    const seen: Value[][] = []
    const reader = new BinaryCopyReader(2, (row) => seen.push(readValues(row)))
    const firstEnd = write(rows.slice(0, 1)).length - 2
    reader.push(bytes.subarray(0, firstEnd - 1))
    assert.deepEqual(seen, [])
    reader.push(bytes.subarray(firstEnd - 1, firstEnd))
    assert.deepEqual(seen, rows.slice(0, 1))
  })

  it('is refused when it ends anywhere else, goes on, or is none', () => {
    const bytes = write([
      [Buffer.from('a'), null],
      [null, Buffer.alloc(0)],
    ])
    for (let end = 0; end < bytes.length; end++) {
      assert.throws(() => read([bytes.subarray(0, end)], 2), /is not whole/, `cut at ${end}`)
    }
    assert.throws(() => read([bytes, Buffer.of(0)], 2), /is not whole/)
    assert.throws(() => read([bytes], 3), /has 2 columns/)
    assert.throws(() => read([Buffer.from('rule,severity,file,line,column\n')], 2), /no answer to a COPY/)
  })

  it('reads what PostgreSQL sends, large values among small ones, and tells of its errors', async () => {
    const database = await createTestDatabase()
    const client = new pg.Client({ connectionString: database.appUrl })
    await client.connect()
    try {
      const large = `case when n % 50 = 0 then convert_to(repeat(n::text, 400000), 'UTF8') end`
      const seen: Value[][] = []
      await readBinaryRows(client, `select n::bigint, ${large} from generate_series(1, 120) n`, 2, (row) =>
        seen.push(readValues(row)),
      )
      assert.deepEqual(
        seen.map(([number]) => number?.readBigInt64BE()),
        Array.from({ length: 120 }, (_, index) => BigInt(index + 1)),
      )
      const expected = seen.map((_, index) => ((index + 1) % 50 === 0 ? String(index + 1).repeat(400_000) : undefined))
      assert.deepEqual(
        seen.map(([, text]) => text?.toString()),
        expected,
      )
      let count = 0
      const failing = readBinaryRows(
        client,
        'select 1 / (20000 - n) from generate_series(1, 30000) n',
        1,
        () => count++,
      )
      await assert.rejects(failing, /division by zero/)
      assert.ok(count < 20_000)
      await readBinaryRows(client, 'select 1 where false', 1, () => assert.fail('no row is there'))
    } finally {
      await client.end()
      await database.dispose()
    }
  })
})
