import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { findConfiguration } from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import type { Api } from '../app-environment.ts'
import { deriveETag, ETag } from '../answers/etag.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { Configuration } from '../contract/configuration.ts'
import { Refusal } from '../failures.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { enterConnection } from '../access/scope.ts'

const show = createRoute({
  method: 'get',
  path: '/api/connections/{id}/configurations/{dataType}',
  summary: 'The import configuration of a connection and data type',
  request: { params: z.object({ id: z.uuid(), dataType: z.string() }) },
  responses: {
    200: { ...jsonAnswer('The configuration in force', Configuration), headers: ETag },
    default: problemAnswer,
  },
})

export function addConfigurationRoutes(api: Api): void {
  api.openapi(show, async (context) => {
    const { id: connectionId, dataType } = context.req.valid('param')
    getKnownDataType(dataType)
    const { districtId, district } = await enterConnection(context, connectionId, 'view')
    const [connection, configuration] = await withDistrict(context.get('parts').db, districtId, async (trx) => [
      await findConnection(trx, connectionId),
      await findConfiguration(trx, { connectionId, dataType }),
    ])
    if (connection === undefined || configuration === undefined) {
      throw new Refusal('NOT_FOUND', 'This connection has no configuration for the data type.')
    }
    const { mapping, mappingVersion, settings, isEnabled } = configuration
    const document = {
      connection: connectionId,
      district,
      connector: connection.connector,
      dataType,
      mappingVersion,
      mapping,
      settings,
      isEnabled,
    }
    return context.json(document, 200, { etag: deriveETag(document) })
  })
}
