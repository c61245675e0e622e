/** A mail as it goes out: headers and bodies are made already (compose-mail.ts). */
export type OutgoingMail = {
  /** Stays the same when a mail is sent again, so that a copy is recognised. */
  readonly messageId: string
  readonly from: string
  readonly to: string
  /** The whole message, RFC 5322. */
  readonly content: Buffer
}

/** Sends mails. Throws a MailFailure for what it did not get rid of. */
export interface Mailer {
  /**
   * Resolves with the answer as a code when the mail was taken. `beforeContent` is awaited after the recipient was accepted and
   * before the first byte of the message: until it returns, the other side certainly has no mail.
   */
  send(mail: OutgoingMail, beforeContent: () => Promise<void>): Promise<string>
}

/** A mail that was not, or perhaps not, taken. Carries a code and no word of the server: it may repeat an address. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure'
  /** `SMTP_550`, `SMTP_ECONNECTION`. */
  readonly code: string
  /** The server refused this mail for good: trying again is of no use. */
  readonly isFinal: boolean
  /** It broke off where the server may have taken the mail. */
  readonly isInDoubt: boolean

  constructor(code: string, facts: { readonly isFinal: boolean; readonly isInDoubt: boolean }, options?: ErrorOptions) {
    super(`The mail was not taken (${code}).`, options)
    this.code = code
    this.isFinal = facts.isFinal
    this.isInDoubt = facts.isInDoubt
  }
}
