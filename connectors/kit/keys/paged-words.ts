import type { NamelessFile } from './nameless-file.ts'

const pageBits = 12
const pageMask = (1 << pageBits) - 1
/** A record whose page is not in memory is read alone, until so many of that page were asked for one after the other. */
const mostReadAlone = 32

/**
 * Records of a few words, by ordinal. Without a file all are in memory; with one, the pages that came last. Made for
 * records that are mostly asked for in the order in which they came: any other order costs a read of the file a record.
 * Throws what the file throws.
 */
export class PagedWords {
  /** Where the record that was sought last begins in the words that were given. */
  at = 0
  readonly #wordsOfRecord: number
  readonly #file: NamelessFile | undefined
  readonly #mostLoaded: number
  readonly #pages: (Int32Array | undefined)[] = []
  /** Where the file has each page; kept only where there is a file, as what follows. */
  readonly #places: number[] = []
  /** Numbers of the pages in memory, the one that was loaded first at the front. */
  readonly #loaded: number[] = []
  readonly #changed = new Set<number>()
  readonly #alone: Int32Array
  #askedPage = -1
  #askedTimes = 0

  /** `pagesInMemory`: of 4,096 records each, where there is a file. */
  constructor(
    wordsOfRecord: number,
    { file, pagesInMemory = 32 }: { readonly file?: NamelessFile | undefined; readonly pagesInMemory?: number } = {},
  ) {
    this.#wordsOfRecord = wordsOfRecord
    this.#file = file
    this.#mostLoaded = pagesInMemory
    this.#alone = new Int32Array(wordsOfRecord)
  }

  /** Bytes held in memory, for tests. */
  get byteLength(): number {
    return this.#pages.reduce((sum, page) => sum + (page?.byteLength ?? 0), 0)
  }

  /** For reading: words in which the record begins at `at`, valid until the next call. It must have been given room. */
  seek(ordinal: number): Int32Array {
    const page = this.#pages[ordinal >>> pageBits]
    if (page === undefined) return this.#seekInFile(ordinal)
    this.at = (ordinal & pageMask) * this.#wordsOfRecord
    return page
  }

  /** For writing: as `seek`, and what is written there stays. Gives the record room where it is the next one. */
  seekToWrite(ordinal: number): Int32Array {
    const number = ordinal >>> pageBits
    const page = this.#pages[number] ?? (number === this.#pages.length ? this.#add() : this.#load(number))
    if (this.#file !== undefined) this.#changed.add(number)
    this.at = (ordinal & pageMask) * this.#wordsOfRecord
    return page
  }

  #add(): Int32Array {
    const page = this.#makeRoom()?.fill(0) ?? this.#makePage()
    if (this.#file !== undefined) this.#places.push(this.#file.reserve(page.byteLength))
    this.#loaded.push(this.#pages.push(page) - 1)
    return page
  }

  #seekInFile(ordinal: number): Int32Array {
    const number = ordinal >>> pageBits
    this.#askedTimes = number === this.#askedPage ? this.#askedTimes + 1 : 1
    this.#askedPage = number
    const at = (ordinal & pageMask) * this.#wordsOfRecord
    if (this.#askedTimes > mostReadAlone) {
      this.at = at
      return this.#load(number)
    }
    const place = this.#places[number]
    if (place === undefined) throw new RangeError('there is no such record')
    this.#file?.read(place + at * Int32Array.BYTES_PER_ELEMENT, this.#alone)
    this.at = 0
    return this.#alone
  }

  #load(number: number): Int32Array {
    const place = this.#places[number]
    if (place === undefined) throw new RangeError('there is no such record')
    const page = this.#makeRoom() ?? this.#makePage()
    this.#file?.read(place, page)
    this.#pages[number] = page
    this.#loaded.push(number)
    return page
  }

  /** The page that was loaded first, when there are enough: its words are in the file then. */
  #makeRoom(): Int32Array | undefined {
    if (this.#file === undefined || this.#loaded.length < this.#mostLoaded) return undefined
    const number = this.#loaded.shift() ?? 0
    const page = this.#pages[number]
    const place = this.#places[number]
    if (page === undefined || place === undefined) return undefined
    if (this.#changed.delete(number)) this.#file.write(place, page)
    this.#pages[number] = undefined
    return page
  }

  #makePage(): Int32Array {
    return new Int32Array((pageMask + 1) * this.#wordsOfRecord)
  }
}
