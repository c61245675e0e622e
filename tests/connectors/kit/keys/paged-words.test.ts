import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { NamelessFile } from '../../../../connectors/kit/keys/nameless-file.ts'
import { PagedWords } from '../../../../connectors/kit/keys/paged-words.ts'
import { countOpenFiles, hasOpenFiles } from '../../../fixtures/open-files.ts'

const recordsOfPage = 4096
const count = recordsOfPage * 6
const itCountingFiles = hasOpenFiles ? it : it.skip

function fill(words: PagedWords): void {
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const page = words.seekToWrite(ordinal)
    page[words.at] = ordinal
    page[words.at + 1] = ~ordinal
  }
}

function read(words: PagedWords, ordinal: number): readonly (number | undefined)[] {
  const page = words.seek(ordinal)
  return [page[words.at], page[words.at + 1]]
}

describe('records of words, most of them in a file', () => {
  let folder = ''
  let file: NamelessFile
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollbook-pages-'))
    file = new NamelessFile(folder)
  })
  afterEach(() => {
    file.close()
    rmSync(folder, { recursive: true })
  })

  const ordinal = fc.integer({ min: 0, max: count - 1 })
  /** A record, one of those behind it, or a whole stretch; read or written. */
  const access = fc.record({ ordinal, length: fc.constantFrom(1, 1, 60, 5000), isWrite: fc.boolean() })

  it('are what was written last, in whatever order they are read and written', () => {
    fc.assert(
      fc.property(fc.array(access, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (accesses, pagesInMemory) => {
        const words = new PagedWords(2, { file, pagesInMemory })
        fill(words)
        const written = new Map<number, number>()
        for (const [turn, { ordinal: from, length, isWrite }] of accesses.entries()) {
          for (let at = from; at < Math.min(from + length, count); at++) {
            if (isWrite) {
              words.seekToWrite(at)[words.at + 1] = turn
              written.set(at, turn)
              if (words.byteLength > pagesInMemory * recordsOfPage * 8) assert.fail('too many pages in memory')
            } else {
              const found = read(words, at)
              if (found[0] !== at || found[1] !== (written.get(at) ?? ~at)) assert.fail(`${at}: ${found.join()}`)
            }
          }
        }
        for (let at = 0; at < count; at++) {
          const found = read(words, at)
          if (found[0] !== at || found[1] !== (written.get(at) ?? ~at)) assert.fail(`${at}: ${found.join()}`)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('share one file with others', () => {
    const [one, other] = [new PagedWords(2, { file, pagesInMemory: 1 }), new PagedWords(2, { file, pagesInMemory: 1 })]
    fill(one)
    fill(other)
    other.seekToWrite(5)[other.at + 1] = 7
    for (let at = 0; at < count; at += 97) assert.deepEqual(read(one, at), [at, ~at])
    assert.deepEqual(read(other, 5), [5, 7])
  })

  itCountingFiles('open a file only when there are more than the memory takes, and leave no name in the folder', () => {
    const words = new PagedWords(2, { file, pagesInMemory: 6 })
    fill(words)
    assert.equal(countOpenFiles(folder), 0)
    words.seekToWrite(count)
    assert.equal(countOpenFiles(folder), 1)
    assert.deepEqual(readdirSync(folder), [])
    file.close()
    assert.equal(countOpenFiles(folder), 0)
  })

  it('tell of a record that is not there', () => {
    assert.throws(() => new PagedWords(2, { file }).seek(0), RangeError)
    assert.throws(() => new PagedWords(2, { file }).seekToWrite(count), RangeError)
  })

  it('throw the error of the file system where there is no room', () => {
    const words = new PagedWords(2, { file: new NamelessFile(join(folder, 'missing')), pagesInMemory: 1 })
    assert.throws(() => fill(words), { code: 'ENOENT' })
  })
})
