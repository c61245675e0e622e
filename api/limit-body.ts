import { bodyLimit } from 'hono/body-limit'
import type { MiddlewareHandler } from 'hono'
import type { AppEnvironment } from './app-environment.ts'
import { Refusal } from './failures.ts'

const mostBytes = 1_000_000

/** Packages are streamed into the archive, which has a limit of its own. */
const upload = /^\/api\/districts\/[^/]+\/imports$/

const limit = bodyLimit({
  maxSize: mostBytes,
  onError: () => {
    throw new Refusal('REQUEST_TOO_LARGE', `A body may have ${mostBytes} bytes; send long lists in several requests.`)
  },
})

/** Refuses a body of more than a megabyte before it is in memory, whatever length is announced. */
export const limitBody: MiddlewareHandler<AppEnvironment> = (context, next) =>
  upload.test(context.req.path) ? next() : limit(context, next)
