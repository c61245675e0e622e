import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type TakenMail = { readonly from: string; readonly to: readonly string[]; readonly content: string }

/**
 * What the server does with a mail: takes it, refuses with a code, breaks the connection before it has answered, or
 * takes it and breaks the connection instead of saying so.
 */
export type Conduct =
  'take' | 'break' | 'takeAndBreak' | { readonly refuseRecipient: number } | { readonly refuse: number }

/** A real SMTP server on loopback, which ends with the test file. */
export class MailServer {
  readonly taken: TakenMail[] = []
  conduct: Conduct | ((mail: TakenMail) => Conduct) = 'take'
  /** Awaited before a mail is answered: a test may do something in between. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve()
  readonly #server: SMTPServer
  #port = 0

  private constructor(options: SMTPServerOptions) {
    const breakOff = (error: Error | null, socket: { destroy: () => void } | undefined) => {
      socket?.destroy()
      return error
    }
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      hideENHANCEDSTATUSCODES: true,
      ...options,
      onRcptTo: ({ address }, _session, done) => {
        const conduct = this.#conductFor({ from: '', to: [address], content: '' })
        if (typeof conduct === 'object' && 'refuseRecipient' in conduct) done(refusal(conduct.refuseRecipient))
        else done()
      },
      onData: (stream, session, done) => {
        const pieces: Buffer[] = []
        stream.on('data', (piece: Buffer) => pieces.push(piece))
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope
          const mail = {
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            content: Buffer.concat(pieces).toString(),
          }
          void this.beforeAnswer().then(() => {
            const conduct = this.#conductFor(mail)
            if (conduct === 'take' || conduct === 'takeAndBreak') this.taken.push(mail)
            if (typeof conduct === 'object' && 'refuse' in conduct) done(refusal(conduct.refuse))
            else if (conduct === 'break' || conduct === 'takeAndBreak') breakOff(null, this.#socketOf(session.id))
            else done()
          })
        })
      },
    })
    // A client that was killed leaves a broken connection; that is the client's affair.
    this.#server.on('error', () => undefined)
  }

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options)
    const listening = server.#server.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    server.#port = (listening.address() as AddressInfo).port
    servers.push(server)
    return server
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(resolve)
      for (const { _socket: socket } of this.#connections()) socket?.destroy()
    })
  }

  #conductFor(mail: TakenMail): Conduct {
    return typeof this.conduct === 'function' ? this.conduct(mail) : this.conduct
  }

  /** The package has no public way to drop a connection as a dying server does. */
  #connections(): { id: string; _socket?: { destroy: () => void } }[] {
    const { connections } = this.#server as unknown as {
      connections: Set<{ id: string; _socket?: { destroy: () => void } }>
    }
    return [...connections]
  }

  #socketOf(id: string): { destroy: () => void } | undefined {
    return this.#connections().find((connection) => connection.id === id)?._socket
  }
}

const servers: MailServer[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

function refusal(responseCode: number): Error {
  return Object.assign(new Error('refused by the test'), { responseCode })
}
