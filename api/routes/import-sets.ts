import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { findImportSet } from '../../db/import/import-sets.ts'
import { enterImportSet } from '../access/scope.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import type { Api } from '../app-environment.ts'
import { ImportSet } from '../contract/import-set.ts'
import { Refusal } from '../failures.ts'
import { buildImportSet } from '../import/import-set-answer.ts'

const show = createRoute({
  method: 'get',
  path: '/api/import-sets/{id}',
  summary: 'One input for several data types, with the run of each',
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 200: jsonAnswer('The import set', ImportSet), default: problemAnswer },
})

export function addImportSetRoute(api: Api): void {
  api.openapi(show, async (context) => {
    const { id } = context.req.valid('param')
    const { districtId, district } = await enterImportSet(context, id, 'view')
    const { db } = context.get('parts')
    const set = await withDistrict(db, districtId, (trx) => findImportSet(trx, id))
    if (set === undefined) throw new Refusal('NOT_FOUND', 'There is no import set of this id.')
    return context.json(await buildImportSet(context, set, district), 200)
  })
}
