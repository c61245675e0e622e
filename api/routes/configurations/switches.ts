import { createRoute } from '@hono/zod-openapi'
import type { Transaction } from 'kysely'
import { insertAuditEntry } from '../../../db/access/audit.ts'
import { lockDistrict } from '../../../db/access/lock-district.ts'
import { deleteConfigurationDraft, lockConnection } from '../../../db/connect/configuration-drafts.ts'
import { insertMappingVersion, upsertConfiguration } from '../../../db/connect/configurations.ts'
import { withDistrict, type Database } from '../../../db/database.ts'
import { deleteSchedule } from '../../../db/schedule/schedules.ts'
import { jsonAnswer, problemAnswer } from '../../answers/json-answer.ts'
import type { Api } from '../../app-environment.ts'
import {
  enterConfiguration,
  getConfiguration,
  toConfiguration,
  type ConfigurationScope,
} from '../../connect/configuration-scope.ts'
import { putIntoForce, startFirstRun } from '../../connect/start-configuration.ts'
import {
  Configuration,
  ConfigurationParams,
  ResetConfiguration,
  StartedConfiguration,
} from '../../contract/configuration.ts'
import { Refusal } from '../../failures.ts'
import { buildRunDocument } from '../../import/run-answer.ts'
import { tryPushSchedule } from '../../schedule/keep-schedules.ts'

const path = '/api/connections/{id}/configurations/{dataType}'

const start = createRoute({
  method: 'post',
  path: `${path}/start`,
  summary: 'Put the draft into force, or the version in force back on; turn its schedule on, and run at once',
  request: { params: ConfigurationParams },
  responses: { 200: jsonAnswer('What is in force, and the run', StartedConfiguration), default: problemAnswer },
})
const disable = createRoute({
  method: 'post',
  path: `${path}/disable`,
  summary: 'Start no run by itself and keep the configuration; `start` goes on with it',
  request: { params: ConfigurationParams },
  responses: { 200: jsonAnswer('The configuration, off', Configuration), default: problemAnswer },
})
const reset = createRoute({
  method: 'post',
  path: `${path}/reset`,
  summary: 'Disable it and go back to the mapping that the connector ships; no record is deleted',
  request: {
    params: ConfigurationParams,
    body: { required: true, content: { 'application/json': { schema: ResetConfiguration } } },
  },
  responses: { 200: jsonAnswer('The configuration, off and as shipped', Configuration), default: problemAnswer },
})

export function addConfigurationSwitchRoutes(api: Api): void {
  api.openapi(start, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'configure')
    await enterConfiguration(context, context.req.valid('param'), 'run')
    const parts = context.get('parts')
    const { configuration, isScheduled } = await withDistrict(parts.db, scope.districtId, (trx) =>
      putIntoForce(trx, scope),
    )
    if (isScheduled) await tryPushSchedule(parts, scope.districtId, scope.key)
    const { run, reason } = await startFirstRun(parts, scope)
    const document = {
      configuration: toConfiguration(scope, configuration),
      isScheduled,
      run: run === null ? null : await buildRunDocument(context, run, scope.district),
      reason,
    }
    return context.json(document, 200)
  })

  api.openapi(disable, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'configure')
    const configuration = await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      await lockConnection(trx, scope.key.connectionId)
      const { mappingVersionId } = await getConfiguration(trx, scope.key)
      await upsertConfiguration(trx, {
        ...{ districtId: scope.districtId, ...scope.key, mappingVersionId },
        isEnabled: false,
      })
      await audit(trx, scope, 'disableConfiguration')
      return getConfiguration(trx, scope.key)
    })
    return context.json(toConfiguration(scope, configuration), 200)
  })

  api.openapi(reset, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'configure')
    const { districtId, district, key, connector, caller } = scope
    if (context.req.valid('json').district !== district) {
      throw new Refusal(
        'CONFLICT',
        'The connection belongs to another district than the one that was named; nothing is reset.',
      )
    }
    const parts = context.get('parts')
    const configuration = await withDistrict(parts.db, districtId, async (trx) => {
      await lockDistrict(trx, districtId)
      await lockConnection(trx, key.connectionId)
      const of = { districtId, ...key }
      const document = connector.defaultMapping(key.dataType)
      const { id } = await insertMappingVersion(trx, { ...of, document, settings: {}, createdBy: caller })
      await upsertConfiguration(trx, { ...of, mappingVersionId: id, isEnabled: false })
      await deleteConfigurationDraft(trx, key)
      await deleteSchedule(trx, key)
      await audit(trx, scope, 'resetConfiguration')
      return getConfiguration(trx, key)
    })
    await tryPushSchedule(parts, districtId, key)
    return context.json(toConfiguration(scope, configuration), 200)
  })
}

async function audit(
  trx: Transaction<Database>,
  { districtId, key, caller: actor }: ConfigurationScope,
  action: string,
): Promise<void> {
  await insertAuditEntry(trx, { districtId, actor, action, subject: { ...key } })
}
