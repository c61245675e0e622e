import { trimText } from '../../../../domain/normalize-text.ts'

/** The items of comma-separated lists, each once, in their order. */
export function uniteLists(...lists: readonly string[]): readonly string[] {
  const items = lists.flatMap((list) => list.split(',')).map(trimText)
  return [...new Set(items.filter((item) => item !== ''))]
}
