import { composeMail } from '../../platform/compose-mail.ts'
import { MailFailure } from '../../platform/mailer.ts'
import type { NotificationActivities } from '../interface.ts'
import { attemptDelivery } from './attempt-delivery.ts'
import { describeEvent } from './describe-event.ts'
import type { NotificationDependencies } from './notification-dependencies.ts'
import { renderHtml, renderText } from './render-notice.ts'

/**
 * A mail is sent again when it is not sure that it arrived, and then with the message id it had: a mailbox that was sent a
 * copy can tell. All that a mail is made of is stored, so a copy is the same to the byte.
 */
export function createSendMail(dependencies: NotificationDependencies): NotificationActivities['sendMail'] {
  const { mailer, mailFrom, publicUrl } = dependencies
  const domain = mailFrom.slice(mailFrom.lastIndexOf('@') + 1)
  return (ref) =>
    attemptDelivery(dependencies, ref, async ({ delivery, event, district, beforeContent }) => {
      if (mailer === undefined) return { state: 'gaveUp', code: 'MAIL_NOT_CONFIGURED', isInDoubt: false }
      const to = delivery.recipient ?? ''
      const messageId = `<${delivery.id}.${delivery.round}@${domain}>`
      const notice = describeEvent(event, district, publicUrl)
      const content = await composeMail({
        messageId,
        from: { name: 'Rollbook', address: mailFrom },
        to,
        subject: notice.subject,
        text: renderText(notice),
        html: renderHtml(notice),
        date: event.occurredAt,
      })
      try {
        const code = await mailer.send({ messageId, from: mailFrom, to, content }, beforeContent)
        return { state: 'sent', code, isInDoubt: false }
      } catch (error) {
        if (!(error instanceof MailFailure)) throw error
        const { code, isFinal, isInDoubt } = error
        return { state: isFinal ? 'gaveUp' : 'pending', code, isInDoubt }
      }
    })
}
