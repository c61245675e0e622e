import { withoutNul } from './control-characters.ts'

/** White space of Unicode that JavaScript's `trim` leaves: next line, and the zero-width space that senders leave behind. */
const nextLine = 0x85
const zeroWidthSpace = 0x200b

/** Without white space at its ends: all of Unicode's, U+FEFF and U+200B. */
export function trimText(text: string): string {
  let trimmed = text.trim()
  while (isOddBlank(trimmed.charCodeAt(0)) || isOddBlank(trimmed.charCodeAt(trimmed.length - 1))) {
    trimmed = trimmed.replace(/^[\u0085\u200b]+|[\u0085\u200b]+$/g, '').trim()
  }
  return trimmed
}

/**
 * A value as it is kept, compared and searched for: in Unicode's composed form (NFC), line breaks turned into spaces
 * (C-05), nothing blank at its ends (C-11), without U+0000, which PostgreSQL does not keep (C-10), and with U+FFFD for half a character, as
 * UTF-8 would have it. One name written in two ways would be two names, and one id two ids.
 */
export function normalizeText(text: string): string {
  // Most values are; it is asked of each of a million.
  if (isPlain.test(text)) return text
  return trimText(
    withoutNul(text)
      .toWellFormed()
      .replace(/\r\n|\r|\n/g, ' '),
  ).normalize('NFC')
}

/** Of ASCII alone, without control characters, and nothing blank at its ends. */
const isPlain = /^(?:[!-~](?:[ -~]*[!-~])?)?$/

function isOddBlank(code: number): boolean {
  return code === nextLine || code === zeroWidthSpace
}
