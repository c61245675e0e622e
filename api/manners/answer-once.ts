import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { findOperation } from '../access/find-operation.ts'
import { claimKey, freeKey, keepAnswer } from '../../db/access/idempotency-keys.ts'
import type { AppEnvironment } from '../app-environment.ts'
import { PassingRefusal, Refusal } from '../failures.ts'
import { hashOf, openAnswer, sealAnswer } from './sealed-answer.ts'

/** Its bytes go by once; the run that it started is found by the key instead (api/import/run-id.ts), and for good. */
const streamed = /^\/api\/districts\/[^/]+\/imports$/
const keyForm = /^[\x20-\x7e]{1,200}$/

/**
 * A POST with an idempotency key is carried out once: the same request again gets the first answer, for a day. Another one
 * with the key is refused, and so is one that comes while the first is being answered. What was refused did nothing, and
 * may be asked again.
 */
export const answerOnce: MiddlewareHandler<AppEnvironment> = async (context, next) => {
  const key = context.req.header('idempotency-key')
  const { method, path, url } = context.req
  if (key === undefined || method !== 'POST' || streamed.test(path)) return next()
  // A search may be asked again as often as one likes, and its answer may be a district in one stream.
  if (findOperation(context)?.isReading === true) return next()
  if (!keyForm.test(key)) {
    throw new Refusal('REQUEST_INVALID', 'An idempotency key is 1 to 200 signs of ASCII, and no control character.')
  }
  const { db } = context.get('parts')
  // What this caller has sent to be let in, and nobody else has.
  const credential = context.req.header('authorization') ?? context.req.header('cookie') ?? ''
  const place = { callerHash: hashOf('caller', credential), keyHash: hashOf('key', credential, key) }
  const address = new URL(url)
  const requestHash = hashOf(method, address.pathname, address.search, await context.req.text())
  const attempt = randomUUID()
  const claim = await claimKey(db, place, { requestHash, attempt })
  if (claim.kind === 'otherRequest') {
    throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'It belongs to another request of the last 24 hours; send another key.')
  }
  if (claim.kind === 'underWay') throw new PassingRefusal('IDEMPOTENCY_KEY_IN_USE', 'Ask again in a moment.', 1)
  if (claim.kind === 'answered') {
    context.get('auditNote').isNothingNew = true
    const { type, location, body } = openAnswer(claim.answer, credential, key)
    const headers = { 'content-type': type, 'idempotent-replayed': 'true', ...(location !== null && { location }) }
    return new Response(claim.status === 204 ? null : body, { status: claim.status, headers })
  }
  await next()
  const { res } = context
  if (context.error !== undefined || res.status >= 300) return freeKey(db, place, attempt)
  const answer = {
    type: res.headers.get('content-type') ?? 'application/json',
    location: res.headers.get('location'),
    body: await res.clone().text(),
  }
  await keepAnswer(db, place, { attempt, status: res.status, answer: sealAnswer(answer, credential, key) })
}
