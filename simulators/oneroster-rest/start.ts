import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { listScopes } from './auth/scopes.ts'
import { answerControl, controlPath, packagePath } from './control/answer-control.ts'
import type { LoggedRequest, PageCount } from './control/request-log.ts'
import type { FaultRequest } from './faults/fault.ts'
import type { StandInOptions, StandInSettings } from './options.ts'
import { Provider } from './provider.ts'
import { respond, type Response } from './respond.ts'
import { makeCertificates } from './tls/certificates.ts'

export type StandIn = {
  /** Scheme, host and port. */
  readonly url: string
  /** Ready for a connection of the connector `oneroster-rest`. */
  readonly settings: StandInSettings
  /** These faults from now on, and none of those before. */
  setFaults(faults: readonly FaultRequest[]): void
  /** The same district on another day. */
  goTo(day: number): void
  revokeTokens(): void
  pages(): readonly PageCount[]
  requests(): readonly LoggedRequest[]
  clearRequests(): void
  close(): Promise<void>
}

/** Serves an invented district as a OneRoster provider on loopback, until it is closed. */
export async function startOneRosterRest(options: StandInOptions): Promise<StandIn> {
  const isExpired = options.faults?.some(({ name }) => name === 'expired-certificate') ?? false
  const certificates = options.isTls === true ? await makeCertificates(isExpired) : undefined
  const server =
    certificates === undefined
      ? createHttpServer()
      : createHttpsServer({ cert: certificates.certificate, key: certificates.key })
  const port = await listen(server, options.port ?? 0)
  const url = `${certificates === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`
  const credentials = options.credentials ?? { id: 'rollbook', secret: randomBytes(18).toString('base64url') }
  const provider = new Provider(options, url, credentials)
  const closing = new AbortController()

  /** Nobody is there for a while: a new connection is refused by the machine itself. */
  const goAway = async (ms: number) => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
    await wait(ms, undefined, { signal: closing.signal }).catch(() => undefined)
    if (!closing.signal.aborted) await listen(server, port)
  }
  let away: Promise<void> = Promise.resolve()

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request)
    const { method = 'GET', url: target = '/', headers } = request
    const path = target.split('?')[0] ?? ''
    if (path === packagePath) {
      response.writeHead(200, { 'content-type': 'application/zip' })
      await pipeline(provider.package(), response)
      return
    }
    if (path === controlPath || path.startsWith(`${controlPath}/`)) {
      send(response, { answer: answerControl(provider, method, path, body), due: [] })
      return
    }
    // The client signed the host that it called, which may be localhost.
    const origin = `${certificates === undefined ? 'http' : 'https'}://${headers.host?.toLowerCase() ?? `127.0.0.1:${String(port)}`}`
    const made = respond(provider, { method, url: target, headers, body }, origin)
    for (const { kind, numbers } of made.due) {
      if (kind.waitMs !== undefined) await wait(kind.waitMs(numbers), undefined, { signal: closing.signal })
    }
    const gone = made.due.find(({ kind }) => kind.connection === 'refused')
    if (gone === undefined) send(response, made)
    else away = goAway(gone.numbers.ms)
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(String(error))
    })
  })

  const scope = listScopes(provider.version, options.scopes).join(' ')
  return {
    url,
    settings: provider.settings(certificates?.ca, scope),
    setFaults: (faults) => provider.faults.replace(faults),
    goTo: (day) => provider.goTo(day),
    revokeTokens: () => provider.tokens?.revokeAll(),
    pages: () => provider.log.pages(),
    requests: () => provider.log.requests(),
    clearRequests: () => provider.log.clear(),
    async close() {
      closing.abort()
      await away
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port // a server that listens on TCP has one
}

/** Sends the answer, or half of it where the connection is to end in the middle of the body. */
function send(response: ServerResponse, { answer, due }: Response): void {
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) })
  if (!due.some(({ kind }) => kind.connection === 'cut')) {
    response.end(body)
    return
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
}
