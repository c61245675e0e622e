import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { plantTree } from './planted-tree.ts'

const root = join(import.meta.dirname, '..', '..')
const runner = [
  'jest.config.js',
  ...['after-test', 'deadline', 'process-per-file', 'run-file', 'tell-causes'].map(
    (name) => `tests/harness/${name}.ts`,
  ),
]

const leavesSomething = `
import assert from 'node:assert/strict'
it('finds nothing of another file', () => {
  assert.equal(globalThis.left, undefined)
  globalThis.left = process.pid
})
`
const planted = {
  'one.test.ts': leavesSomething,
  'two.test.ts': leavesSomething,
  'three.test.ts': leavesSomething,
  'dies.test.ts': "it('dies', () => {\n  console.log('last words')\n  process.exit(3)\n})\n",
  'dies-late.test.ts': "it('passes', () => {\n  process.on('exit', () => {\n    process.exitCode = 4\n  })\n})\n",
  'waits.test.ts': "it('waits for what never comes', () => new Promise(() => undefined))\n",
  'is-empty.test.ts': 'export {}\n',
  'throws.test.ts': `
    import assert from 'node:assert/strict'
    it('for a cause', () => {
      throw new Error('outer words', { cause: Object.assign(new Error('inner words'), { detail: 'Key (id) exists' }) })
    })
    it('no error', () => {
      throw undefined
    })
    it('an assertion', () => assert.deepEqual({ a: 1 }, { a: 2 }))
    it('what it expected', () => expect({ a: 1 }).toEqual({ a: 3 }))
  `,
  'takes-an-argument.test.ts': "it('waits for its callback', (context) => context)\n",
  'asks-for-its-end.test.ts': `
    import assert from 'node:assert/strict'
    import { afterTest } from './tests/harness/after-test.ts'
    const done = []
    it('fails', () => {
      afterTest(() => done.push('first'))
      afterTest(() => Promise.resolve().then(() => done.push('last')))
      throw new Error('on purpose')
    })
    it('comes after', () => assert.deepEqual(done, ['last', 'first']))
  `,
}

type Report = {
  numFailedTests: number
  numPassedTests: number
  numPendingTests: number
  numRuntimeErrorTestSuites: number
  testResults: { name: string; message: string; assertionResults: { title: string; status: string }[] }[]
}

describe('the runner of the tests', () => {
  let tree: Awaited<ReturnType<typeof plantTree>>
  let report: Report
  const runJest = (...args: readonly string[]): string => {
    const jest = [join('node_modules', '.bin', 'jest'), '--maxWorkers=2', ...args]
    // What it reports of failures that are wanted here goes to standard error.
    return spawnSync(process.execPath, jest, { cwd: tree.folder, encoding: 'utf8' }).stdout
  }
  // It is Jest's own report.
  const reportOf = (...args: readonly string[]) => JSON.parse(runJest('--json', ...args)) as Report
  const outcomes = (file: string, of = report) => {
    const found = of.testResults.find(({ name }) => name.endsWith(`/${file}`))
    assert.ok(found, `${file} was run`)
    const byTitle = Object.fromEntries(found.assertionResults.map(({ title, status }) => [title, status]))
    return { message: found.message, byTitle }
  }
  beforeAll(async () => {
    const texts = runner.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const)
    tree = await plantTree({ ...Object.fromEntries(texts), ...planted })
    report = reportOf()
  })
  afterAll(() => tree[Symbol.asyncDispose]())

  it('gives every file a process of its own', () => {
    for (const file of ['one.test.ts', 'two.test.ts', 'three.test.ts'])
      assert.deepEqual(outcomes(file).byTitle, { 'finds nothing of another file': 'passed' }, outcomes(file).message)
  })

  it('counts a file that dies as one failure, says its last words, and goes on', () => {
    assert.match(outcomes('dies.test.ts').message, /exit code 3 before its tests had ended[^]*last words/)
    assert.equal(report.testResults.length, Object.keys(planted).length)
    // Dead, dead late, waiting, empty, taking an argument; four that throw, and one on purpose.
    assert.deepEqual([report.numRuntimeErrorTestSuites, report.numFailedTests, report.numPassedTests], [5, 5, 4])
  })

  it('fails a file whose process ends badly after its tests', () => {
    assert.match(outcomes('dies-late.test.ts').message, /exit code 4 after its tests had ended/)
  })

  it('fails a file that waits for what can never come, and one that has no test', () => {
    assert.match(outcomes('waits.test.ts').message, /exit code 0 before its tests had ended/)
    assert.match(outcomes('is-empty.test.ts').message, /must contain at least one test/)
  })

  it('refuses a test that takes an argument instead of waiting for its callback', () => {
    assert.match(outcomes('takes-an-argument.test.ts').message, /a test or hook is given nothing/)
  })

  it('shows causes, what an error has beside its words, and differences', () => {
    const { message } = outcomes('throws.test.ts')
    for (const part of ['outer words', 'inner words', 'Key (id) exists', '-   a: 2', '-   "a": 3'])
      assert.ok(message.includes(part), `${part} in ${message}`)
    assert.match(message, /no error\n\s+undefined/)
  })

  it('does at the end of a test what it asked for, the last first, also when it failed', () => {
    assert.deepEqual(outcomes('asks-for-its-end.test.ts').byTitle, { fails: 'failed', 'comes after': 'passed' })
  })

  it('lets a file that runs alone speak at once', () => {
    assert.match(runJest('dies.test.ts'), /^last words$/m)
  })

  it('runs the tests of one name alone when asked', () => {
    const some = reportOf('asks-for-its-end', '-t', 'comes')
    assert.deepEqual([some.numFailedTests, some.numPendingTests], [1, 1])
    assert.deepEqual(outcomes('asks-for-its-end.test.ts', some).byTitle, { fails: 'pending', 'comes after': 'failed' })
  })
})

describe('the deadline of a test file', () => {
  it('ends a process that runs in a circle, with a line that names it', () => {
    const deadline = join(root, 'tests', 'harness', 'deadline.ts')
    const script = `const { endAtDeadline } = await import(${JSON.stringify(deadline)})
      endAtDeadline('endless.test.ts', 200)
      for (;;);`
    const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
    assert.equal(ended.signal, 'SIGKILL')
    assert.match(ended.stderr, /^endless\.test\.ts did not end within .* and was killed\.$/m)
  })
})
