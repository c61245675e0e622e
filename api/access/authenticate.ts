import type { MiddlewareHandler } from 'hono'
import { findToken } from '../../db/access/tokens.ts'
import { limitToSchools } from '../../db/database.ts'
import { rights } from '../contract/rights.ts'
import type { AppEnvironment } from '../app-environment.ts'
import { Refusal } from '../failures.ts'
import { listSchoolLimit, type Caller } from './grants.ts'

/**
 * Finds who calls by the bearer token, of which the database holds only the SHA-256. Whoever is bound to schools is given a
 * database that shows no other rows, whatever a handler asks of it.
 */
export const authenticate: MiddlewareHandler<AppEnvironment> = async (context, next) => {
  const token = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
  if (token === undefined) throw new Refusal('TOKEN_MISSING', 'Send the header "Authorization: Bearer <token>".')
  const found = await findToken(context.get('parts').db, token, new Date())
  if (found === undefined) throw new Refusal('TOKEN_MISSING', 'This token is unknown, has expired or was revoked.')
  const { id, name, districtId, schoolIds } = found
  const held = new Set(rights.filter((right) => found.rights.includes(right)))
  const caller: Caller = { id, name, grants: [{ districtId, rights: held, schoolIds }] }
  context.set('caller', caller)
  if (caller.grants.some((grant) => grant.schoolIds !== null)) {
    const parts = context.get('parts')
    const db = limitToSchools(parts.db, (district) => listSchoolLimit(caller, district))
    context.set('parts', { ...parts, db })
  }
  await next()
}
