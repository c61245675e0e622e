import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase } from '../../../db/database.ts'
import { createArchivedFile, openArchivedFile } from '../../../db/import/inputs/archived-files.ts'
import { insertDistrict } from '../../../db/access/districts.ts'
import { RollbookFailure } from '../../../domain/errors.ts'
import { createTestDatabase } from '../../harness/database.ts'

/** PostgreSQL's message that a COPY is over; how much it was comes in the next one. */
const copyDone = Buffer.from('c\0\0\0\x04', 'latin1')

/** A way to PostgreSQL on which whatever follows the end of a COPY comes later, in a packet of its own. */
async function openLateNetwork(address: string): Promise<{ readonly url: string; readonly close: () => void }> {
  const url = new URL(address)
  const port = Number(url.port)
  const network = createServer((client) => {
    const server = connect({ host: url.hostname, port })
    client.setNoDelay(true)
    client.pipe(server)
    let sent = Promise.resolve()
    server.on('data', (bytes) => {
      const end = bytes.indexOf(copyDone)
      const pieces =
        end < 0 ? [bytes] : [bytes.subarray(0, end + copyDone.length), bytes.subarray(end + copyDone.length)]
      for (const piece of pieces) sent = sent.then(() => sleep(end < 0 ? 0 : 50)).then(() => void client.write(piece))
    })
    for (const socket of [client, server]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        server.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve))
  const listening = network.address()
  assert.ok(listening !== null && typeof listening === 'object')
  url.port = String(listening.port)
  return { url: url.href, close: () => void network.close() }
}

describe('an archived input', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let db: ReturnType<typeof createDatabase>
  let districtId = ''
  let otherDistrictId = ''
  beforeAll(async () => {
    database = await createTestDatabase()
    db = createDatabase({ url: database.appUrl })
    districtId = (await insertDistrict(db, { slug: 'north', name: 'North', timeZone: 'UTC' }))?.id ?? ''
    otherDistrictId = (await insertDistrict(db, { slug: 'south', name: 'South', timeZone: 'UTC' }))?.id ?? ''
  })
  afterAll(async () => {
    await db.destroy()
    await database.dispose()
  })

  async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await Promise.resolve()
      yield bytes.subarray(at, at + pieceBytes)
    }
  }

  it('is read back byte for byte, whole, in parts across its chunks, and not past its end', async () => {
    const bytes = randomBytes(5 * 1024 * 1024 + 777)
    const archived = await createArchivedFile(db, { districtId, name: 'a.zip', content: inPieces(bytes, 300_001) })
    assert.equal(archived.sha256, createHash('sha256').update(bytes).digest('hex'))
    const file = await openArchivedFile(db, districtId, archived.id)
    assert.equal(file.sizeBytes, bytes.length)
    const streamed: Buffer[] = []
    for await (const piece of file.stream(0, bytes.length)) streamed.push(piece)
    assert.ok(Buffer.concat(streamed).equals(bytes))
    for (const [offset, length] of [
      [0, 4],
      [1_048_570, 20],
      [3_000_000, 2_200_000],
      [bytes.length - 5, 100],
      [bytes.length, 3],
    ] as const) {
      assert.ok(
        (await file.read(offset, length)).equals(bytes.subarray(offset, offset + length)),
        `${offset}+${length}`,
      )
    }
  })

  it('is read over a network that brings the end of an answer later than its bytes', async () => {
    const bytes = randomBytes(5000)
    const { id } = await createArchivedFile(db, { districtId, name: 'late.zip', content: inPieces(bytes, 5000) })
    const network = await openLateNetwork(database.appUrl)
    const behind = createDatabase({ url: network.url })
    try {
      const file = await openArchivedFile(behind, districtId, id)
      assert.ok((await file.read(0, bytes.length)).equals(bytes))
    } finally {
      await behind.destroy()
      network.close()
    }
  })

  it('is kept once however often the same bytes come, even at the same time', async () => {
    const bytes = randomBytes(2_000_000)
    const uploads = await Promise.all(
      [100_000, 999_999, 5_000_000].map((pieceBytes) =>
        createArchivedFile(db, { districtId, name: 'b.zip', content: inPieces(bytes, pieceBytes) }),
      ),
    )
    assert.equal(new Set(uploads.map(({ id }) => id)).size, 1)
  })

  it('leaves nothing behind when the upload breaks off', async () => {
    const broken = async function* () {
      yield* inPieces(randomBytes(5_000_000), 1_000_000)
      throw new Error('the line was cut')
    }
    await assert.rejects(createArchivedFile(db, { districtId: otherDistrictId, name: 'c.zip', content: broken() }))
    const owner = createDatabase({ url: database.superuserUrl })
    const left = await owner
      .selectFrom('archivedFiles')
      .select('id')
      .where('districtId', '=', otherDistrictId)
      .execute()
    await owner.destroy()
    assert.deepEqual(left, [])
  })

  it('belongs to its district and to no other', async () => {
    const { id } = await createArchivedFile(db, { districtId, name: 'd.zip', content: inPieces(Buffer.from('d'), 1) })
    await assert.rejects(
      openArchivedFile(db, otherDistrictId, id),
      (error) => error instanceof RollbookFailure && error.code === 'INPUT_MISSING',
    )
  })
})
