import { once } from 'node:events'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type ReceivedWebhook = { readonly headers: IncomingHttpHeaders; readonly body: string }

export type GivenAnswer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly isEndless?: true
}

/** An HTTP server on loopback that takes webhooks, and ends with the test file. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = []
  /** Undefined: it never answers. */
  answer: GivenAnswer | undefined | ((webhook: ReceivedWebhook) => GivenAnswer) = { status: 200 }
  readonly #server: Server
  #port = 0

  private constructor() {
    this.#server = createServer((request, response) => {
      void buffer(request)
        .then((body) => {
          const webhook = { headers: request.headers, body: body.toString() }
          this.received.push(webhook)
          const answer = typeof this.answer === 'function' ? this.answer(webhook) : this.answer
          if (answer === undefined) return
          response.writeHead(answer.status, answer.headers)
          if (answer.isEndless !== true) {
            response.end(answer.body)
            return
          }
          const timer = setInterval(() => response.write('x'.repeat(10_000)), 1)
          response.on('close', () => clearInterval(timer))
        })
        .catch(() => response.destroy())
    })
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    receiver.#port = (receiver.#server.address() as AddressInfo).port
    receivers.push(receiver)
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}

const receivers: WebhookReceiver[] = []
afterAll(async () => {
  for (const receiver of receivers) await receiver.close()
})

/** Verifies as a receiver would, written from the text of Standard Webhooks and not from our code. */
export function verifyWebhook({ headers, body }: ReceivedWebhook, secret: string, nowMs = Date.now()): boolean {
  const [id, timestamp, given] = ['id', 'timestamp', 'signature'].map((name) => String(headers[`webhook-${name}`]))
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > 300) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  return (given ?? '').split(' ').some((one) => {
    const [version, signature = ''] = one.split(',')
    const bytes = Buffer.from(signature, 'base64')
    return version === 'v1' && bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  })
}
