import assert from 'node:assert/strict'
import { composeMail } from '../../platform/compose-mail.ts'
import { MailFailure, type OutgoingMail } from '../../platform/mailer.ts'
import { createSmtpMailer, parseSmtpUrl } from '../../platform/smtp-mailer.ts'
import { MailServer } from './mail-server.ts'

async function makeMail(to = 'data@lincoln.example'): Promise<OutgoingMail> {
  const addressed = { messageId: '<delivery-1.1@rollbook.example>', from: 'rollbook@lincoln.example', to }
  const words = { subject: 'Lincoln County – students', text: 'Zeile\n.\nEnde', html: '<p>x</p>' }
  return { ...addressed, content: await composeMail({ ...addressed, ...words, date: new Date() }) }
}

const nothing = () => Promise.resolve()

async function failureOf(sending: Promise<unknown>): Promise<MailFailure> {
  const error: unknown = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof MailFailure, String(error))
  return error
}

describe('a mail by SMTP', () => {
  it('arrives whole, with both parts, a subject beyond ASCII and a line that is a dot', async () => {
    const server = await MailServer.start()
    const mail = await makeMail()
    let wasAnnounced = false
    const code = await createSmtpMailer({ url: server.url }).send(mail, async () => {
      assert.equal(server.taken.length, 0)
      wasAnnounced = true
    })
    assert.equal(code, 'SMTP_250')
    assert.ok(wasAnnounced)
    assert.equal(server.taken.length, 1)
    const taken = server.taken[0]!
    assert.deepEqual(taken.to, ['data@lincoln.example'])
    assert.equal(taken.content.trimEnd(), mail.content.toString().trimEnd().replaceAll(/\r?\n/g, '\r\n'))
    assert.match(taken.content, /^Message-ID: <delivery-1\.1@rollbook\.example>\r$/m)
    assert.match(taken.content, /text\/plain[\s\S]+text\/html/)
  })

  it('is not announced to an address that is refused, and is refused for good by a 5xx alone', async () => {
    const server = await MailServer.start()
    const mailer = createSmtpMailer({ url: server.url })
    for (const [responseCode, isFinal] of [
      [550, true],
      [451, false],
    ] as const) {
      server.conduct = { refuseRecipient: responseCode }
      const failure = await failureOf(mailer.send(await makeMail(), () => assert.fail('the content was begun')))
      assert.deepEqual([failure.code, failure.isFinal, failure.isInDoubt], [`SMTP_${responseCode}`, isFinal, false])
    }
  })

  it('that is refused after its content is certainly not there', async () => {
    const server = await MailServer.start()
    server.conduct = { refuse: 554 }
    const failure = await failureOf(createSmtpMailer({ url: server.url }).send(await makeMail(), nothing))
    assert.deepEqual([failure.code, failure.isFinal, failure.isInDoubt], ['SMTP_554', true, false])
  })

  it('is in doubt when the server dies after the content, whether it kept the mail or not', async () => {
    const server = await MailServer.start()
    for (const conduct of ['break', 'takeAndBreak'] as const) {
      server.conduct = conduct
      const failure = await failureOf(createSmtpMailer({ url: server.url }).send(await makeMail(), nothing))
      assert.deepEqual([failure.isFinal, failure.isInDoubt], [false, true], conduct)
    }
    assert.equal(server.taken.length, 1)
  })

  it('is not in doubt when nobody listens', async () => {
    const server = await MailServer.start()
    await server.close()
    const failure = await failureOf(createSmtpMailer({ url: server.url }).send(await makeMail(), nothing))
    assert.deepEqual([failure.isFinal, failure.isInDoubt], [false, false])
    assert.match(failure.code, /^SMTP_E[A-Z]+$/)
  })

  it('ends within its time when the server keeps silent', async () => {
    const server = await MailServer.start()
    let contents = 0
    const hasContent = (): boolean => contents > 0
    server.beforeAnswer = () => {
      contents += 1
      return new Promise(() => undefined)
    }
    // A busy machine may need longer than that to come as far as the content, of which doubt is.
    for (let timeLimitMs = 300; !hasContent(); timeLimitMs *= 2) {
      const mailer = createSmtpMailer({ url: server.url, timeLimitMs })
      const failure = await failureOf(mailer.send(await makeMail(), nothing))
      assert.equal(failure.code, 'SMTP_ETIMEDOUT')
      if (hasContent()) assert.equal(failure.isInDoubt, true)
    }
  })

  it('is not sent at all when our own side fails before the content', async () => {
    const server = await MailServer.start()
    const mailer = createSmtpMailer({ url: server.url })
    const sending = mailer.send(await makeMail(), () => Promise.reject(new Error('the database is away')))
    await assert.rejects(sending, /the database is away/)
    await mailer.send(await makeMail('second@lincoln.example'), nothing)
    assert.deepEqual(
      server.taken.map(({ to }) => to),
      [['second@lincoln.example']],
    )
  })

  it('is sent to a server that asks for a name and a password, and never with them in the clear', async () => {
    const logins: (string | null | undefined)[] = []
    const server = await MailServer.start({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        logins.push(username, password)
        done(null, { user: username })
      },
    })
    const near = server.url.replace('smtp://', 'smtp://rollbook:p%40ss@')
    assert.equal(await createSmtpMailer({ url: near }).send(await makeMail(), nothing), 'SMTP_250')
    assert.deepEqual(logins, ['rollbook', 'p@ss'])
    assert.equal(parseSmtpUrl('smtp://rollbook:secret@mail.lincoln.example').needsTls, true)
    const strict = await failureOf(
      createSmtpMailer({ url: `${near}/?requireTls=true` }).send(await makeMail(), nothing),
    )
    assert.match(strict.code, /^SMTP_/)
    assert.equal(logins.length, 2)
  })
})
