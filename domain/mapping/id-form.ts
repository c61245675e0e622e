const digits = '0123456789'
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** By which characters the form of an id is made, for SQL to make the same (`translate`). */
export const idFormCharacters = {
  from: `${digits}${letters}`,
  to: '9'.repeat(digits.length) + 'a'.repeat(letters.length),
} as const

/** What an id looks like: `S-00417` is `a-99999`. Two ids of one system have one of a few forms. */
export function formOfId(id: string): string {
  return id.replace(/[0-9]/g, '9').replace(/[A-Za-z]/g, 'a')
}
