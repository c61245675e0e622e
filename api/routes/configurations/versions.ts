import { createRoute, z } from '@hono/zod-openapi'
import type { Transaction } from 'kysely'
import {
  findConfigurationVersion,
  listConfigurationVersions,
  type ConfigurationVersionRow,
} from '../../../db/connect/configuration-versions.ts'
import {
  findConfigurationDraft,
  lockConnection,
  saveConfigurationDraft,
} from '../../../db/connect/configuration-drafts.ts'
import { withDistrict, type Database } from '../../../db/database.ts'
import {
  compareConfigurations,
  describePlace,
  type ComparedConfiguration,
} from '../../../domain/mapping/compare-configurations.ts'
import { encodeCursor, parseSeqCursor } from '../../answers/cursor.ts'
import { jsonAnswer, problemAnswer } from '../../answers/json-answer.ts'
import type { Api } from '../../app-environment.ts'
import { refuseOtherRevision } from '../../connect/configuration-etag.ts'
import {
  enterConfiguration,
  findDraft,
  getConfiguration,
  type ConfigurationScope,
} from '../../connect/configuration-scope.ts'
import { ConfigurationComparison, ConfigurationParams, ConfigurationVersion } from '../../contract/configuration.ts'
import { PageQuery, pageOf } from '../../contract/paging.ts'
import { Refusal } from '../../failures.ts'

const path = '/api/connections/{id}/configurations/{dataType}'
const versionNumber = z.coerce.number().int().min(1).max(2_147_483_647)
const params = ConfigurationParams.extend({ version: versionNumber })
const side = z.union([z.enum(['draft', 'inForce']), versionNumber])

const list = createRoute({
  method: 'get',
  path: `${path}/versions`,
  summary: 'The versions of a configuration, the newest first',
  request: { params: ConfigurationParams, query: PageQuery },
  responses: { 200: jsonAnswer('A page of versions', pageOf(ConfigurationVersion)), default: problemAnswer },
})
const show = createRoute({
  method: 'get',
  path: `${path}/versions/{version}`,
  summary: 'One version of a configuration',
  request: { params },
  responses: { 200: jsonAnswer('The version', ConfigurationVersion), default: problemAnswer },
})
const bringBack = createRoute({
  method: 'post',
  path: `${path}/versions/{version}/bring-back`,
  summary: 'Make an old version the draft, to be looked at and started; a draft that is there needs if-match',
  request: { params, headers: z.object({ 'if-match': z.string().max(200).optional() }) },
  responses: { 204: { description: 'It is the draft' }, default: problemAnswer },
})
const compare = createRoute({
  method: 'get',
  path: `${path}/compare`,
  summary: 'What differs between two versions, or a version and the draft, field by field',
  request: { params: ConfigurationParams, query: z.object({ from: side, to: side.default('draft') }) },
  responses: { 200: jsonAnswer('The differences', ConfigurationComparison), default: problemAnswer },
})

export function addVersionRoutes(api: Api): void {
  api.openapi(list, async (context) => {
    const { districtId, key } = await enterConfiguration(context, context.req.valid('param'), 'view')
    const { limit, cursor } = context.req.valid('query')
    const before = cursor === undefined ? undefined : parseSeqCursor(cursor)
    const rows = await withDistrict(context.get('parts').db, districtId, (trx) =>
      listConfigurationVersions(trx, { ...key, limit: limit + 1, ...(before !== undefined && { before }) }),
    )
    const items = rows.slice(0, limit).map(toVersion)
    const last = items.at(-1)
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.version]) : null
    return context.json({ items, nextCursor }, 200)
  })

  api.openapi(show, async (context) => {
    const { version, ...of } = context.req.valid('param')
    const { districtId, key } = await enterConfiguration(context, of, 'view')
    const row = await withDistrict(context.get('parts').db, districtId, (trx) => getVersion(trx, { ...key, version }))
    return context.json(toVersion(row), 200)
  })

  api.openapi(bringBack, async (context) => {
    const { version, ...of } = context.req.valid('param')
    const { districtId, key, caller: by } = await enterConfiguration(context, of, 'configure')
    await withDistrict(context.get('parts').db, districtId, async (trx) => {
      await lockConnection(trx, key.connectionId)
      const { mapping, settings } = await getVersion(trx, { ...key, version })
      const before = await findDraft(trx, key)
      // Of what somebody is at nothing is lost by accident.
      if (before.row !== undefined) refuseOtherRevision(context.req.header('if-match'), before.state)
      const places = compareConfigurations(before, { mapping, settings }).map(describePlace)
      const draft = { districtId, ...key, mapping, settings, basedOn: version, places, by, at: new Date() }
      await saveConfigurationDraft(trx, await findConfigurationDraft(trx, key), draft)
    })
    return context.body(null, 204)
  })

  api.openapi(compare, async (context) => {
    const scope = await enterConfiguration(context, context.req.valid('param'), 'view')
    const { from, to } = context.req.valid('query')
    const differences = await withDistrict(context.get('parts').db, scope.districtId, async (trx) =>
      compareConfigurations(await readSide(trx, scope, from), await readSide(trx, scope, to)),
    )
    return context.json({ from: String(from), to: String(to), differences: [...differences] }, 200)
  })
}

function readSide(
  trx: Transaction<Database>,
  { key }: ConfigurationScope,
  of: z.infer<typeof side>,
): Promise<ComparedConfiguration> {
  if (of === 'draft') return findDraft(trx, key)
  return of === 'inForce' ? getConfiguration(trx, key) : getVersion(trx, { ...key, version: of })
}

async function getVersion(
  trx: Transaction<Database>,
  key: Parameters<typeof findConfigurationVersion>[1],
): Promise<ConfigurationVersionRow> {
  const row = await findConfigurationVersion(trx, key)
  if (row !== undefined) return row
  throw new Refusal(
    'NOT_FOUND',
    'The configuration has no version of this number; `rollbook config versions` lists them.',
  )
}

function toVersion({ createdAt, id: _, ...version }: ConfigurationVersionRow): ConfigurationVersion {
  return { ...version, createdAt: createdAt.toISOString() }
}
