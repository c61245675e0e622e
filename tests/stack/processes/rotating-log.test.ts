import { ok, strictEqual } from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { closeToOthers } from '../../../stack/disk/close-to-others.ts'
import { RotatingLog } from '../../../stack/processes/rotating-log.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'

const temporary = makeTemporaryDirectory()
afterAll(() => temporary.remove())

describe('the log of a process of the stack', () => {
  it('never takes more than its size, keeps the newest lines and can be read by its owner alone', () => {
    const folder = join(temporary.path, 'logs')
    const lines = Array.from({ length: 50 }, (_, n) => `line ${n}\n`)
    // Two processes in turn write it, as after a restart.
    for (const half of [lines.slice(0, 25), lines.slice(25)]) {
      const log = new RotatingLog(join(folder, 'a.log'), { maxBytes: 64, oldFiles: 2 })
      for (const line of half) log.write(line)
    }
    strictEqual(readdirSync(folder).sort().join(), 'a.log,a.log.1,a.log.2')
    for (const name of readdirSync(folder)) {
      ok(statSync(join(folder, name)).size <= 64)
      strictEqual(statSync(join(folder, name)).mode & 0o077, 0)
    }
    const kept = ['a.log.2', 'a.log.1', 'a.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('')
    ok(lines.join('').endsWith(kept) && kept.length > 128)
  })

  it('does not end what it tells of when it cannot be written', () => {
    const folder = join(temporary.path, 'gone')
    const log = new RotatingLog(join(folder, 'a.log'))
    mkdirSync(join(folder, 'a.log'))
    log.write('lost\n')
  })
})

describe('the folder of a stack', () => {
  it('is closed to others, with what an earlier start left in it', () => {
    const folder = join(temporary.path, 'stack')
    const inner = join(folder, 'mail')
    const left = join(folder, 'postgres', 'data')
    for (const path of [inner, left]) mkdirSync(path, { recursive: true, mode: 0o755 })
    for (const [path, mode] of [
      [join(inner, 'a.eml'), 0o644],
      [join(folder, 'run'), 0o755],
      [join(left, 'b'), 0o644],
    ] as const) {
      writeFileSync(path, '')
      chmodSync(path, mode)
    }
    closeToOthers(folder, (path) => path === left)
    const modeOf = (path: string) => statSync(path).mode & 0o777
    strictEqual(modeOf(join(inner, 'a.eml')), 0o600)
    strictEqual(modeOf(join(folder, 'run')), 0o700)
    // Of a folder others may at most know a name in it, which is how PostgreSQL of root reaches its own.
    for (const path of [folder, inner, join(folder, 'postgres')]) strictEqual(modeOf(path) & 0o066, 0)
    strictEqual(modeOf(join(left, 'b')), 0o644)
  })
})
