import { ArchiveDamage } from './archive-damage.ts'
import type { ZipLimits } from './zip-limits.ts'

/**
 * Counts what really comes out of an archive. What the directory says about sizes is not asked, because the maker of
 * a bomb writes it. An entry that is read twice counts once.
 */
export class ExpansionBudget {
  readonly #limits: ZipLimits
  readonly #seenBytes = new Map<number, number>()
  #totalBytes = 0
  #totalCompressedBytes = 0

  constructor(limits: ZipLimits) {
    this.#limits = limits
  }

  /** Throws ArchiveDamage when the entry, or all entries together, have become too much. */
  count(index: number, name: string, compressedBytes: number, expandedBytes: number): void {
    const limits = this.#limits
    const seenBytes = this.#seenBytes.get(index)
    if (seenBytes === undefined) this.#totalCompressedBytes += compressedBytes
    if (expandedBytes > (seenBytes ?? -1)) {
      this.#totalBytes += expandedBytes - (seenBytes ?? 0)
      this.#seenBytes.set(index, expandedBytes)
    }
    if (expandedBytes > limits.entryBytes) {
      throw new ArchiveDamage({
        kind: 'entryTooLarge',
        entry: name,
        detail: `limit ${String(limits.entryBytes)} bytes`,
      })
    }
    if (this.#totalBytes > limits.totalBytes) {
      throw new ArchiveDamage({
        kind: 'totalTooLarge',
        entry: name,
        detail: `limit ${String(limits.totalBytes)} bytes`,
      })
    }
    // The sums are held to the ratio too: a thousand small bombs are one large one.
    const isBomb =
      this.#exceedsRatio(expandedBytes, compressedBytes) ||
      this.#exceedsRatio(this.#totalBytes, this.#totalCompressedBytes)
    if (isBomb) {
      throw new ArchiveDamage({ kind: 'ratioTooHigh', entry: name, detail: `limit ${String(limits.ratio)} to 1` })
    }
  }

  #exceedsRatio(expandedBytes: number, compressedBytes: number): boolean {
    return expandedBytes > this.#limits.ratioFreeBytes && expandedBytes > compressedBytes * this.#limits.ratio
  }
}
