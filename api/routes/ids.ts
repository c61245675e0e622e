import { createRoute, z } from '@hono/zod-openapi'
import { findByPrefix } from '../../db/access/find-by-prefix.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { FoundId, idKinds } from '../contract/found-id.ts'
import { listScopes } from '../access/scope.ts'

/** Enough to tell that there are several, and to name a few. */
const mostFound = 5

const find = createRoute({
  method: 'get',
  path: '/api/ids',
  summary:
    'Runs or duplicate cases by the beginning of their id, in the districts that the token may enter; at most five',
  request: {
    query: z.object({
      kind: z.enum(idKinds),
      prefix: z
        .string()
        .regex(/^(?=[\da-f])[\da-f-]{4,36}$/i, 'at least four characters of an id, 0 to 9, a to f and hyphens'),
    }),
  },
  responses: { 200: jsonAnswer('What begins so', z.object({ items: z.array(FoundId) })), default: problemAnswer },
})

export function addIdRoute(api: Api): void {
  api.openapi(find, async (context) => {
    const { kind, prefix } = context.req.valid('query')
    const scopes = await listScopes(context, 'view')
    const slugs = new Map(scopes.map(({ districtId, district }) => [districtId, district]))
    const wanted = { kind, prefix: prefix.toLowerCase(), districtIds: [...slugs.keys()], limit: mostFound }
    const found = await findByPrefix(context.get('parts').db, wanted)
    const items = found.map(({ id, districtId }) => ({ id, district: slugs.get(districtId) ?? '' }))
    return context.json({ items }, 200)
  })
}
