/** Where somebody stands in a collection. */
export type Place = { readonly offset: number; readonly limit: number; readonly total: number }

/**
 * The `Link` header of a page: first and last, next while there is more, prev once there was something. `url` is that
 * of the request; its other parameters go along.
 */
export function linkHeader(url: URL, { offset, limit, total }: Place): string {
  const last = Math.max(0, Math.ceil(total / limit) - 1) * limit
  const links: [rel: string, offset: number][] = []
  if (offset + limit < total) links.push(['next', offset + limit])
  links.push(['last', last], ['first', 0])
  if (offset > 0) links.push(['prev', Math.max(0, offset - limit)])
  return links.map(([rel, at]) => `<${urlOfPage(url, at, limit)}>; rel="${rel}"`).join(', ')
}

export function urlOfPage(url: URL, offset: number, limit: number): string {
  const page = new URL(url)
  page.searchParams.set('limit', String(limit))
  page.searchParams.set('offset', String(offset))
  // A space as %20: not every client that signs takes a plus for one.
  return page.href.replaceAll('+', '%20')
}
