import type { KeptPart } from '../connector.ts'

/** What came of a collection. `repeated`: once more, and not with a whole page that came twice. */
export type RecordsCounted = { readonly different: number; readonly repeated: number; readonly withoutId: number }

/**
 * Why the pages of a collection do not prove that every record was in them; undefined where they do: they were read to
 * their end, the provider said on each the same total, and so many records with different ids came, each of them once.
 * Where rows move while the pages are read, one of these is wrong.
 */
export function findMismatch(
  collection: string,
  parts: readonly KeptPart[],
  { different, repeated, withoutId }: RecordsCounted,
): string | undefined {
  const totals = [
    ...new Set(parts.filter(({ facts }) => facts['end'] === undefined).map(({ facts }) => facts['total'])),
  ]
  const [total] = totals
  const again = repeated === 0 ? '' : `, and ${repeated} came once more`
  const came = `${different} different ones came${again}`
  if (parts.at(-1)?.next !== null) return `The pages of ${collection} were not read to their end; ${came}.`
  if (totals.includes(undefined)) {
    return `The provider does not say on each page how many records of ${collection} there are (X-Total-Count); ${came}.`
  }
  if (totals.length > 1) {
    return `The provider said from page to page that there are ${totals.join(', then ')} records of ${collection}; ${came}.`
  }
  const said = `The provider said that there are ${total} records of ${collection}`
  if (withoutId > 0) return `${said}; ${came}, and ${withoutId} without an id.`
  return total === String(different) && repeated === 0 ? undefined : `${said}; ${came}.`
}
