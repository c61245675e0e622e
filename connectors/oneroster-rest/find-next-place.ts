/** Where a collection goes on. It is kept with the page before it, and so may be read by another process. */
export type Place = {
  /** From 1. */
  readonly page: number
  /** Rows before it. */
  readonly offset: number
  /** Where the provider says that the page is, if it counts by something else than an offset. */
  readonly url?: string
  /** Of the page before it. */
  readonly digest: string
  /** Of the changes: rows that changed since then, in ISO 8601. */
  readonly since?: string
  /** Asked for changes, the provider gave others, too: from page 1 on everything is read. */
  readonly isUnheard?: true
  /** Whether as many rows came as the provider said there are. */
  readonly isTotalReached: boolean
}

export type PageSeen = {
  readonly url: URL
  readonly link: string | undefined
  readonly rows: number
  readonly total: number | undefined
  readonly digest: string
}

/**
 * The place behind a page; undefined where the collection has ended: after an empty page, and where a provider that sends
 * links sends none to go on. A short page ends nothing, for providers give fewer rows than they are asked for, and
 * neither does a total that is reached: it may be too small. Offsets count the rows that came.
 */
export function findNextPlace({ page, offset, since, isUnheard }: Place, seen: PageSeen): Place | undefined {
  const { url, link, rows, total, digest } = seen
  if (rows === 0) return undefined
  const reached = offset + rows
  const next: Place = {
    page: page + 1,
    offset: reached,
    digest,
    isTotalReached: total !== undefined && reached >= total,
    ...(since !== undefined && { since }),
    ...(isUnheard && { isUnheard }),
  }
  const target = findLink(link, 'next', url)
  if (target === undefined) return link === undefined || !/rel="?(first|last|prev|next)/.test(link) ? next : undefined
  // A link that leads back to its page, or somewhere else, is not followed; by offset it goes on all the same.
  if (target.href === url.href || target.origin !== url.origin || target.searchParams.has('offset')) return next
  return { ...next, url: target.href }
}

function findLink(header: string | undefined, rel: string, base: URL): URL | undefined {
  for (const [, href = '', parameters = ''] of header?.matchAll(/<([^>]*)>([^<]*)/g) ?? []) {
    if (new RegExp(`rel="?${rel}\\b`, 'i').test(parameters) && URL.canParse(href, base.href)) return new URL(href, base)
  }
  return undefined
}
