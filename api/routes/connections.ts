import { randomUUID } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { readConnectionImports, type ConnectionImports } from '../../db/connect/connection-imports.ts'
import { findConnection, listConnections, type ConnectionRow } from '../../db/connect/connections.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { ChangeConnection, Connection, NewConnection } from '../contract/connection.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { encodeCursor, parseCursor } from '../answers/cursor.ts'
import { Refusal } from '../failures.ts'
import { changeConnection, checkSettings, getKnownConnector, makeConnection } from '../connect/make-connection.ts'
import { enterConnection, enterDistrict, listScopes, type Scope } from '../access/scope.ts'
import { surroundingsOf } from '../connect/surroundings.ts'
import { findFetchesInput } from '../connect/fetches-input.ts'

const add = createRoute({
  method: 'post',
  path: '/api/districts/{slug}/connections',
  summary: 'Add a connection; its settings are sealed and never shown again',
  request: {
    params: z.object({ slug: z.string() }),
    body: { required: true, content: { 'application/json': { schema: NewConnection } } },
  },
  responses: { 201: jsonAnswer('The new connection', Connection), default: problemAnswer },
})

const list = createRoute({
  method: 'get',
  path: '/api/connections',
  summary: 'Connections, oldest first, without their settings',
  request: { query: PageQuery.extend({ district: z.string().optional() }) },
  responses: { 200: jsonAnswer('A page of connections', pageOf(Connection)), default: problemAnswer },
})

const change = createRoute({
  method: 'patch',
  path: '/api/connections/{id}',
  summary: 'Give a connection other settings or another name; mapping, schools and schedule stay',
  request: {
    params: z.object({ id: z.uuid() }),
    body: { required: true, content: { 'application/json': { schema: ChangeConnection } } },
  },
  responses: { 200: jsonAnswer('The connection', Connection), default: problemAnswer },
})

const test = createRoute({
  method: 'post',
  path: '/api/connections/{id}/test',
  summary: 'Try a connection for real and keep what came of it',
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 200: jsonAnswer('The connection with its new status', Connection), default: problemAnswer },
})

export function addConnectionRoutes(api: Api): void {
  api.openapi(add, async (context) => {
    const scope = await enterDistrict(context, context.req.valid('param').slug, 'configure')
    const { connector: connectorId, settings, name } = context.req.valid('json')
    const connector = getKnownConnector(connectorId)
    const wanted = { connector, name: name ?? connector.label, settings, createdBy: context.get('caller').name }
    await checkSettings(connector, settings, surroundingsOf(context.get('parts'), scope.district))
    const { db, secrets } = context.get('parts')
    const document = await withDistrict(db, scope.districtId, async (trx) =>
      toDocument(trx, await makeConnection(trx, scope, secrets, wanted), scope),
    )
    return context.json(document, 201)
  })

  api.openapi(list, async (context) => {
    const { limit, cursor, district } = context.req.valid('query')
    const scopes =
      district === undefined ? await listScopes(context, 'view') : [await enterDistrict(context, district, 'view')]
    const documents: Connection[] = []
    for (const { districtId, district: slug } of scopes) {
      await withDistrict(context.get('parts').db, districtId, async (trx) => {
        const imports = await readConnectionImports(trx, districtId)
        const rows = await listConnections(trx, districtId)
        documents.push(...rows.map((row) => describeConnection(row, slug, imports.get(row.id))))
      })
    }
    const after = parseCursor(cursor)?.[0]
    const start = after === undefined ? 0 : documents.findIndex(({ id }) => id === after) + 1
    const items = documents.slice(start, start + limit)
    const last = items.at(-1)
    const hasMore = last !== undefined && start + limit < documents.length
    return context.json({ items, nextCursor: hasMore ? encodeCursor([last.id]) : null }, 200)
  })

  api.openapi(change, async (context) => {
    const { id } = context.req.valid('param')
    const scope = await enterConnection(context, id, 'configure')
    const { settings, name } = context.req.valid('json')
    const { db, secrets } = context.get('parts')
    const before = await withDistrict(db, scope.districtId, (trx) => findConnection(trx, id))
    if (before !== undefined && settings !== undefined) {
      const surroundings = surroundingsOf(context.get('parts'), scope.district)
      await checkSettings(getKnownConnector(before.connector), settings, surroundings)
    }
    const changed = await withDistrict(db, scope.districtId, async (trx) => {
      const by = context.get('caller').name
      const row = await changeConnection(trx, scope, secrets, { id, settings, name, by })
      return toDocument(trx, row, scope)
    })
    return context.json(changed, 200)
  })

  api.openapi(test, async (context) => {
    const { id } = context.req.valid('param')
    const { districtId, district } = await enterConnection(context, id, 'configure')
    const { db, workflows } = context.get('parts')
    await workflows.testConnection({ districtId, district, connectionId: id, testId: randomUUID() })
    const tested = await withDistrict(db, districtId, async (trx) => {
      const row = await findConnection(trx, id)
      if (row === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id.')
      return toDocument(trx, row, { districtId, district })
    })
    return context.json(tested, 200)
  })
}

async function toDocument(
  trx: Parameters<typeof listConnections>[0],
  row: ConnectionRow,
  { districtId, district }: Scope,
): Promise<Connection> {
  const imports = await readConnectionImports(trx, districtId)
  return describeConnection(row, district, imports.get(row.id))
}

function describeConnection(row: ConnectionRow, district: string, imports: ConnectionImports | undefined): Connection {
  return {
    id: row.id,
    district,
    connector: row.connector,
    name: row.name,
    status: row.status,
    statusReason: row.statusReason,
    checkedAt: row.checkedAt === null ? null : row.checkedAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    takesUploads: findFetchesInput(row) !== true,
    enabledFor: [...(imports?.enabledFor ?? [])],
    lastImportAt: imports?.lastImportAt?.toISOString() ?? null,
  }
}
