import { randomBytes } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { listDistricts } from '../../db/access/districts.ts'
import { findTokenById, insertToken, listTokens, revokeToken, type TokenRow } from '../../db/access/tokens.ts'
import { withDistrict } from '../../db/database.ts'
import { findOrgs } from '../../db/records/orgs.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { hasRight, isKnownTo, requireRight, requireRightSomewhere } from '../access/grants.ts'
import { enterDistrict } from '../access/scope.ts'
import { encodeCursor, parseIdCursor } from '../answers/cursor.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import type { Right } from '../contract/rights.ts'
import { CreatedToken, defaultTokenDays, NewToken, Token } from '../contract/token.ts'
import { Refusal } from '../failures.ts'

const create = createRoute({
  method: 'post',
  path: '/api/tokens',
  summary: 'Make an API token; the answer shows it, once. Nobody can give a right that they lack',
  request: { body: { required: true, content: { 'application/json': { schema: NewToken } } } },
  responses: { 201: jsonAnswer('The token', CreatedToken), default: problemAnswer },
})

const list = createRoute({
  method: 'get',
  path: '/api/tokens',
  summary: 'Tokens, the newest first, with those that have expired or were revoked',
  request: { query: PageQuery.extend({ district: z.string().optional() }) },
  responses: { 200: jsonAnswer('A page of tokens', pageOf(Token)), default: problemAnswer },
})

const revoke = createRoute({
  method: 'delete',
  path: '/api/tokens/{id}',
  summary: 'Revoke a token, from now on; it stays in the list',
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 204: { description: 'It lets nobody in any more' }, default: problemAnswer },
})

export function addTokenRoutes(api: Api): void {
  api.openapi(create, async (context) => {
    const { name, rights, district, schools, expiresAt } = context.req.valid('json')
    const { db } = context.get('parts')
    const caller = context.get('caller')
    const districtId = await chooseDistrict(context, district)
    for (const right of rights) requireOwn(context, right, districtId)
    if (schools !== null) await checkSchools(context, districtId, schools)
    const now = new Date()
    const until =
      expiresAt === undefined ? addDays(now, defaultTokenDays) : expiresAt === null ? null : new Date(expiresAt)
    if (until !== null && until <= now) throw wrongField('expiresAt', 'not in the future')
    const token = `rb_${randomBytes(32).toString('base64url')}`
    const wanted = { token, name, rights: [...new Set(rights)], districtId, schoolIds: schools, expiresAt: until }
    const row = await insertToken(db, { ...wanted, createdBy: caller.name })
    if (row === undefined) throw new Error('two tokens of 32 random bytes were equal')
    const after = { name, rights: row.rights, district, schools, expiresAt: row.expiresAt }
    Object.assign(context.get('auditNote'), { districtId, subject: { tokenId: row.id }, after })
    return context.json({ ...toDocument(row, district, now), token }, 201)
  })

  api.openapi(list, async (context) => {
    const { limit, cursor, district } = context.req.valid('query')
    const { db } = context.get('parts')
    const caller = context.get('caller')
    const slugs = new Map<string | null, string | null>()
    if (district === undefined) {
      requireRightSomewhere(caller, 'manageAccess')
      for (const { id, slug } of await listDistricts(db)) {
        if (hasRight(caller, 'manageAccess', id)) slugs.set(id, slug)
      }
      if (hasRight(caller, 'manageAccess', null)) slugs.set(null, null)
    } else {
      const scope = await enterDistrict(context, district, 'manageAccess')
      slugs.set(scope.districtId, scope.district)
    }
    const page = { districtIds: [...slugs.keys()], beforeId: parseIdCursor(cursor), limit: limit + 1 }
    const rows = await listTokens(db, page)
    const now = new Date()
    const items = rows.slice(0, limit).map((row) => toDocument(row, slugs.get(row.onlyDistrictId) ?? null, now))
    const last = items.at(-1)
    const hasMore = rows.length > limit && last !== undefined
    return context.json({ items, nextCursor: hasMore ? encodeCursor([last.id]) : null }, 200)
  })

  api.openapi(revoke, async (context) => {
    const { id } = context.req.valid('param')
    const { db } = context.get('parts')
    const caller = context.get('caller')
    const row = await findTokenById(db, id)
    if (row === undefined || !mayKnowOf(context, row)) {
      throw new Refusal('NOT_FOUND', 'There is no token of this id in a district that the token may enter.')
    }
    requireRight(caller, 'manageAccess', row.onlyDistrictId)
    const isNew = await revokeToken(db, { id, by: caller.name, now: new Date() })
    const subject = { tokenId: id, name: row.name }
    Object.assign(context.get('auditNote'), { districtId: row.onlyDistrictId, subject, isNothingNew: !isNew })
    return context.body(null, 204)
  })
}

/** The district that a new token is for; null for all. Throws a Refusal when the caller manages no access there. */
async function chooseDistrict(context: Context<AppEnvironment>, slug: string | null): Promise<string | null> {
  if (slug !== null) return (await enterDistrict(context, slug, 'manageAccess')).districtId
  requireRight(context.get('caller'), 'manageAccess', null)
  return null
}

function requireOwn(context: Context<AppEnvironment>, right: Right, districtId: string | null): void {
  if (hasRight(context.get('caller'), right, districtId)) return
  throw new Refusal('RIGHT_MISSING', `You cannot give the right "${right}", because you do not have it.`)
}

async function checkSchools(
  context: Context<AppEnvironment>,
  districtId: string | null,
  schools: readonly string[],
): Promise<void> {
  if (districtId === null) throw wrongField('schools', 'a token that is bound to schools is of one district; name it')
  const { db } = context.get('parts')
  const known = await withDistrict(db, districtId, (trx) => findOrgs(trx, districtId, schools))
  const unknown = schools.findIndex((id) => !known.has(id))
  if (unknown >= 0) throw wrongField(`schools.${unknown}`, 'no school of this district has this id')
}

function mayKnowOf(context: Context<AppEnvironment>, { onlyDistrictId }: TokenRow): boolean {
  const caller = context.get('caller')
  return onlyDistrictId === null
    ? caller.grants.some(({ districtId }) => districtId === null)
    : isKnownTo(caller, onlyDistrictId)
}

function wrongField(path: string, message: string): Refusal {
  return new Refusal('REQUEST_INVALID', 'See "errors" for the places.', [{ path, message }])
}

function addDays(from: Date, days: number): Date {
  return new Date(from.getTime() + days * 86_400_000)
}

function toDocument(row: TokenRow, district: string | null, now: Date): Token {
  const { id, name, rights, onlySchoolIds: schools, createdBy, revokedBy } = row
  const isExpired = row.expiresAt !== null && row.expiresAt <= now
  return {
    ...{ id, name, rights, district, schools },
    state: row.revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'active',
    createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy,
  }
}
