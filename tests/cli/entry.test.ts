import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

describe('bin/rollbook.js', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'bin/rollbook.js'), ...args], { encoding: 'utf8', cwd: root })

  it('ends as the command ends, with what it printed', () => {
    const version = run('--version')
    assert.deepEqual([version.status, version.stderr], [0, ''])
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/)
    const wrong = run('run', 'show')
    assert.deepEqual([wrong.status, wrong.stdout], [2, ''])
  })

  it('starts without the compiler of TypeScript, which costs more than all the rest', () => {
    // The first start fills the cache.
    run('--version')
    const code = `
      process.argv.splice(1, 0, 'rollbook')
      process.argv.push('--version')
      await import(${JSON.stringify(join(root, 'bin/enter-cli.js'))})
      console.error(process.moduleLoadList.filter((name) => name.includes('amaro')).join())`
    const { stderr, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
    assert.equal(stderr, '\n')
  })
})
