import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { noDistrict } from '../../db/access/audit.ts'
import {
  listAuditEntries,
  verifyAuditChain,
  type AuditFilter,
  type AuditRow,
  type ChainProblem,
} from '../../db/access/read-audit.ts'
import { withDistrict } from '../../db/database.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { requireRight } from '../access/grants.ts'
import { enterDistrict } from '../access/scope.ts'
import { csvResponse, toCsv, wantsCsv } from '../answers/csv-stream.ts'
import { encodeCursor, parseSeqCursor } from '../answers/cursor.ts'
import { jsonAnswer, listAnswer, problemAnswer } from '../answers/json-answer.ts'
import { AuditEntry, AuditQuery, AuditVerification } from '../contract/audit.ts'
import { pageOf } from '../contract/paging.ts'

const ofDistrict = z.object({ slug: z.string() })
const entries = {
  responses: { 200: listAnswer('Entries, the newest first', pageOf(AuditEntry), z.string()), default: problemAnswer },
}
const verification = {
  responses: { 200: jsonAnswer('What came of it', AuditVerification), default: problemAnswer },
}

const list = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/audit',
  summary: 'Who changed or decided what in a district, when and from where, as JSON pages or as one CSV',
  request: { params: ofDistrict, query: AuditQuery },
  ...entries,
})

const verify = createRoute({
  method: 'get',
  path: '/api/districts/{slug}/audit/verify',
  summary: 'Compute the chain of the audit log of a district anew; names the first broken link',
  request: { params: ofDistrict },
  ...verification,
})

const listSystem = createRoute({
  method: 'get',
  path: '/api/audit',
  summary: 'The same of what belongs to no district: districts that are added, tokens for all of them',
  request: { query: AuditQuery },
  ...entries,
})

const verifySystem = createRoute({
  method: 'get',
  path: '/api/audit/verify',
  summary: 'Compute the chain of what belongs to no district anew',
  ...verification,
})

export function addAuditRoutes(api: Api): void {
  api.openapi(list, async (context) => {
    const { districtId } = await enterDistrict(context, context.req.valid('param').slug, 'manageAccess')
    return await answerEntries(context, districtId, context.req.valid('query'))
  })

  api.openapi(verify, async (context) => {
    const { districtId } = await enterDistrict(context, context.req.valid('param').slug, 'manageAccess')
    return context.json(await verifyChain(context, districtId), 200)
  })

  api.openapi(listSystem, async (context) => {
    requireRight(context.get('caller'), 'manageAccess', null)
    return await answerEntries(context, noDistrict, context.req.valid('query'))
  })

  api.openapi(verifySystem, async (context) => {
    requireRight(context.get('caller'), 'manageAccess', null)
    return context.json(await verifyChain(context, noDistrict), 200)
  })
}

function toDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text)
}

const csvPageRows = 1000
const header = ['seq', 'id', 'at', 'actor', 'actorId', 'action', 'address', 'requestId', 'subject', 'before', 'after']

async function answerEntries(context: Context<AppEnvironment>, districtId: string, query: AuditQuery) {
  const { limit, cursor, format, action, actor, from, to } = query
  const filter: AuditFilter = { action, actor, from: toDate(from), to: toDate(to) }
  const { db } = context.get('parts')
  const readPage = (beforeSeq: number | undefined, rows: number) =>
    withDistrict(db, districtId, (trx) => listAuditEntries(trx, filter, { beforeSeq, limit: rows }))
  if (wantsCsv(context.req.header('accept'), format)) {
    return csvResponse(toCsv(header, toCells(readPage), { isRaw: false }))
  }
  const after = parseSeqCursor(cursor)
  const rows = await readPage(after === -1 ? undefined : after, limit + 1)
  const items = rows.slice(0, limit).map(toDocument)
  const last = items.at(-1)
  return context.json({ items, nextCursor: rows.length > limit && last ? encodeCursor([last.seq]) : null }, 200)
}

async function* toCells(
  readPage: (beforeSeq: number | undefined, rows: number) => Promise<AuditRow[]>,
): AsyncGenerator<unknown[][]> {
  for (let beforeSeq: number | undefined; ;) {
    const rows = await readPage(beforeSeq, csvPageRows)
    yield rows.map(({ seq, id, at, actor, actorId, action, address, requestId, ...more }) => [
      ...[seq, id, at.toISOString(), actor, actorId, action, address, requestId],
      ...[more.subject, more.before, more.after].map((value) => (value === null ? null : JSON.stringify(value))),
    ])
    const last = rows.at(-1)
    if (last === undefined || rows.length < csvPageRows) return
    beforeSeq = last.seq
  }
}

const words: Readonly<Record<ChainProblem, string>> = {
  missingLink: 'A link was taken out before this one.',
  missingEntry: 'The entry of this link was taken out.',
  changedEntry: 'This entry, or its link, is not what was written.',
  unlinkedEntry: 'This entry was put in past the chain.',
  missingEnd: 'The end of the chain was cut off from here on.',
}

async function verifyChain(context: Context<AppEnvironment>, districtId: string): Promise<AuditVerification> {
  const { count, head, broken } = await withDistrict(context.get('parts').db, districtId, verifyAuditChain)
  return {
    isWhole: broken === null,
    ...{ count, head },
    broken: broken === null ? null : { ...broken, message: words[broken.problem] },
  }
}

function toDocument({ at, hash, districtId: _district, ...row }: AuditRow): AuditEntry {
  return { ...row, at: at.toISOString(), hash: hash.toString('hex') }
}
