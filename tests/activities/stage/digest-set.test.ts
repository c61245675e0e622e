import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Hash64 } from '../../../domain/hash64.ts'
import { NamelessFile } from '../../../connectors/kit/keys/nameless-file.ts'
import { DigestSet, digestText } from '../../../activities/stage/digest-set.ts'

const half = fc.integer({ min: 0, max: 0xffffffff })
/** Few distinct values, so that digests repeat and share halves; zero among them. */
const narrowHalf = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), half)
const digests = fc.array(fc.tuple(narrowHalf, narrowHalf), { maxLength: 300 })

describe('a set of held digests', () => {
  it('knows what was added, and lists exactly what was never seen again', () => {
    fc.assert(
      fc.property(digests, digests, (held, shown) => {
        const set = new DigestSet()
        for (const [hi, lo] of held) set.add(hi, lo)
        const model = new Map(held.map(([hi, lo]) => [digestText(hi, lo), false]))
        for (const [hi, lo] of shown) {
          const text = digestText(hi, lo)
          assert.equal(set.see(hi, lo), model.has(text))
          if (model.has(text)) model.set(text, true)
        }
        const unseen = [...model].filter(([, isSeen]) => !isSeen).map(([text]) => text)
        assert.deepEqual([...set.listUnseen()].toSorted(), unseen.toSorted())
      }),
    )
  })

  it('forgets that it saw what is taken back', () => {
    fc.assert(
      fc.property(digests, digests, digests, (held, shown, takenBack) => {
        const set = new DigestSet()
        for (const [hi, lo] of held) set.add(hi, lo)
        for (const [hi, lo] of shown) set.see(hi, lo)
        const known = new Set(held.map(([hi, lo]) => digestText(hi, lo)))
        const unseen = new Set(known)
        for (const [hi, lo] of shown) unseen.delete(digestText(hi, lo))
        for (const [hi, lo] of takenBack) {
          const text = digestText(hi, lo)
          assert.equal(set.unsee(hi, lo), known.has(text))
          if (known.has(text)) unseen.add(text)
        }
        assert.deepEqual([...set.listUnseen()].toSorted(), [...unseen].toSorted())
      }),
    )
  })

  it('holds them even when they crowd together, with their marks as it grows', () => {
    const set = new DigestSet()
    for (let number = 0; number < 10_000; number++) {
      set.add(number, 7)
      if (number % 2 === 0) assert.equal(set.see(number, 7), true)
    }
    assert.equal([...set.listUnseen()].length, 5_000)
    for (let number = 0; number < 10_000; number++) assert.equal(set.see(number, 7), true)
    assert.deepEqual([...set.listUnseen()], [])
    assert.equal(set.size, 10_000)
  })

  it('knows them in the order in which they came, with some left out, and in any other', () => {
    const digestOf = (number: number) => new Hash64().reset().text(String(number)).finish()
    const set = new DigestSet()
    for (let number = 0; number < 40_000; number++) set.add(digestOf(number).hi, digestOf(number).lo)
    for (let number = 0; number < 40_000; number++) {
      const { hi, lo } = digestOf(number % 10 === 3 ? number + 100_000 : number)
      assert.equal(set.see(hi, lo), number % 10 !== 3)
    }
    assert.equal([...set.listUnseen()].length, 4_000)
    for (let number = 39_993; number > 0; number -= 10)
      assert.equal(set.see(digestOf(number).hi, digestOf(number).lo), true)
    assert.deepEqual([...set.listUnseen()], [])
  })

  it('takes about thirteen bytes a digest', () => {
    const set = new DigestSet()
    const hash = new Hash64()
    for (let number = 0; number < 200_000; number++) {
      const { hi, lo } = hash.reset().text(String(number)).finish()
      set.add(hi, lo)
    }
    assert.ok(set.byteLength / set.size < 9, `${set.byteLength / set.size} bytes`)
    assert.equal(set.see(1, 1), false)
    assert.ok(set.byteLength / set.size < 14, `${set.byteLength / set.size} bytes`)
  })

  it('writes a digest as the signed number that PostgreSQL takes', () => {
    assert.equal(digestText(0, 1), '1')
    assert.equal(digestText(0xffffffff, 0xffffffff), '-1')
    assert.equal(digestText(0x80000000, 0), '-9223372036854775808')
  })

  it('is the same with most of them in a file, in the order in which they came and in any other', () => {
    const file = new NamelessFile()
    try {
      const [inMemory, inFile] = [new DigestSet(), new DigestSet(file)]
      const count = 1_500_000
      const digestOf = (number: number) => [Math.imul(number, 0x9e3779b1), Math.imul(number, 0x85ebca6b)] as const
      for (let number = 0; number < count; number++) {
        const [hi, lo] = digestOf(number)
        inMemory.add(hi, lo)
        inFile.add(hi, lo)
      }
      assert.ok(inFile.byteLength < inMemory.byteLength, `${inFile.byteLength} of ${inMemory.byteLength} bytes`)
      const look = (number: number) => {
        const [hi, lo] = digestOf(number)
        const [expected, found] = [inMemory.see(hi, lo), inFile.see(hi, lo)]
        if (found !== expected) assert.fail(String(number))
      }
      for (let number = 0; number < count; number += number % 1000 === 0 ? 2 : 1) look(number)
      for (let number = count + 1000; number > 0; number -= 501) look(number)
      for (let number = 0; number < count; number += 9973) {
        const [hi, lo] = digestOf(number)
        assert.equal(inFile.unsee(hi, lo), inMemory.unsee(hi, lo))
      }
      const [expected, found] = [[...inMemory.listUnseen()], [...inFile.listUnseen()]]
      assert.ok(expected.length > 100)
      assert.deepEqual(found, expected)
    } finally {
      file.close()
    }
  })
})
