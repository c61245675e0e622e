import assert from 'node:assert/strict'
import type { RunDocument } from '../../../api/contract/run.ts'
import { streamEvents } from '../../../api/answers/event-stream.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'

const rig = useApiRig()

async function plant() {
  const token = await rig().makeToken()
  const district = await rig().makeDistrict()
  const path = `/api/districts/${district.slug}/imports?dataType=students`
  const { runId } = await readAnswer<RunDocument>(await rig().send(token, 'POST', path, { body: 'a package' }), 202)
  return { token, district, runId }
}

/** Reads a stream until it has heard what is looked for, and leaves. */
async function hear(answer: Response, sign: RegExp): Promise<string> {
  assert.equal(answer.headers.get('content-type'), 'text/event-stream')
  let heard = ''
  const decoder = new TextDecoder()
  assert.ok(answer.body)
  for await (const piece of answer.body) {
    heard += decoder.decode(piece as Uint8Array, { stream: true }) // the stream is one of bytes
    if (sign.test(heard)) return heard
  }
  throw new Error(`the stream ended without ${String(sign)}: ${heard}`)
}

const complete = (district: TestDistrict, runId: string) =>
  withDistrict(rig().db, district.id, (trx) =>
    trx.updateTable('importRuns').set({ state: 'completed', finishedAt: new Date() }).where('id', '=', runId).execute(),
  )

describe('the stream of a run', () => {
  it('tells how it stands and where it moves, ends with it, and is over for whoever heard the last', async () => {
    const { token, district, runId } = await plant()
    const path = `/api/runs/${runId}/stream`
    const begun = await hear(await rig().send(token, 'GET', path), /"state":"queued"/)
    const lastId = /id: (\S+)/.exec(begun)?.[1] ?? ''
    const later = hear(await rig().send(token, 'GET', path, { headers: { 'last-event-id': lastId } }), /event: end/)
    await complete(district, runId)
    const heard = await later
    assert.equal(heard.includes('"state":"queued"'), false)
    assert.ok(heard.includes('"state":"completed"'))
    const end = /id: (\S+)/.exec(heard)?.[1] ?? ''
    const after = await rig().send(token, 'GET', path, { headers: { 'last-event-id': end } })
    assert.equal(after.status, 204)
  })

  it('is not there for a token of another district', async () => {
    const { district, runId } = await plant()
    const other = await rig().makeToken({ districtId: (await rig().makeDistrict()).id })
    assert.equal((await rig().send(other, 'GET', `/api/runs/${runId}/stream`)).status, 404)
    assert.equal((await rig().send(other, 'GET', `/api/districts/${district.slug}/stream`)).status, 404)
  })
})

describe('the stream of a district', () => {
  it('tells of its runs and of what waits, and after a broken line of what ended meanwhile', async () => {
    const { token, district, runId } = await plant()
    const path = `/api/districts/${district.slug}/stream`
    const begun = await hear(await rig().send(token, 'GET', path), /event: alerts\n.*\ndata: .*\n/)
    assert.ok(begun.includes(`"runId":"${runId}"`))
    assert.match(begun, /"openAlerts":\{\},"openCases":0/)
    const lastId = /id: (\d+)/.exec(begun)?.[1] ?? ''
    await complete(district, runId)
    const headers = { 'last-event-id': lastId }
    await hear(await rig().send(token, 'GET', path, { headers }), new RegExp(`${runId}.*"state":"completed"`))
  })
})

describe('a stream', () => {
  it('says that it is alive, and ends when the process is to end', async () => {
    const stopping = new AbortController()
    const times = { pauseMs: 1, commentMs: 2, longestMs: 60_000 }
    let looks = 0
    const look = () => {
      if ((looks += 1) === 20) stopping.abort()
      return Promise.resolve({ events: [] })
    }
    const text = await streamEvents(look, stopping.signal, times).text()
    assert.match(text, /^retry: 1000\n\n(: still here\n\n)+$/)
  })
})
