import type { MiddlewareHandler } from 'hono'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { MethodRefusal } from '../failures.ts'

/** Refuses another method at an address that there is, and says which it takes. Asks once for all routes, with the first request. */
export function createMethodCheck(api: Api): MiddlewareHandler<AppEnvironment> {
  let places: readonly Place[] | undefined
  return async (context, next) => {
    places ??= listPlaces(api)
    const { path, method } = context.req
    const there = places.filter(({ pattern }) => pattern.test(path))
    const allowed = [...new Set(there.flatMap(({ methods }) => methods))].sort()
    if (allowed.length > 0 && !allowed.includes(method)) throw new MethodRefusal(allowed)
    await next()
  }
}

type Place = { readonly pattern: RegExp; readonly methods: readonly string[] }

function listPlaces(api: Api): Place[] {
  return api.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ path, method }) => ({
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`),
      // What can be read can be asked for its head.
      methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    }))
}
