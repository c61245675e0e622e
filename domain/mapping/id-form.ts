const digits = '0123456789'
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** By which characters the form of an id is made, for SQL to make the same (`translate`). */
export const idFormCharacters = {
  from: `${digits}${letters}`,
  to: '9'.repeat(digits.length) + 'a'.repeat(letters.length),
} as const

/** Whether an id is of one of the forms, made once for the ids of a whole file. */
export function compileForms(forms: ReadonlySet<string>): (id: string) => boolean {
  if (forms.size === 0) return () => false
  const classes: Readonly<Record<string, string>> = { '9': '[0-9]', a: '[A-Za-z]' }
  const patterns = [...forms].map((form) =>
    Array.from(form, (character) => classes[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join(
      '',
    ),
  )
  const pattern = new RegExp(`^(?:${patterns.join('|')})$`, 'u')
  return (id) => pattern.test(id)
}

/** What an id looks like: `S-00417` is `a-99999`. Two ids of one system have one of a few forms. */
export function formOfId(id: string): string {
  return id.replace(/[0-9]/g, '9').replace(/[A-Za-z]/g, 'a')
}
