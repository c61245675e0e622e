/**
 * The operationId of a route that names none, out of its method and address: `getRun`, `getRuns`, `postRunRerun`. Clients
 * generate the names of their functions from it, so that it changes only with the address.
 */
export function nameOperation(method: string, path: string): string {
  const words: string[] = []
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== 'api')
  for (const [at, segment] of segments.entries()) {
    const isOne = segments[at + 1]?.startsWith('{') ?? false
    if (!segment.startsWith('{')) words.push(isOne ? toSingular(segment) : segment)
    // The second of two says which one of those that the first named.
    else if (segments[at - 1]?.startsWith('{') === true) words.push(`by-${segment.slice(1, -1)}`)
  }
  return method + words.map(toPascal).join('')
}

function toSingular(word: string): string {
  return word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
}

function toPascal(words: string): string {
  return words
    .split(/[-.]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
}
