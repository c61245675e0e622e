import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterTest } from '../harness/after-test.ts'
import { runCommand, runCommands } from './run-command.ts'
import { runDocument, runId, startStandInServer } from './stand-in-server.ts'

const schedule = ['schedule', 'set', '--connection', runId, '--data-type', 'students']

describe('a command line that is wrong', () => {
  it('says what is missing or misspelt, and what to write', async () => {
    const lines: [string[], RegExp][] = [
      [[...schedule, '--every', '24'], /--every 24 needs the local time of the district besides, such as --at 02:30/],
      [[...schedule, '--every', '5'], /--every 5 is not possible: write 4, 12 or 24 hours/],
      [[...schedule, '--every', '4', '--at', '02:30'], /--at goes with --every 24 alone/],
      [[...schedule], /required option '--every <hours>' not specified/],
      [['run', 'list', '--distric', 'x'], /unknown option '--distric'\s+\(Did you mean --district\?\)/],
      [['rn', 'list'], /unknown command 'rn'\s+\(Did you mean run\?\)/],
      [['validate', 'x.zip', '--profil', 'strict'], /unknown option --profil; did you mean --profile\?/],
      [['run', 'show', 'yesterday'], /"yesterday" is no id of a run: give it whole, or at least its first four/],
    ]
    const env = { ROLLBOOK_URL: 'http://127.0.0.1:9', ROLLBOOK_TOKEN: 'token' }
    const ended = await runCommands(
      lines.map(([args]) => args),
      { env },
    )
    for (const [at, [args, words]] of lines.entries()) {
      assert.match(ended[at]?.stderr ?? '', words, args.join(' '))
      assert.equal(ended[at]?.exitCode, 2, args.join(' '))
    }
  })

  it('is answered with the places, once, where the server finds it wrong', async () => {
    const errors = [{ path: 'name', message: 'is missing; write a text' }]
    const problem = {
      code: 'REQUEST_INVALID',
      title: 'The request is not well formed.',
      detail: 'Name: is missing.',
      errors,
    }
    const server = await startStandInServer(() => ({ status: 400, json: problem }))
    afterTest(server.close)
    const { stderr } = await runCommand(['district', 'create', 'x', '--name', 'y'], server)
    assert.equal(
      stderr,
      'rollbook: The request is not well formed. [REQUEST_INVALID]\n  name: is missing; write a text\n',
    )
  })
})

describe('--version', () => {
  it('is that of the package, alone on standard output', async () => {
    const text = await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')
    const { version } = JSON.parse(text) as { version: string }
    const [plain, json] = await runCommands([['--version'], ['--version', '--json']])
    assert.deepEqual([plain?.exitCode, plain?.stdout], [0, `${version}\n`])
    assert.deepEqual(JSON.parse(json?.stdout ?? ''), { version })
  })
})

describe('a beginning of an id', () => {
  const other = runId.replace(/1$/, '2')
  async function show(found: readonly string[], text: string) {
    const items = found.map((id) => ({ id, district: 'lincoln-county' }))
    const server = await startStandInServer(({ path }) => ({
      json: path.startsWith('/api/ids') ? { items } : runDocument(),
    }))
    afterTest(server.close)
    return { ...(await runCommand(['run', 'show', text], server)), seen: server.seen.map(({ path }) => path) }
  }

  it('is enough where it is of one run', async () => {
    const { exitCode, seen } = await show([runId], '0193')
    assert.equal(exitCode, 0)
    assert.deepEqual(seen, ['/api/ids?kind=run&prefix=0193', `/api/runs/${runId}`])
  })

  it('is asked for more of where several runs have it, or none', async () => {
    const several = await show([runId, other], '0193')
    assert.equal(several.exitCode, 2)
    assert.match(
      several.stderr,
      new RegExp(`several runs have ids.*give more.*:\\n  ${runId}  lincoln-county\\n  ${other}`),
    )
    const none = await show([], '0194')
    assert.match(none.stderr, /no run has an id that begins with "0194"/)
  })

  it('is not asked about where the id is whole', async () => {
    assert.deepEqual((await show([], runId)).seen, [`/api/runs/${runId}`])
  })
})
