import { z } from '@hono/zod-openapi'
import { controlCharacter } from '../../domain/control-characters.ts'

/**
 * Text that people write: blanks at its ends removed, at most so many characters, and none that a terminal, a mail or
 * PostgreSQL cannot show; line breaks and tabs are text.
 */
export function freeText(maxLength: number) {
  return z.string().trim().max(maxLength).refine(isPlain, 'A control character is in it; leave it out.')
}

function isPlain(text: string): boolean {
  return !controlCharacter.test(text)
}
