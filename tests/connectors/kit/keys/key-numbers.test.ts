import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NamelessFile } from '../../../../connectors/kit/keys/nameless-file.ts'
import { KeyNumbers } from '../../../../connectors/kit/keys/key-numbers.ts'

const half = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))

describe('numbers for keys', () => {
  it('are those a map would have given, in the order of the first time', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(half, half), { maxLength: 3000 }), (given) => {
        const numbers = new KeyNumbers()
        const expected = new Map<string, number>()
        for (const [hi, lo] of given) {
          const text = `${hi}/${lo}`
          assert.equal(numbers.find(hi, lo), expected.get(text) ?? -1)
          if (!expected.has(text)) expected.set(text, expected.size)
          assert.equal(numbers.give(hi, lo), expected.get(text))
        }
        assert.equal(numbers.size, expected.size)
      }),
      { numRuns: 30 },
    )
  })

  it('stay the same through every growth', () => {
    const numbers = new KeyNumbers()
    // Halves that differ in their upper bits alone ask for the same slot at first.
    for (let index = 0; index < 20_000; index++) assert.equal(numbers.give(index << 12, index), index)
    for (let index = 0; index < 20_000; index++) assert.equal(numbers.find(index << 12, index), index)
    assert.equal(numbers.find(1, 1), -1)
  })

  it('take halves with and without a sign for the same', () => {
    const numbers = new KeyNumbers()
    assert.equal(numbers.give(0xffff_fff0, 0x8000_0001), 0)
    assert.equal(numbers.find(0xffff_fff0 | 0, 0x8000_0001 | 0), 0)
  })

  it('are the same with the keys in a file', () => {
    const file = new NamelessFile()
    try {
      const [inMemory, inFile] = [new KeyNumbers(), new KeyNumbers(file)]
      const count = 400_000
      const halvesOf = (index: number) =>
        [Math.imul(index >> 1, 0x9e3779b1), Math.imul(index >> 2, 0x85ebca6b)] as const
      for (let index = 0; index < count; index++) {
        const [hi, lo] = halvesOf(index)
        if (inFile.give(hi, lo) !== inMemory.give(hi, lo)) assert.fail(String(index))
      }
      for (let index = count * 2; index > 0; index -= 7) {
        const [hi, lo] = halvesOf(index)
        if (inFile.find(hi, lo) !== inMemory.find(hi, lo)) assert.fail(String(index))
      }
      assert.equal(inFile.size, count / 2)
    } finally {
      file.close()
    }
  })
})
