import type { ArchiveFaultKind } from './archive-fault.ts'
import { ArchiveDamage } from './archive-damage.ts'
import type { ZipLimits } from './zip-limits.ts'

type Seen = { expandedBytes: number; readonly compressedBytes: number }

/**
 * Counts what really comes out of an archive. What the directory says about sizes is not asked, because the maker of
 * a bomb writes it. An entry that is read twice counts once.
 */
export class ExpansionBudget {
  readonly #limits: ZipLimits
  readonly #seen = new Map<number, Seen>()
  #expandedBytes = 0
  #compressedBytes = 0

  constructor(limits: ZipLimits) {
    this.#limits = limits
  }

  /** Throws ArchiveDamage when the entry, or all entries together, have become too much. */
  count(index: number, name: string, compressedBytes: number, expandedBytes: number): void {
    const { entryBytes, totalBytes, ratio } = this.#limits
    this.#add(index, compressedBytes, expandedBytes)
    if (expandedBytes > entryBytes) this.#refuse(index, name, 'entryTooLarge', `limit ${String(entryBytes)} bytes`)
    if (this.#expandedBytes > totalBytes)
      this.#refuse(index, name, 'totalTooLarge', `limit ${String(totalBytes)} bytes`)
    // The sums are held to the ratio too: a thousand small bombs are one large one.
    const isBomb =
      this.#exceedsRatio(expandedBytes, compressedBytes) ||
      this.#exceedsRatio(this.#expandedBytes, this.#compressedBytes)
    if (isBomb) this.#refuse(index, name, 'ratioTooHigh', `limit ${String(ratio)} to 1`)
  }

  #add(index: number, compressedBytes: number, expandedBytes: number): void {
    const seen = this.#seen.get(index)
    if (seen === undefined) {
      this.#seen.set(index, { expandedBytes, compressedBytes })
      this.#compressedBytes += compressedBytes
      this.#expandedBytes += expandedBytes
    } else if (expandedBytes > seen.expandedBytes) {
      this.#expandedBytes += expandedBytes - seen.expandedBytes
      seen.expandedBytes = expandedBytes
    }
  }

  /** The refused entry counts no longer, or every entry read after it would be refused for it. */
  #refuse(index: number, name: string, kind: ArchiveFaultKind, detail: string): never {
    const seen = this.#seen.get(index)
    this.#seen.delete(index)
    this.#expandedBytes -= seen?.expandedBytes ?? 0
    this.#compressedBytes -= seen?.compressedBytes ?? 0
    throw new ArchiveDamage({ kind, entry: name, detail })
  }

  #exceedsRatio(expandedBytes: number, compressedBytes: number): boolean {
    return expandedBytes > this.#limits.ratioFreeBytes && expandedBytes > compressedBytes * this.#limits.ratio
  }
}
