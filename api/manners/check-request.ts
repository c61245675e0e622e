import { bodyLimit } from 'hono/body-limit'
import type { MiddlewareHandler } from 'hono'
import type { AppEnvironment } from '../app-environment.ts'
import { brokenOff, Refusal } from '../failures.ts'

const mostBytes = 1_000_000

/** Packages are streamed into the archive, which has a limit of its own. */
const upload = /^\/api\/districts\/[^/]+\/imports$/
const partOfUpload = /^\/api\/uploads\/[^/]+$/
const partType = 'application/partial-upload'
const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

const limit = bodyLimit({
  maxSize: mostBytes,
  onError: () => {
    throw new Refusal('REQUEST_TOO_LARGE', `A body may have ${mostBytes} bytes; send long lists in several requests.`)
  },
})

/** What breaks while the body comes in is the sender's line; a route finds the body read. */
const readWhole: MiddlewareHandler<AppEnvironment> = async (context, next) => {
  try {
    await limit(context, async () => {
      await context.req.text()
    })
  } catch (error) {
    throw error instanceof Refusal ? error : brokenOff()
  }
  await next()
}

/**
 * Refuses what no route can use: a body of more than a megabyte, before it is in memory and whatever length is announced;
 * one that is no JSON; and an address with U+0000, which PostgreSQL does not take for text.
 */
export const checkRequest: MiddlewareHandler<AppEnvironment> = (context, next) => {
  const { path, method, url } = context.req
  if (url.includes('%00')) throw new Refusal('REQUEST_INVALID', 'U+0000 is in the address; leave it out.')
  if (!withBody.has(method) || upload.test(path)) return next()
  const type = context.req.header('content-type')
  if (partOfUpload.test(path)) {
    if (type?.split(';')[0]?.trim().toLowerCase() === partType) return next()
    throw new Refusal('REQUEST_INVALID', `Send a part of an upload with content-type: ${partType}.`)
  }
  if (context.req.raw.body !== null && !/^application\/json\b/i.test(type ?? '')) {
    throw new Refusal('REQUEST_INVALID', 'The body is not called JSON: send it with content-type: application/json.')
  }
  return readWhole(context, next)
}
