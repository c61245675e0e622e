import type { Context, MiddlewareHandler } from 'hono'
import { insertAuditEntry, noDistrict, withAuditOrigin, type AuditOrigin } from '../../db/access/audit.ts'
import { withDistrict } from '../../db/database.ts'
import type { AppEnvironment } from '../app-environment.ts'
import { findOperation } from './find-operation.ts'

/** What a handler tells of the entry for its request; what is about no district is said by `districtId: null`. */
export type AuditNote = {
  districtId?: string | null
  subject?: Readonly<Record<string, unknown>>
  after?: unknown
  /** The request was taken, and nothing came of it that had not been there. */
  isNothingNew?: boolean
}

/**
 * Every operation that changes something leaves one entry, and so does a file that is taken away. Where the change is a
 * transaction of its own, the entry is in it; for the others, such as a message to a workflow, it is written here once the
 * operation has gone well, and the answer waits for it.
 */
export const writeAudit: MiddlewareHandler<AppEnvironment> = async (context, next) => {
  const origin: AuditOrigin = {
    actorId: context.get('caller').id,
    address: findAddress(context),
    requestId: context.get('requestId'),
    written: new Set(),
  }
  const note: AuditNote = {}
  context.set('auditNote', note)
  await withAuditOrigin(origin, async () => {
    await next()
    const action = findAction(context)
    if (action === undefined || note.isNothingNew === true || origin.written.has(action)) return
    const { db } = context.get('parts')
    const districtId = note.districtId ?? noDistrict
    const inPath: Record<string, string> = context.req.param()
    const subject = { ...inPath, ...note.subject }
    await withDistrict(db, districtId, (trx) =>
      insertAuditEntry(trx, { districtId, actor: context.get('caller').name, action, subject, after: note.after }),
    )
  })
}

/** The action to be written down for the answer; undefined for a refusal, and for what only shows something. */
function findAction(context: Context<AppEnvironment>): string | undefined {
  const { res } = context
  if (res.status >= 300) return undefined
  const { action, exports } = findOperation(context) ?? {}
  const isFile = !(res.headers.get('content-type') ?? '').includes('json')
  return action ?? (isFile ? exports : undefined)
}

/** Of whoever opened the connection: a proxy's where one stands before the API. Null in tests, which open none. */
function findAddress({ env }: Context<AppEnvironment>): string | null {
  // Given by @hono/node-server, and by nothing else.
  const { incoming } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  return incoming?.socket?.remoteAddress ?? null
}
