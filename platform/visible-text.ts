/**
 * What moves a cursor, clears a screen or turns the direction of what follows: C0 and C1 besides tab and line feed,
 * delete, and the embeddings, overrides and isolates of bidirectional text. Marks of direction for one character
 * (U+200E, U+200F) belong to names and stay.
 */
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** Text for a terminal or a mail, with U+FFFD in the place of what would act there instead of being read. */
export function showText(text: string): string {
  return text.replace(acting, '\ufffd')
}

/** JSON for a terminal or a log: the same document, in which nothing acts where it is shown. */
export function showJson(json: string): string {
  return json.replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
