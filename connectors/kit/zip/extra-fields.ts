/** The data of the first extra field with that id; undefined when there is none or the fields do not hold together. */
export function findExtraField(extra: Buffer, id: number): Buffer | undefined {
  let position = 0
  while (position + 4 <= extra.length) {
    const end = position + 4 + extra.readUInt16LE(position + 2)
    if (end > extra.length) return undefined
    if (extra.readUInt16LE(position) === id) return extra.subarray(position + 4, end)
    position = end
  }
  return undefined
}

export type EntrySizes = {
  readonly expandedBytes: number
  readonly compressedBytes: number
  readonly headerOffset: number
}

const inExtraField = 0xffffffff

/**
 * Sizes with those that do not fit into 32 bits taken from the ZIP64 field, which holds only the ones that are marked,
 * in this order. Without the field the mark stays and no archive is that large, so that the bounds check refuses it.
 */
export function readBigSizes(zip64: Buffer | undefined, sizes: EntrySizes): EntrySizes {
  let position = 0
  const big = (size: number): number => {
    if (size !== inExtraField || zip64 === undefined || position + 8 > zip64.length) return size
    position += 8
    return Number(zip64.readBigUInt64LE(position - 8))
  }
  const expandedBytes = big(sizes.expandedBytes)
  const compressedBytes = big(sizes.compressedBytes)
  return { expandedBytes, compressedBytes, headerOffset: big(sizes.headerOffset) }
}
