import { createRoute } from '@hono/zod-openapi'
import type { Api } from '../app-environment.ts'
import { jsonAnswer } from '../answers/json-answer.ts'
import { Liveness, Readiness } from '../contract/readiness.ts'
import { checkReadiness } from '../health/check-readiness.ts'

const live = createRoute({
  method: 'get',
  path: '/api/health/live',
  summary: 'Whether this process answers at all; looks at nothing else, so that a restart follows only when it helps',
  security: [],
  responses: { 200: jsonAnswer('It answers', Liveness) },
})

const ready = createRoute({
  method: 'get',
  path: '/api/health/ready',
  summary: 'Database, migrations, Temporal and workers, each with what is wrong and what to do',
  security: [],
  responses: {
    200: jsonAnswer('Requests are answered; `degraded` when imports wait for a worker', Readiness),
    503: jsonAnswer('Something that requests need is away or of another version', Readiness),
  },
})

/** Need no token, as /api/health: whoever starts and stops processes asks here. */
export function addReadinessRoutes(api: Api): void {
  api.openapi(live, (context) => context.json({ status: 'alive' as const, version: context.get('parts').version }, 200))
  api.openapi(ready, async (context) => {
    const readiness = await checkReadiness(context.get('parts'))
    return readiness.status === 'notReady' ? context.json(readiness, 503) : context.json(readiness, 200)
  })
}
