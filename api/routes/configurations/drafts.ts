import { createRoute, z } from '@hono/zod-openapi'
import type { Transaction } from 'kysely'
import {
  deleteConfigurationDraft,
  lockConnection,
  saveConfigurationDraft,
  type ConfigurationDraftRow,
} from '../../../db/connect/configuration-drafts.ts'
import { withDistrict, type Database } from '../../../db/database.ts'
import { compareConfigurations, describePlace } from '../../../domain/mapping/compare-configurations.ts'
import { jsonAnswer, problemAnswer } from '../../answers/json-answer.ts'
import type { Api } from '../../app-environment.ts'
import { etagOf, refuseOtherRevision } from '../../connect/configuration-etag.ts'
import {
  enterConfiguration,
  findDraft,
  lintIn,
  refuseBrokenText,
  type ConfigurationScope,
} from '../../connect/configuration-scope.ts'
import { ConfigurationDraft, ConfigurationLint, ConfigurationParams, PutDraft } from '../../contract/configuration.ts'

const path = '/api/connections/{id}/configurations/{dataType}/draft'
const etagHeader = z.object({ 'if-match': z.string().max(200).optional() })

const show = createRoute({
  method: 'get',
  path,
  summary: 'The draft of a configuration; where nobody is at one, the version in force to begin with, as revision 0',
  request: { params: ConfigurationParams },
  responses: { 200: jsonAnswer('The draft; its etag is its revision', ConfigurationDraft), default: problemAnswer },
})
const put = createRoute({
  method: 'put',
  path,
  summary: 'Save the draft, be it unfinished; if-match names the revision that was edited',
  request: {
    params: ConfigurationParams,
    headers: etagHeader,
    body: { required: true, content: { 'application/json': { schema: PutDraft } } },
  },
  responses: { 200: jsonAnswer('The draft in its next revision', ConfigurationDraft), default: problemAnswer },
})
const remove = createRoute({
  method: 'delete',
  path,
  summary: 'Throw the draft away; the version in force stays',
  request: { params: ConfigurationParams, headers: etagHeader },
  responses: { 204: { description: 'There is no draft any more' }, default: problemAnswer },
})
const lint = createRoute({
  method: 'get',
  path: `${path}/lint`,
  summary: 'What is missing or contradictory in the draft, per step and field',
  request: { params: ConfigurationParams },
  responses: { 200: jsonAnswer('What was found', ConfigurationLint), default: problemAnswer },
})

export function addDraftRoutes(api: Api): void {
  api.openapi(show, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'view')
    const draft = await withDistrict(context.get('parts').db, scope.districtId, (trx) => readDraft(trx, scope))
    context.header('etag', draft.etag)
    return context.json(draft, 200)
  })

  api.openapi(put, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'configure')
    const edited = context.req.valid('json')
    refuseBrokenText(edited)
    const draft = await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      const row = await lockDraft(trx, scope, context.req.header('if-match'))
      const before = await readDraft(trx, scope)
      const places = compareConfigurations(before, edited).map(describePlace)
      const { basedOn } = before
      const at = new Date()
      const { districtId, key, caller: by } = scope
      await saveConfigurationDraft(trx, row, { districtId, ...key, ...edited, basedOn, places, by, at })
      return readDraft(trx, scope)
    })
    context.header('etag', draft.etag)
    return context.json(draft, 200)
  })

  api.openapi(remove, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'configure')
    await withDistrict(context.get('parts').db, scope.districtId, async (trx) => {
      await lockDraft(trx, scope, context.req.header('if-match'))
      await deleteConfigurationDraft(trx, scope.key)
    })
    return context.body(null, 204)
  })

  api.openapi(lint, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'view')
    const found = await withDistrict(context.get('parts').db, scope.districtId, async (trx) =>
      lintIn(trx, scope, await readDraft(trx, scope)),
    )
    return context.json(found, 200)
  })
}

/** The saved draft, if there is one, kept from others until the transaction ends. Throws a Refusal for another revision. */
async function lockDraft(
  trx: Transaction<Database>,
  { key }: ConfigurationScope,
  ifMatch: string | undefined,
): Promise<ConfigurationDraftRow | undefined> {
  await lockConnection(trx, key.connectionId)
  const { row, state } = await findDraft(trx, key)
  refuseOtherRevision(ifMatch, state)
  return row
}

async function readDraft(trx: Transaction<Database>, scope: ConfigurationScope): Promise<ConfigurationDraft> {
  const { key, district, connector } = scope
  const { mapping, settings, state, row } = await findDraft(trx, key)
  return {
    ...{ connection: key.connectionId, district, connector: connector.id, dataType: key.dataType },
    ...{ revision: state.revision, etag: etagOf(state), basedOn: state.basedOn, mapping, settings },
    updatedBy: row?.updatedBy ?? null,
    updatedAt: row?.updatedAt.toISOString() ?? null,
  }
}
