import type { MiddlewareHandler } from 'hono'
import { findToken } from '../../db/access/tokens.ts'
import { rights, type Right } from '../contract/rights.ts'
import type { AppEnvironment, Caller } from '../app-environment.ts'
import { Refusal } from '../failures.ts'

/** Finds who calls by the bearer token, of which the database holds only the SHA-256. */
export const authenticate: MiddlewareHandler<AppEnvironment> = async (context, next) => {
  const token = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
  if (token === undefined) throw new Refusal('TOKEN_MISSING', 'Send the header "Authorization: Bearer <token>".')
  const found = await findToken(context.get('parts').db, token, new Date())
  if (found === undefined) throw new Refusal('TOKEN_MISSING', 'This token is unknown or has expired.')
  context.set('caller', { ...found, rights: new Set(rights.filter((right) => found.rights.includes(right))) })
  await next()
}

/** Throws a Refusal when the caller lacks the right. */
export function requireRight(caller: Caller, right: Right): void {
  if (!caller.rights.has(right)) throw new Refusal('RIGHT_MISSING', `This needs the right "${right}".`)
}

/** What a district's name or id may not reveal: a token of another district hears that there is no such thing. */
export function mayEnter(caller: Caller, districtId: string): boolean {
  return caller.districtId === null || caller.districtId === districtId
}
