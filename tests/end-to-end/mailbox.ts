import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Eml = { readonly name: string; readonly subject: string; readonly to: string; readonly text: string }

/** The mails that a stack wrote, with their bodies decoded, oldest name first. */
export function readMails(folder: string): Eml[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => {
      const raw = readFileSync(join(folder, name), 'utf8')
      const [head = ''] = raw.split('\r\n\r\n')
      const header = (field: string) =>
        decodeWords(new RegExp(`^${field}: (.*(?:\r\n[ \t].*)*)`, 'm').exec(head)?.[1] ?? '')
      return { name, subject: header('Subject'), to: header('To'), text: decodeQuoted(raw) }
    })
}

function decodeQuoted(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

/** RFC 2047, as far as our subjects need it. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?=\r\n[ \t]=\?UTF-8\?Q\?/gi, '')
    .replaceAll(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_, word: string) => decodeQuoted(word.replaceAll('_', ' ')))
    .replaceAll(/\r\n[ \t]/g, ' ')
}
