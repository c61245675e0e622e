import { createRoute } from '@hono/zod-openapi'
import { isDatabaseUp } from '../../db/engine/is-database-up.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer } from '../answers/json-answer.ts'
import { Health } from '../contract/health.ts'

const health = createRoute({
  method: 'get',
  path: '/api/health',
  summary: 'Whether the API, its database and Temporal answer',
  security: [],
  responses: {
    200: jsonAnswer('Everything answers', Health),
    503: jsonAnswer('Something the API needs does not answer', Health),
  },
})

/** Needs no token: load balancers and the stack ask here. */
export function addHealthRoute(api: Api): void {
  api.openapi(health, async (context) => {
    const { db, workflows, version } = context.get('parts')
    const [isDatabaseAnswering, isTemporalAnswering] = await Promise.all([isDatabaseUp(db), workflows.isReachable()])
    const isHealthy = isDatabaseAnswering && isTemporalAnswering
    const answer = {
      status: isHealthy ? ('ok' as const) : ('degraded' as const),
      version,
      database: isDatabaseAnswering ? ('up' as const) : ('down' as const),
      temporal: isTemporalAnswering ? ('up' as const) : ('down' as const),
    }
    return isHealthy ? context.json(answer, 200) : context.json(answer, 503)
  })
}
