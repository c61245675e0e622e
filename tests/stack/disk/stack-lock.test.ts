import { ok, strictEqual, throws } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAbandoned, lockDirectory, lockName } from '../../../stack/disk/stack-lock.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { root } from '../../../stack/root.ts'

describe('the lock of a stack', () => {
  let place: string
  let remove: () => void

  beforeEach(() => {
    const folder = makeTemporaryDirectory()
    place = join(folder.path, 'stack')
    mkdirSync(place)
    remove = folder.remove
  })

  afterEach(() => remove())

  it('keeps a second one out until it is given back', () => {
    const { release } = lockDirectory(place)
    throws(() => lockDirectory(place), /A stack runs already/)
    strictEqual(isAbandoned(place), false)
    release()
    strictEqual(isAbandoned(place), false)
    lockDirectory(place).release()
  })

  it('is taken over once its process has ended', () => {
    writeFileSync(join(place, lockName), JSON.stringify({ pid: 2 ** 22 + 1, commandLine: 'gone' }))
    strictEqual(isAbandoned(place), true)
    lockDirectory(place)
    strictEqual(isAbandoned(place), false)
  })

  it('is never seen half written', async () => {
    const code = `
      const { lockDirectory } = await import(${JSON.stringify(join(root, 'stack/disk/stack-lock.ts'))})
      for (let turn = 0; turn < 3000; turn += 1) lockDirectory(${JSON.stringify(place)}).release()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const ended = once(child, 'exit')
    let seen = 0
    let abandoned = 0
    while (child.exitCode === null) {
      for (let turn = 0; turn < 200; turn += 1) {
        seen += existsSync(join(place, lockName)) ? 1 : 0
        abandoned += isAbandoned(place) ? 1 : 0
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    await ended
    strictEqual(child.exitCode, 0)
    ok(seen > 0)
    strictEqual(abandoned, 0)
  })
})
