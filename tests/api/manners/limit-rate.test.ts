import assert from 'node:assert/strict'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnvironment } from '../../../api/app-environment.ts'
import { PassingRefusal } from '../../../api/failures.ts'
import { createRateLimit } from '../../../api/manners/limit-rate.ts'

function limited(perMinute: number) {
  const clock = { nowMs: 0 }
  const app = new OpenAPIHono<AppEnvironment>()
  app.onError((error, context) => {
    const after = error instanceof PassingRefusal ? error.retryAfterSeconds : 0
    return context.text(String(after), 429)
  })
  app.use(createRateLimit(perMinute, () => clock.nowMs))
  app.get('/', (context) => context.text('ok'))
  const ask = (token: string) => app.request('/', { headers: { authorization: `Bearer ${token}` } })
  return { clock, ask }
}

describe('the limit of requests', () => {
  it('lets a token ask so often, says when it may again, and fills evenly', async () => {
    const { clock, ask } = limited(60)
    for (let count = 0; count < 60; count++) assert.equal((await ask('one')).status, 200)
    const refused = await ask('one')
    assert.equal(refused.status, 429)
    assert.equal(await refused.text(), '1')
    clock.nowMs = 1000
    assert.equal((await ask('one')).status, 200)
    assert.equal((await ask('one')).status, 429)
    clock.nowMs = 3_600_000
    for (let count = 0; count < 60; count++) assert.equal((await ask('one')).status, 200)
    assert.equal((await ask('one')).status, 429)
  })

  it('is for each token by itself', async () => {
    const { ask } = limited(1)
    assert.equal((await ask('one')).status, 200)
    assert.equal((await ask('one')).status, 429)
    assert.equal((await ask('two')).status, 200)
  })
})
