import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MailFailure, type Mailer } from './mailer.ts'

/**
 * Writes mails into a folder instead of sending them, one `.eml` each, whole or not at all. The name follows from the
 * message id: a mail that is sent again replaces itself.
 */
export function createFolderMailer(folder: string): Mailer {
  return {
    async send({ messageId, content }, beforeContent) {
      await beforeContent()
      const name = createHash('sha256').update(messageId).digest('hex').slice(0, 32)
      try {
        await mkdir(folder, { recursive: true })
        // A reader takes what ends in .eml: it must not see half of it.
        const unfinished = join(folder, `.${name}.part`)
        await writeFile(unfinished, content)
        await rename(unfinished, join(folder, `${name}.eml`))
      } catch (error) {
        throw new MailFailure('FOLDER_UNWRITABLE', { isFinal: false, isInDoubt: false }, { cause: error })
      }
      return 'WRITTEN'
    },
  }
}
