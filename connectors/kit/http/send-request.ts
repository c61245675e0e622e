import { request as requestPlain, type IncomingHttpHeaders } from 'node:http'
import { request as requestSecure } from 'node:https'
import { rootCertificates } from 'node:tls'
import { RollbookFailure } from '../../../domain/errors.ts'
import type { Surroundings } from '../../connector.ts'
import { checkHost, HostRefusedError, lookUpWithin } from '../look-up-host.ts'

export type HttpRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export type HttpLimits = {
  readonly surroundings: Surroundings
  readonly signal: AbortSignal
  /** Of a CA that the machine does not know, as PEM; besides those that it does. */
  readonly caCertificate?: string | undefined
  /** For the whole answer. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** The answer did not come, or not whole: it may be asked for again. */
export class HttpBroken extends Error {
  override readonly name = 'HttpBroken'
}

/**
 * One request and its whole answer, whatever its status; no redirect is followed. The host is looked at by
 * `mayReach`, and the address that was looked at is the one that is connected to. Throws HttpBroken for what may go better
 * the next time, and RollbookFailure SOURCE_REFUSED for what somebody has to mend.
 */
export async function sendRequest(
  { method, url, headers, body }: HttpRequest,
  limits: HttpLimits,
): Promise<HttpAnswer> {
  const { surroundings, caCertificate, timeoutMs, maxBytes } = limits
  const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(timeoutMs)])
  try {
    checkHost(url.hostname.replace(/^\[|\]$/g, ''), surroundings)
    return await new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? requestSecure : requestPlain
      const request = send(url, {
        method,
        signal,
        lookup: lookUpWithin(surroundings),
        headers: {
          'user-agent': 'rollbook/1',
          accept: 'application/json',
          ...headers,
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        },
        // One page after the other, minutes apart at times: a connection that was kept may be dead by then.
        agent: false,
        ...(caCertificate !== undefined && { ca: [...rootCertificates, caCertificate] }),
      })
      request.on('error', reject)
      request.on('response', (response) => {
        const pieces: Buffer[] = []
        let received = 0
        response.on('data', (piece: Buffer) => {
          received += piece.length
          if (received > maxBytes) {
            response.destroy(new RollbookFailure('SOURCE_REFUSED', `An answer has more than ${maxBytes} bytes.`))
          } else pieces.push(piece)
        })
        response.on('error', reject)
        response.on('end', () => {
          if (!response.complete) reject(new HttpBroken('the answer broke off'))
          else resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) })
        })
      })
      request.end(body)
    })
  } catch (error) {
    limits.signal.throwIfAborted()
    throw translate(error)
  }
}

function translate(error: unknown): unknown {
  if (error instanceof RollbookFailure || error instanceof HttpBroken) return error
  if (error instanceof HostRefusedError) {
    return new RollbookFailure(
      'SOURCE_REFUSED',
      'The host leads to a private address; list it in ROLLBOOK_PRIVATE_HOSTS if that is meant.',
    )
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // OpenSSL's words for a certificate that is not to be trusted. One that ran out is often mended by the next night.
  if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT)/.test(code)) {
    return new RollbookFailure('SOURCE_REFUSED', `Its certificate is not to be trusted (${code}).`)
  }
  return new HttpBroken(code === '' ? 'no answer in time' : code)
}
