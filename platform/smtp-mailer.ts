import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { MailFailure, type Mailer, type OutgoingMail } from './mailer.ts'

/** From the first byte to the last answer; a mail is some kilobytes. */
const defaultTimeLimitMs = 45_000

/**
 * Sends mails to one SMTP server, each over a connection of its own. `url` is `smtp://user:password@host:587`, with STARTTLS
 * whenever the server offers it, or `smtps://` for TLS from the start; `?requireTls=true` sends nothing without TLS.
 * A password goes over TLS only, unless the server is on this machine.
 */
export function createSmtpMailer(options: { readonly url: string; readonly timeLimitMs?: number }): Mailer {
  const { timeLimitMs = defaultTimeLimitMs } = options
  const server = parseSmtpUrl(options.url)
  return {
    async send(mail, beforeContent) {
      const talk = new Talk(server)
      const timer = setTimeout(() => talk.giveUp('ETIMEDOUT'), timeLimitMs)
      try {
        return await talk.send(mail, beforeContent)
      } finally {
        clearTimeout(timer)
        talk.close()
      }
    },
  }
}

type SmtpServer = {
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
  readonly needsTls: boolean
  readonly login: { readonly user: string; readonly pass: string } | undefined
}

/** Throws when it is no address of an SMTP server; the message does not repeat it, for it may hold a password. */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('an SMTP address begins with smtp:// or smtps:// and names a host')
  }
  const isSecure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  const isNear = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    isSecure,
    needsTls: url.searchParams.get('requireTls') === 'true' || (user !== '' && !isNear),
    login: user === '' ? undefined : { user, pass: decodeURIComponent(url.password) },
  }
}

/** One conversation with the server. Where it is when it breaks off decides whether the mail may have been taken. */
class Talk {
  readonly #server: SmtpServer
  readonly #connection: SMTPConnection
  readonly #broken: Promise<never>
  #break: (error: Error) => void = () => undefined
  /** All of the message was handed over, and the end of it may have reached the server. */
  #isContentOut = false

  constructor(server: SmtpServer) {
    this.#server = server
    this.#connection = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.isSecure,
      requireTLS: server.needsTls && !server.isSecure,
      connectionTimeout: 20_000,
      greetingTimeout: 20_000,
      socketTimeout: 30_000,
      // Otherwise the greeting names this machine.
      name: 'rollbook.invalid',
    })
    this.#broken = new Promise((_, reject) => (this.#break = reject))
    // Heard by the race of each step; between two steps nobody is listening.
    this.#broken.catch(() => undefined)
    this.#connection.on('error', (error: Error) => {
      this.#break(error)
    })
  }

  async send(mail: OutgoingMail, beforeContent: () => Promise<void>): Promise<string> {
    let ownFailure: Error | undefined
    const giveContent = async function* (this: Talk): AsyncGenerator<Buffer> {
      try {
        await beforeContent()
      } catch (error) {
        ownFailure = error instanceof Error ? error : new Error('sending was not allowed', { cause: error })
        throw error
      }
      this.#isContentOut = true
      yield mail.content
    }
    // Read only when the server has said that it waits for the message.
    const content = Readable.from(giveContent.call(this))
    const envelope = { from: mail.from, to: mail.to, size: mail.content.length }
    try {
      await this.#step((done) => {
        this.#connection.connect((error) => done(error))
      })
      await this.#logIn()
      const { response } = await this.#step<{ response: string }>((done) =>
        this.#connection.send(envelope, content, done),
      )
      return `SMTP_${/^\d{3}/.exec(response)?.[0] ?? '250'}`
    } catch (error) {
      // What our own side threw before the message began is not the server's failure.
      if (ownFailure !== undefined) throw ownFailure
      throw this.#toFailure(error)
    } finally {
      content.destroy()
    }
  }

  async #logIn(): Promise<void> {
    const { login } = this.#server
    if (login === undefined) return
    await this.#step<boolean>((done) => {
      this.#connection.login({ credentials: login }, done)
    })
  }

  giveUp(code: string): void {
    this.#break(Object.assign(new Error('the time is over'), { code }))
    this.#connection.close()
  }

  close(): void {
    this.#connection.close()
  }

  /** Also ends when the connection breaks without calling back. */
  #step<Answer = undefined>(begin: (done: (error?: Error | null, answer?: Answer) => void) => void): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      begin((error, value) => {
        if (error) reject(error)
        // A step without an answer says so by its type.
        else resolve(value as Answer)
      })
    })
    return Promise.race([answer, this.#broken])
  }

  #toFailure(error: unknown): MailFailure {
    const { responseCode, code, command } = error as { responseCode?: number; code?: string; command?: string } // nodemailer's
    const isAnswer = responseCode !== undefined && responseCode >= 400
    const isAboutThisMail = command === 'RCPT TO' || command === 'DATA'
    return new MailFailure(`SMTP_${isAnswer ? responseCode : (code ?? 'FAILED')}`, {
      isFinal: isAnswer && responseCode >= 500 && isAboutThisMail,
      // An answer that refuses is an answer; silence after the content is not.
      isInDoubt: this.#isContentOut && !isAnswer,
    })
  }
}
