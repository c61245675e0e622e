import { createRoute } from '@hono/zod-openapi'
import { insertAuditEntry } from '../../../db/access/audit.ts'
import { insertMappingVersion, upsertConfiguration } from '../../../db/connect/configurations.ts'
import { lockConnection } from '../../../db/connect/configuration-drafts.ts'
import { withDistrict } from '../../../db/database.ts'
import { deriveETag, ETag, IfMatch, requireMatch } from '../../answers/etag.ts'
import { jsonAnswer, problemAnswer } from '../../answers/json-answer.ts'
import type { Api } from '../../app-environment.ts'
import {
  enterConfiguration,
  getConfiguration,
  lintIn,
  refuseBrokenText,
  refuseUnclean,
  toConfiguration,
} from '../../connect/configuration-scope.ts'
import { Configuration, ConfigurationParams, PutConfiguration } from '../../contract/configuration.ts'
import { addDraftRoutes } from './drafts.ts'
import { addConfigurationSwitchRoutes } from './switches.ts'
import { addVersionRoutes } from './versions.ts'

const path = '/api/connections/{id}/configurations/{dataType}'

const show = createRoute({
  method: 'get',
  path,
  summary: 'The import configuration of a connection and data type',
  request: { params: ConfigurationParams },
  responses: {
    200: { ...jsonAnswer('The configuration in force', Configuration), headers: ETag },
    default: problemAnswer,
  },
})
const put = createRoute({
  method: 'put',
  path,
  summary: 'Put another configuration into force as its next version; whether it is enabled stays',
  request: {
    params: ConfigurationParams,
    headers: IfMatch,
    body: { required: true, content: { 'application/json': { schema: PutConfiguration } } },
  },
  responses: {
    200: { ...jsonAnswer('The configuration in force', Configuration), headers: ETag },
    default: problemAnswer,
  },
})

export function addConfigurationRoutes(api: Api): void {
  api.openapi(show, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'view')
    const configuration = await withDistrict(context.get('parts').db, scope.districtId, (trx) =>
      getConfiguration(trx, scope.key),
    )
    const document = toConfiguration(scope, configuration)
    return context.json(document, 200, { etag: deriveETag(document) })
  })

  api.openapi(put, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'configure')
    const { mapping, settings } = context.req.valid('json')
    refuseBrokenText([mapping, settings])
    const { districtId, key, caller } = scope
    const configuration = await withDistrict(context.get('parts').db, districtId, async (trx) => {
      await lockConnection(trx, key.connectionId)
      const current = await getConfiguration(trx, key)
      requireMatch(context.req.valid('header')['if-match'], toConfiguration(scope, current))
      refuseUnclean(await lintIn(trx, scope, { mapping, settings }))
      const { isEnabled } = current
      const of = { districtId, ...key }
      const { id, version } = await insertMappingVersion(trx, { ...of, document: mapping, settings, createdBy: caller })
      await upsertConfiguration(trx, { ...of, mappingVersionId: id, isEnabled })
      await insertAuditEntry(trx, {
        districtId,
        actor: caller,
        action: 'changeConfiguration',
        subject: { ...key, version },
      })
      return getConfiguration(trx, key)
    })
    const document = toConfiguration(scope, configuration)
    return context.json(document, 200, { etag: deriveETag(document) })
  })

  addDraftRoutes(api)
  addVersionRoutes(api)
  addConfigurationSwitchRoutes(api)
}
