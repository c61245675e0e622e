/** A character of C0 or C1, or delete; line breaks and tabs are text. PostgreSQL does not store the first of them. */
export const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

/** The text without them, a blank in their place: for what may have come in before it was refused. */
export function withoutControlCharacters(text: string): string {
  return text.replace(new RegExp(controlCharacter, 'g'), ' ')
}

/** The text without U+0000, which PostgreSQL keeps in no text. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '')
}

/** Whether PostgreSQL keeps it as it is: without U+0000, and no half of a pair of UTF-16. */
export function isWholeText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
