import { createRoute, z } from '@hono/zod-openapi'
import { insertAuditEntry } from '../../db/access/audit.ts'
import { withDistrict } from '../../db/database.ts'
import { changeSchools, setNewSchools } from '../../db/records/change-schools.ts'
import { enterConnection } from '../access/scope.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { readSchoolMatching, refuseSchools } from '../connect/school-matching.ts'
import { ChangeSchools, SchoolMatching } from '../contract/school.ts'

const params = z.object({ id: z.uuid() })
const path = '/api/connections/{id}/schools'

const list = createRoute({
  method: 'get',
  path,
  summary: 'The schools of the source beside ours, each with its match or a suggestion and the reason for it',
  request: { params },
  responses: { 200: jsonAnswer('Every school that the source has shown', SchoolMatching), default: problemAnswer },
})

const change = createRoute({
  method: 'patch',
  path,
  summary: 'Match, create, leave out and unmatch schools of the source; all of the changes are made, or none',
  request: { params, body: { required: true, content: { 'application/json': { schema: ChangeSchools } } } },
  responses: { 200: jsonAnswer('The schools as they are now', SchoolMatching), default: problemAnswer },
})

export function addSchoolRoutes(api: Api): void {
  api.openapi(list, async (context) => {
    const { id: connectionId } = context.req.valid('param')
    const { districtId } = await enterConnection(context, connectionId, 'view')
    const matching = await withDistrict(context.get('parts').db, districtId, (trx) =>
      readSchoolMatching(trx, { districtId, connectionId }),
    )
    return context.json(matching, 200)
  })

  api.openapi(change, async (context) => {
    const { id: connectionId } = context.req.valid('param')
    const { districtId } = await enterConnection(context, connectionId, 'configure')
    const { newSchools, changes } = context.req.valid('json')
    const by = context.get('caller').name
    const matching = await withDistrict(context.get('parts').db, districtId, async (trx) => {
      if (newSchools !== undefined) await setNewSchools(trx, connectionId, newSchools)
      const changed = await changeSchools(trx, { districtId, connectionId, changes, by })
      if (typeof changed !== 'number') throw refuseSchools(changed)
      if (changed > 0 || newSchools !== undefined) {
        const subject = { connectionId, ...(newSchools !== undefined && { newSchools }), changes }
        await insertAuditEntry(trx, { districtId, actor: by, action: 'changeSchools', subject })
      }
      return readSchoolMatching(trx, { districtId, connectionId })
    })
    return context.json(matching, 200)
  })
}
