/**
 * Records that are made when they are asked for: record `index` alone, in any order, the same each time. A package can
 * be streamed and page 900 of 1,000 served without the others being made, and neither needs memory.
 */
export type Listing<R> = {
  readonly size: number
  /** `index` from 0; throws RangeError outside the listing. */
  at(index: number): R
}

export function makeListing<R>(size: number, make: (index: number) => R): Listing<R> {
  return {
    size,
    at(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError('no such record')
      return make(index)
    },
  }
}

export function listingOf<R>(records: readonly R[]): Listing<R> {
  return makeListing(records.length, (index) => {
    const record = records[index]
    if (record === undefined) throw new RangeError('no such record')
    return record
  })
}

/** One after the other. */
export function joinListings<R>(...parts: readonly Listing<R>[]): Listing<R> {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  return makeListing(size, (index) => {
    let left = index
    for (const part of parts) {
      if (left < part.size) return part.at(left)
      left -= part.size
    }
    throw new RangeError('no such record')
  })
}

export function* eachOf<R>(listing: Listing<R>): Generator<R> {
  for (let index = 0; index < listing.size; index++) yield listing.at(index)
}
