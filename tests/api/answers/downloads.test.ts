import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import JSZip from 'jszip'
import { streamZip } from '../../../api/answers/zip-stream.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()
/** More than the rig's pool has connections. */
const readers = 10

/** Names as people write them: Latin with marks, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Chinese, Korean. */
const names = ['Łukasz', 'Ἀθηνᾶ', 'Жанна', 'נועם', 'ليلى', 'अनन्या', '王小明', '서연']

describe('a download', () => {
  let server: ServerType
  let port = 0
  beforeAll(async () => {
    server = serve({ fetch: (request) => rig().api.fetch(request), port: 0, hostname: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    port = (server.address() as AddressInfo).port // it listens to a port
  })
  afterAll(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  async function plantRun(token: string): Promise<string> {
    const district = await rig().makeDistrict()
    // Larger than what the sockets take in, so that a reader who waits holds it up.
    const body = randomBytes(24_000_000)
    const path = `/api/districts/${district.slug}/imports?dataType=students`
    return (await readAnswer<RunDocument>(await rig().send(token, 'POST', path, { body }), 202)).runId
  }

  const begin = (token: string, runId: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` }
      const request = get({ host: '127.0.0.1', port, path: `/api/runs/${runId}/export`, headers, agent: false })
      request.once('error', reject)
      request.once('response', (answer) => {
        answer.once('readable', () => {
          answer.read(1000)
          resolve(answer)
        })
      })
    })

  it('that is read slowly, or broken off, keeps nobody else from the database', async () => {
    const token = await rig().makeToken()
    const runId = await plantRun(token)
    const open = await Promise.all(Array.from({ length: readers }, () => begin(token, runId)))
    for (const answer of open) assert.equal(answer.statusCode, 200)
    const list = () => rig().send(token, 'GET', `/api/runs/${runId}`)
    assert.equal((await list()).status, 200)
    for (const answer of open) answer.destroy()
    const answers = await Promise.all(Array.from({ length: readers }, list))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    const again = await begin(token, runId)
    assert.equal(again.statusCode, 200)
    again.destroy()
  })
})

describe('an archive that is sent', () => {
  it('keeps text of every script', async () => {
    const pieces: Uint8Array[] = []
    const member = { name: 'names.csv', pieces: pageOf(names), isCompressed: true }
    for await (const piece of streamZip([member])) pieces.push(piece)
    const zip = await JSZip.loadAsync(Buffer.concat(pieces))
    assert.equal(await zip.file('names.csv')?.async('string'), names.join('\n'))
  })

  it('ends what works for it when its reader leaves', async () => {
    const source = { isEnded: false }
    async function* endless() {
      try {
        for (;;) yield await Promise.resolve(randomBytes(100_000))
      } finally {
        source.isEnded = true
      }
    }
    for await (const piece of streamZip([{ name: 'input.zip', pieces: endless(), isCompressed: false }])) {
      // What comes first is the head of the archive.
      if (piece.length > 1000) break
    }
    // The piece at work comes first; without an end this waits for ever.
    while (!source.isEnded) await new Promise((resolve) => setImmediate(resolve))
  })

  it('reads no further ahead of a reader who waits than a few pieces', async () => {
    const mebibyte = randomBytes(1 << 20)
    let read = 0
    async function* large() {
      for (; read < 120; read++) yield await Promise.resolve(mebibyte)
    }
    const pieces = streamZip([{ name: 'input.zip', pieces: large(), isCompressed: false }])
    await pieces.next()
    await pieces.next()
    // Time enough to read all of it, were it not held up.
    for (let turn = 0; turn < 2000; turn++) await new Promise((resolve) => setImmediate(resolve))
    assert.ok(read < 20, `${read} MiB`)
    let sizeBytes = 0
    for await (const piece of pieces) sizeBytes += piece.length
    assert.ok(sizeBytes > 110 * mebibyte.length)
  })

  it('fails as a whole when a member does', async () => {
    async function* failing() {
      yield await Promise.resolve('a line')
      throw new Error('the log was removed')
    }
    await assert.rejects(async () => {
      for await (const piece of streamZip([{ name: 'a.csv', pieces: failing(), isCompressed: true }])) assert.ok(piece)
    }, /the log was removed/)
  })
})

async function* pageOf(lines: readonly string[]): AsyncGenerator<string> {
  yield await Promise.resolve(lines.join('\n'))
}
