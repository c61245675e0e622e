import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { AppEnvironment } from '../app-environment.ts'
import { operations, type Operation } from './operations.ts'

/** The operation that a request asks for; undefined for an address that is none. */
export function findOperation(context: Context<AppEnvironment>): Operation | undefined {
  const route = matchedRoutes(context).find(({ method }) => method !== 'ALL')
  if (route === undefined) return undefined
  return operations[`${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`]
}
