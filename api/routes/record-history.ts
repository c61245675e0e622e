import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { findRecordHistory } from '../../db/records/record-history.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { RecordHistory } from '../contract/record.ts'
import { Refusal } from '../failures.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { listBoundSchools, mayViewValues } from '../access/grants.ts'
import { enterDistrict } from '../access/scope.ts'

const history = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/records/{dataType}/{id}/history',
  summary: 'Which run or person changed which field of a record when, the oldest first; values only with viewValues',
  request: { params: z.object({ slug: z.string(), dataType: z.string(), id: z.uuid() }) },
  responses: { 200: jsonAnswer('The history', RecordHistory), default: problemAnswer },
})

export function addRecordHistoryRoute(api: Api): void {
  api.openapi(history, async (context) => {
    const { slug, dataType, id } = context.req.valid('param')
    const { districtId } = await enterDistrict(context, slug, 'view', 'schools')
    const known = getKnownDataType(dataType)
    listBoundSchools(context.get('caller'), districtId, known)
    const entries = await withDistrict(context.get('parts').db, districtId, (trx) => findRecordHistory(trx, known, id))
    if (entries === undefined) throw new Refusal('NOT_FOUND', 'There is no record of this id in the district.')
    const showsValues = mayViewValues(context.get('caller'), districtId)
    const items = entries.map(({ at, action, runId, undoOf, by, fields, changes }) => ({
      ...{ at: at.toISOString(), action, runId, undoOf, by, fields: [...fields] },
      changes:
        changes === null || !showsValues
          ? null
          : Object.fromEntries(
              Object.entries(changes).map(([field, [before, after]]) => [field, { old: before, new: after }]),
            ),
    }))
    return context.json({ recordId: id, items }, 200)
  })
}
