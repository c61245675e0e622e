import assert from 'node:assert/strict'
import type { District } from '../../../api/contract/district.ts'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'
import { plantConnection, plantRun } from '../import/plant-run.ts'

const rig = useApiRig()

describe('a request without a good token', () => {
  it('is refused, whether the token is missing, unknown or expired', async () => {
    const expired = await rig().makeToken({ expiresAt: new Date(Date.now() - 1000) })
    const missing = await rig().api.request('/api/districts')
    assert.equal((await readAnswer<Problem>(missing, 401)).code, 'TOKEN_MISSING')
    assert.equal(missing.headers.get('content-type'), 'application/problem+json')
    await readAnswer(await rig().send('made-up', 'GET', '/api/districts'), 401)
    await readAnswer(await rig().send(expired, 'GET', '/api/districts'), 401)
  })

  it('is answered for health and for the OpenAPI document', async () => {
    await readAnswer(await rig().api.request('/api/health'), 200)
    await readAnswer(await rig().api.request('/api/openapi.json'), 200)
  })
})

describe('a token without a right', () => {
  it('is refused with the name of the right', async () => {
    const { slug } = await rig().makeDistrict()
    const viewer = await rig().makeToken({ rights: ['view'] })
    const refusals: [method: string, path: string, right: string][] = [
      ['POST', `/api/districts/${slug}/imports?dataType=students`, 'run'],
      ['GET', `/api/districts/${slug}/records/students`, 'viewValues'],
    ]
    for (const [method, path, right] of refusals) {
      const problem = await readAnswer<Problem>(await rig().send(viewer, method, path), 403)
      assert.equal(problem.code, 'RIGHT_MISSING')
      assert.match(problem.detail, new RegExp(`"${right}"`))
    }
    const runner = await rig().makeToken({ rights: ['view', 'run'] })
    const approving = await rig().send(runner, 'POST', `/api/districts/${slug}/imports?dataType=students&approveHold`)
    assert.match((await readAnswer<Problem>(approving, 403)).detail, /"approveHold"/)
  })
})

describe('a token of one district', () => {
  it('never sees another district, nor what belongs to it', async () => {
    const all = await rig().makeToken()
    const mine = await rig().makeDistrict()
    const other = await rig().makeDistrict()
    const connection = await plantConnection(rig(), all, other)
    const run = await plantRun(rig(), other, connection.id)
    const token = await rig().makeToken({ districtId: mine.id })

    const districts = await readAnswer<Page<District>>(await rig().send(token, 'GET', '/api/districts'))
    assert.deepEqual(
      districts.items.map(({ slug }) => slug),
      [mine.slug],
    )
    for (const list of ['/api/connections', '/api/runs']) {
      const page = await readAnswer<Page<unknown>>(await rig().send(token, 'GET', list))
      assert.deepEqual(page.items, [], list)
    }
    const body = JSON.stringify({ connection: connection.id, dataType: 'students' })
    const hidden: [method: string, path: string][] = [
      ['GET', `/api/runs/${run.id}`],
      ['GET', `/api/runs/${run.id}/findings`],
      ['GET', `/api/runs/${run.id}/plan`],
      ['GET', `/api/runs/${run.id}/export`],
      ['POST', `/api/runs/${run.id}/rerun`],
      ['GET', `/api/runs?district=${other.slug}`],
      ['GET', `/api/districts/${other.slug}/records/students`],
      ['POST', `/api/districts/${other.slug}/imports?dataType=students`],
      ['POST', `/api/connections/${connection.id}/test`],
      ['GET', `/api/connections/${connection.id}/configurations/students`],
      ['POST', '/api/runs'],
    ]
    for (const [method, path] of hidden) {
      const init = method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body }
      const sent = path.endsWith('rerun') ? { ...init, body: '{}' } : init
      const problem = await readAnswer<Problem>(await rig().send(token, method, path, sent), 404)
      assert.equal(problem.code, 'NOT_FOUND', path)
    }
    // Seen by one who may, so that the cases above are hidden and not merely absent.
    await readAnswer<RunDocument>(await rig().send(all, 'GET', `/api/runs/${run.id}`))
    await readAnswer(await rig().send(token, 'GET', `/api/runs/${run.id}`), 404)
  })

  it('cannot add a district', async () => {
    const { id } = await rig().makeDistrict()
    const token = await rig().makeToken({ districtId: id })
    await readAnswer(await rig().sendJson(token, 'POST', '/api/districts', { slug: 'new-one', name: 'New' }), 403)
  })
})
