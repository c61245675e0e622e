import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { hasFailed, listUnsteadyFiles } from '../harness/unsteady-files.ts'

const passed = (testFilePath: string) => ({ testFilePath, numFailingTests: 0, testExecError: null })
const failed = (testFilePath: string) => ({ testFilePath, numFailingTests: 2, testExecError: null })
const died = (testFilePath: string) => ({ testFilePath, numFailingTests: 0, testExecError: { message: 'ended' } })

describe('files that are run once more, alone', () => {
  it('are those in which a test failed, and those that could not be run', () => {
    deepStrictEqual(listUnsteadyFiles([passed('a'), failed('b'), died('c')]), ['b', 'c'])
    deepStrictEqual(listUnsteadyFiles([passed('a')]), [])
    strictEqual(hasFailed({ testFilePath: 'a', numFailingTests: 0 }), false)
  })

  it('are none when four failed at once: that is no race', () => {
    deepStrictEqual(listUnsteadyFiles(['a', 'b', 'c'].map(failed)), ['a', 'b', 'c'])
    deepStrictEqual(listUnsteadyFiles(['a', 'b', 'c', 'd'].map(failed)), [])
  })
})
