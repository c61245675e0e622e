import { createRoute } from '@hono/zod-openapi'
import { insertDistrict, listDistricts, type DistrictRow } from '../../db/access/districts.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { hasRight, requireRight, requireRightSomewhere } from '../access/grants.ts'
import { District, NewDistrict } from '../contract/district.ts'
import { PageQuery, pageOf } from '../contract/paging.ts'
import { encodeCursor, parseCursor } from '../answers/cursor.ts'
import { Refusal } from '../failures.ts'

const create = createRoute({
  method: 'post',
  path: '/api/districts',
  summary: 'Add a district',
  request: { body: { required: true, content: { 'application/json': { schema: NewDistrict } } } },
  responses: { 201: jsonAnswer('The new district', District), default: problemAnswer },
})

const list = createRoute({
  method: 'get',
  path: '/api/districts',
  summary: 'Districts that the token may enter, by name',
  request: { query: PageQuery },
  responses: { 200: jsonAnswer('A page of districts', pageOf(District)), default: problemAnswer },
})

export function addDistrictRoutes(api: Api): void {
  api.openapi(create, async (context) => {
    requireRight(context.get('caller'), 'configure', null)
    const wanted = context.req.valid('json')
    if (!isTimeZone(wanted.timeZone)) {
      const message = 'not a time zone; an IANA name is asked for, such as America/Chicago'
      throw new Refusal('REQUEST_INVALID', 'See "errors" for the places.', [{ path: 'timeZone', message }])
    }
    const district = await insertDistrict(context.get('parts').db, wanted)
    if (district === undefined) throw new Refusal('CONFLICT', 'A district of this name is there already.')
    const { id: districtId, slug, name, timeZone } = district
    Object.assign(context.get('auditNote'), { districtId, after: { slug, name, timeZone } })
    return context.json(toDocument(district), 201)
  })

  api.openapi(list, async (context) => {
    const caller = context.get('caller')
    requireRightSomewhere(caller, 'view', 'schools')
    const { limit, cursor } = context.req.valid('query')
    const after = String(parseCursor(cursor)?.[0] ?? '')
    const all = await listDistricts(context.get('parts').db)
    const mine = all.filter(({ id }) => hasRight(caller, 'view', id, 'schools'))
    // Not by comparing slugs: the database's order need not be JavaScript's.
    const start = after === '' ? 0 : mine.findIndex(({ slug }) => slug === after) + 1
    const items = mine.slice(start, start + limit)
    const last = items.at(-1)
    const hasMore = last !== undefined && start + limit < mine.length
    return context.json({ items: items.map(toDocument), nextCursor: hasMore ? encodeCursor([last.slug]) : null }, 200)
  })
}

function toDocument({ id, slug, name, timeZone, createdAt }: DistrictRow): District {
  return { id, slug, name, timeZone, createdAt: createdAt.toISOString() }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
