import pg from 'pg'

/** For statements that take no parameters (COPY), and for names of custom fields, which an operator chose. */
export function quoteLiteral(text: string): string {
  return pg.escapeLiteral(text)
}
