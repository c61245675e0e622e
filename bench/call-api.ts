import type { Stack } from '../stack/stack.ts'

/** What the API of a benchmark's own stack answers. Throws with its words when it refuses. */
export async function callApi<Answer>(
  stack: Pick<Stack, 'url' | 'token'>,
  path: string,
  init: RequestInit & { readonly duplex?: 'half' } = {},
): Promise<Answer> {
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${stack.token}`)
  const response = await fetch(`${stack.url}${path}`, { ...init, headers })
  if (!response.ok) throw new Error(`${path} answered ${String(response.status)}: ${await response.text()}`)
  return (await response.json()) as Answer // our own API, its contract is tested elsewhere
}

/** A request with a JSON body. */
export function asJson(method: 'POST' | 'PUT', body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
