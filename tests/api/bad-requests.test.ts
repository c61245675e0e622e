import assert from 'node:assert/strict'
import type { Problem } from '../../api/contract/problem.ts'
import type { RunDocument } from '../../api/contract/run.ts'
import { encodeCursor } from '../../api/answers/cursor.ts'
import { checkCancelRun, checkRequestUndo } from '../../workflows/messages.ts'
import { readAnswer, useApiRig } from './api-rig.ts'

const rig = useApiRig()
const json = { 'content-type': 'application/json' }

async function plant() {
  const token = await rig().makeToken()
  const district = await rig().makeDistrict()
  const path = `/api/districts/${district.slug}/imports?dataType=students`
  const { runId } = await readAnswer<RunDocument>(await rig().send(token, 'POST', path, { body: 'a package' }), 202)
  return { token, district, runId }
}

describe('a request that nobody can use', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const bodies: Record<string, RequestInit> = {
    'a body cut short': { headers: json, body: '{"slug":' },
    'an empty body': { headers: json, body: '' },
    'no body': { headers: json },
    'a body that is nested without end': { headers: json, body: deep },
    'a body that is no object': { headers: json, body: '17' },
    'no content type': { body: new Uint8Array([0x7b, 0x7d]) },
    'another content type': { headers: { 'content-type': 'text/xml' }, body: '<a/>' },
    'U+0000 in a name': { headers: json, body: JSON.stringify({ slug: 'a-b', name: 'a\0b' }) },
    'an escape in a name': { headers: json, body: JSON.stringify({ slug: 'a-b', name: 'a\u001b[2Jb' }) },
  }
  for (const [what, init] of Object.entries(bodies)) {
    it(`is refused: ${what}`, async () => {
      const token = await rig().makeToken()
      const problem = await readAnswer<Problem>(await rig().send(token, 'POST', '/api/districts', init), 400)
      assert.equal(problem.code, 'REQUEST_INVALID')
    })
  }

  it('is refused before it is in memory when it is large, whatever it announces', async () => {
    const token = await rig().makeToken()
    const large = JSON.stringify({ slug: 'a-b', name: 'x'.repeat(1_200_000) })
    const announced = { headers: { ...json, 'content-length': String(large.length) }, body: large }
    let pieces = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pieces++
        controller.enqueue(new Uint8Array(100_000).fill(0x20))
      },
    })
    const streamed: RequestInit = { headers: json, body: endless, duplex: 'half' }
    for (const init of [announced, streamed]) {
      const answer = await rig().send(token, 'POST', '/api/districts', init)
      assert.equal((await readAnswer<Problem>(answer, 413)).code, 'REQUEST_TOO_LARGE')
    }
    assert.ok(pieces < 20, String(pieces))
  })

  it('is refused when U+0000 is in its address', async () => {
    const { token } = await plant()
    for (const path of ['/api/districts/a%00b/webhooks', '/api/runs?district=%00', '/api/runs?dataType=a%00']) {
      assert.equal((await rig().send(token, 'GET', path)).status, 400, path)
    }
  })

  it('is refused when its cursor is none of the list', async () => {
    const { token, district } = await plant()
    const wrong = [encodeCursor([district.slug, 'no-id']), encodeCursor(['a\0b']), encodeCursor([17]), '%7B', 'W10']
    const lists = [
      '/api/runs',
      '/api/connections',
      `/api/districts/${district.slug}/records/students`,
      `/api/districts/${district.slug}/schedules/students/firings`,
      '/api/districts',
      `/api/districts/${district.slug}/events`,
    ]
    for (const list of lists) {
      for (const cursor of wrong) {
        const { status } = await rig().send(token, 'GET', `${list}?cursor=${encodeURIComponent(cursor)}`)
        assert.ok(status < 500, `${list} ${cursor} ${status}`)
      }
    }
  })

  it('is told which methods the address takes', async () => {
    const { token, runId } = await plant()
    const wrong = [
      ['PUT', `/api/runs/${runId}`, 'GET, HEAD'],
      ['DELETE', '/api/districts', 'GET, HEAD, POST'],
      ['PUT', `/api/districts/x/webhooks/${runId}`, 'DELETE, PATCH'],
      ['POST', '/api/health', 'GET, HEAD'],
    ] as const
    for (const [method, path, allowed] of wrong) {
      const answer = await rig().send(token, method, path)
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, allowed], path)
      assert.equal((await readAnswer<Problem>(answer, 405)).code, 'METHOD_NOT_ALLOWED')
    }
    assert.equal((await rig().send(token, 'HEAD', `/api/runs/${runId}`)).status, 200)
    assert.equal((await rig().send(token, 'PUT', '/api/nowhere', { headers: json, body: '{}' })).status, 404)
    assert.equal((await rig().send(token, 'GET', `/api/connections/${runId}/health`)).status, 404)
  })

  it('is not found when its id is of something else, also after that was found', async () => {
    const { token, runId } = await plant()
    assert.equal((await rig().send(token, 'GET', `/api/runs/${runId}`)).status, 200)
    assert.equal((await rig().sendJson(token, 'POST', `/api/cases/${runId}/unmerge`, {})).status, 404)
    assert.equal((await rig().send(token, 'GET', `/api/connections/${runId}/health`)).status, 404)
  })
})

describe('a text that somebody writes', () => {
  it('has no control characters, by whatever way it comes', async () => {
    const { token, runId } = await plant()
    for (const text of ['a\0b', 'a\u001bb', 'a\u0085b']) {
      for (const path of ['cancel', 'undo']) {
        const answer = await rig().sendJson(token, 'POST', `/api/runs/${runId}/${path}`, { reason: text })
        assert.equal((await readAnswer<Problem>(answer, 400)).code, 'REQUEST_INVALID')
      }
      for (const check of [checkCancelRun, checkRequestUndo]) {
        assert.match(check({ by: 'ops', reason: text }) ?? '', /control character/)
        assert.match(check({ by: text, reason: 'wrong file' }) ?? '', /control character/)
      }
    }
    assert.equal(checkCancelRun({ by: 'ops', reason: 'wrong file,\n\tof last year' }), undefined)
  })
})
