import MailComposer from 'nodemailer/lib/mail-composer'
import { showText } from './visible-text.ts'

export type MailText = {
  readonly messageId: string
  readonly from: string | { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly date: Date
}

/**
 * The message of a mail with a plain and an HTML part. Marked as sent by a machine (RFC 3834), so that nobody's absence
 * notice answers it. Characters that would act in a mailbox or a terminal are shown as U+FFFD.
 */
export function composeMail({ messageId, from, to, subject, text, html, date }: MailText): Promise<Buffer> {
  const composer = new MailComposer({
    messageId,
    from,
    to,
    subject: showText(subject),
    alternatives: [toPart('text/plain', showText(text)), toPart('text/html', showText(html))],
    date,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    // Nothing of a mail is ever read from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** SMTP takes lines of 998 bytes; what is plain ASCII goes as it is, so that a link can be read in the message itself. */
const longestLine = 900

function toPart(type: 'text/plain' | 'text/html', content: string) {
  const isPlain = /^[\t\n\x20-\x7e]*$/.test(content) && content.split('\n').every(({ length }) => length < longestLine)
  return {
    contentType: `${type}; charset=utf-8`,
    content,
    contentTransferEncoding: isPlain ? ('7bit' as const) : ('quoted-printable' as const),
  }
}
