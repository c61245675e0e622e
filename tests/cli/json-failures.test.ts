import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { commandCodes } from '../../cli/exit-codes.ts'
import { commandsToBuild } from '../../cli/not-built.ts'
import { buildProgram } from '../../cli/program.ts'
import { describeCommandEnd, type ProblemDocument } from '../../cli/problem-document.ts'
import { findServerAddress } from '../../cli/server-address.ts'
import { parseMarkdownTables } from '../house/markdown-tables.ts'
import { runCommand, runCommands, type Ended } from './run-command.ts'
import { runDocument, runId, startStandInServer, type Answer } from './stand-in-server.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'rollbook-json-'))
const zip = join(folder, 'package.zip')
const settings = join(folder, 'settings.json')
writeFileSync(zip, 'bytes of a package')
writeFileSync(settings, '{}')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Listed = { readonly path: readonly string[]; readonly command: Command }

function listCommands(parent: Command, above: readonly string[] = []): Listed[] {
  return parent.commands.flatMap((command) => {
    const path = [...above, command.name()]
    return command.commands.length > 0 ? listCommands(command, path) : [{ path, command }]
  })
}

const commands = listCommands(buildProgram(() => Promise.resolve()))
const notBuilt = Object.entries(commandsToBuild).flatMap(([name, parts]) =>
  parts.length === 0 ? [name] : parts.map((part) => `${name} ${part}`),
)
const takesJson = ({ path, command }: Listed) =>
  path.join(' ') === 'validate' || command.options.some(({ long }) => long === '--json')
/** Not what asks no server, brings its own, or finds out what is wrong with one. */
const alone = new Set(['validate', 'bench', 'stack', 'simulate', 'doctor', 'completion'])
/** These read a document first, and refuse it before they ask anybody. */
const readsDocument = new Set(['config import', 'config lint', 'config draft save'])
const speaksToServer = ({ path }: Listed) => !alone.has(path[0] ?? '') && !readsDocument.has(path.join(' '))

/** Of commands that need one of several options. */
const choices: Readonly<Record<string, readonly string[]>> = {
  'alert decide': ['--create'],
  'schools match': ['--auto'],
  'token create': ['--all-districts'],
  'schools create': ['--all-open'],
  'schools leave-out': ['--source', 'x'],
  'schools unmatch': ['--source', 'x'],
}

/** A command line that is well formed: whatever must be given is. */
function wellFormed({ path, command }: Listed): string[] {
  const values: Readonly<Record<string, string>> = {
    '--settings': settings,
    '--every': '4',
    '--rows': '3',
    '--output': zip,
    '--when': 'ask',
  }
  const given = command.options
    .filter(({ mandatory }) => mandatory)
    .flatMap(({ long }) => [long ?? '', values[long ?? ''] ?? 'x'])
  const named = command.registeredArguments.filter(({ required }) => required)
  const choice = choices[path.join(' ')] ?? []
  return [
    ...path,
    ...named.map((one) =>
      path[0] === 'import' ? zip : /id$/i.test(one.name()) ? runId : one.name() === 'version' ? '1' : 'x',
    ),
    ...given,
    ...choice,
  ]
}

/** The one document on standard output. */
function problemOf({ stdout, stderr }: Ended): ProblemDocument['error'] {
  assert.notEqual(stdout, '', stderr)
  const document = JSON.parse(stdout) as ProblemDocument // compared below with what it must be
  assert.deepEqual(Object.keys(document), ['error'])
  return document.error
}

async function serve<Outcome>(
  answer: Parameters<typeof startStandInServer>[0],
  use: (server: Awaited<ReturnType<typeof startStandInServer>>) => Promise<Outcome>,
): Promise<Outcome> {
  const server = await startStandInServer(answer)
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

describe('a command that fails and was asked for --json', () => {
  it('prints the problem as its one document, whichever command it is and however it is written wrongly', async () => {
    const all = commands.filter(takesJson)
    assert.ok(all.length > 45)
    const ends = await runCommands(all.map((listed) => [...wellFormed(listed), '--no-such-option', '--json']))
    assert.equal(ends.length, all.length)
    for (const [at, ended] of ends.entries()) {
      assert.equal(ended.exitCode, 2, all[at]?.path.join(' '))
      const { code, status, detail, requestId } = problemOf(ended)
      assert.deepEqual([code, status, requestId], ['WRONG_USAGE', null, null])
      assert.match(detail, /no-such-option/)
    }
  })

  it('prints what the server refused, whichever command it is', async () => {
    const { code, detail, requestId } = { code: 'RIGHT_MISSING', detail: 'It needs the right run.', requestId: 'r-7' }
    const all = commands.filter((listed) => takesJson(listed) && speaksToServer(listed))
    assert.ok(all.length > 40)
    const ends = await serve(
      () => ({ status: 403, json: { code, title: 'No.', detail, requestId, status: 403 } }),
      (server) =>
        runCommands(
          all.map((listed) => [...wellFormed(listed), '--json']),
          server,
        ),
    )
    const others = ends.flatMap(({ exitCode, stderr }, at) =>
      exitCode === 1 ? [] : [`${all[at]?.path.join(' ')}: ${stderr}`],
    )
    assert.deepEqual(others, [])
    for (const ended of ends) assert.deepEqual(problemOf(ended), { code, status: 403, detail, requestId })
  })

  it('says so of a command that is not built, a group without a command, and no command at all', async () => {
    for (const name of notBuilt) {
      const ended = await runCommand([...name.split(' '), '--json'])
      assert.deepEqual([ended.exitCode, problemOf(ended).code], [2, 'NOT_BUILT'], name)
    }
    for (const args of [['run', '--json'], ['--json'], ['nonsense', '--json'], ['run', 'show', '--json']]) {
      const ended = await runCommand(args)
      assert.deepEqual([ended.exitCode, problemOf(ended).code], [2, 'WRONG_USAGE'], args.join(' '))
    }
  })

  it('says which file cannot be used', async () => {
    const wanted = ['--district', 'x', '--connector', 'x', '--settings']
    const missing = join(folder, 'missing')
    await serve(
      () => ({ json: {} }),
      async (server) => {
        for (const args of [
          ['validate', missing],
          ['import', missing, '--district', 'x', '--data-type', 'students'],
          ['connection', 'add', ...wanted, missing],
          ['connection', 'add', ...wanted, zip],
          ['run', 'export', runId, '--output', join(missing, 'run.zip')],
          ['config', 'export', join(missing, 'x.json'), '--connection', 'x', '--data-type', 'students'],
        ]) {
          const ended = await runCommand([...args, '--json'], server)
          assert.deepEqual([ended.exitCode, problemOf(ended).code], [2, 'FILE_UNUSABLE'], args.join(' '))
        }
      },
    )
  })

  it('says that no server is known, that none answers, or that something else does', async () => {
    const list = ['district', 'list', '--json']
    const unreachable = await serve(
      () => ({}),
      ({ url }) => Promise.resolve({ url }),
    )
    const ended = await runCommand(list, unreachable)
    assert.deepEqual([ended.exitCode, problemOf(ended).code, problemOf(ended).status], [1, 'SERVER_UNREACHABLE', null])
    for (const [answer, status] of [
      [{ status: 502, text: '<html>Bad Gateway</html>' }, 502],
      [{ text: '<html>Welcome</html>' }, 200],
    ] as const) {
      const other = await serve(
        () => answer,
        (server) => runCommand(list, server),
      )
      assert.deepEqual(
        [other.exitCode, problemOf(other).code, problemOf(other).status],
        [1, 'ANSWER_UNREADABLE', status],
      )
    }
  })

  it('says that no server is known', () => {
    try {
      findServerAddress({}, [folder])
      assert.fail('a server was found')
    } catch (error) {
      const { exitCode, document } = describeCommandEnd(error)
      assert.deepEqual([exitCode, document.error.code], [1, 'SERVER_UNKNOWN'])
    }
  })

  it('says nothing of what a defect was about', () => {
    const { exitCode, words, document } = describeCommandEnd(new Error('duplicate key (sis_id)=(S-1234)'))
    assert.deepEqual([exitCode, document.error.code], [1, 'INTERNAL_ERROR'])
    assert.ok(!JSON.stringify(document).includes('S-1234') && words?.includes('S-1234') === true)
  })

  it('leaves no half of a list on standard output when a later page fails', async () => {
    const pages: Answer[] = [{ json: { items: [{ seq: 1 }], nextCursor: 'next' } }, { status: 500, text: 'oops' }]
    for (const args of [
      ['run', 'findings', runId],
      ['records', 'students', '--district', 'x'],
    ]) {
      const ended = await serve(
        (_, at) => pages[at] ?? {},
        (server) => runCommand([...args, '--json'], server),
      )
      assert.deepEqual([ended.exitCode, problemOf(ended).status], [1, 500])
    }
  })

  it('tells of a wish that was not carried out', async () => {
    const answers: Answer[] = [
      { json: { runId, undoRunId: runId, message: 'It is on its way.' } },
      { json: runDocument({ state: 'discarded', closedReason: 'another run came first' }) },
    ]
    const ended = await serve(
      (_, at) => answers[at] ?? {},
      (server) => runCommand(['undo', runId, '--json'], server),
    )
    assert.deepEqual([ended.exitCode, problemOf(ended).code], [3, 'NOT_CARRIED_OUT'])
  })

  it('prints the document that it has, and no second one, when the run is what failed', async () => {
    const run = runDocument({ state: 'cancelled', failure: { code: 'INPUT_REFUSED', detail: 'It cannot be used.' } })
    const ended = await serve(
      () => ({ json: run }),
      (server) => runCommand(['run', 'wait', runId, '--json'], server),
    )
    assert.equal(ended.exitCode, 3)
    assert.deepEqual(JSON.parse(ended.stdout), run)
  })

  it('tells that somebody stopped it, and ends by the signal', async () => {
    await serve(
      () => ({ json: runDocument({ state: 'applying' }) }),
      async (server) => {
        const entry = join(root, 'cli', 'main.ts')
        const child = spawn(process.execPath, [entry, 'run', 'wait', runId, '--json'], {
          stdio: ['ignore', 'pipe', 'ignore'],
          env: { ROLLBOOK_URL: server.url, ROLLBOOK_TOKEN: 'token' },
        })
        let stdout = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
        const ended = new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)))
        while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
        child.kill('SIGINT')
        assert.equal(await ended, 'SIGINT')
        assert.equal(problemOf({ exitCode: null, stdout, stderr: '' }).code, 'INTERRUPTED')
      },
    )
  })
})

describe('docs/reference/failures.md', () => {
  it("lists the command line's own failures, and no others", async () => {
    const tables = parseMarkdownTables(await readFile(join(root, 'docs/reference/failures.md'), 'utf8'))
    const inPage = tables.find(({ heading }) => heading === 'What the command line says by itself')?.rows
    assert.deepEqual(
      inPage?.map((row) => [row['Code']?.replaceAll('`', ''), row['Means']]),
      Object.entries(commandCodes),
    )
  })
})

describe('a command that is asked for help and for --json', () => {
  it('gives the help as its one document', async () => {
    for (const args of [
      ['--help', '--json'],
      ['run', 'show', '--help', '--json'],
      ['validate', '--help', '--json'],
    ]) {
      const ended = await runCommand(args)
      assert.equal(ended.exitCode, 0)
      // Looked at in the next line.
      assert.match((JSON.parse(ended.stdout) as { help: string }).help, /usage: rollbook/i)
    }
  })
})

describe('what another program is given', () => {
  it('is none of our business: --json after -- asks nothing of us', async () => {
    const ended = await runCommand(['run', 'nonsense', '--', '--json'])
    assert.deepEqual([ended.exitCode, ended.stdout], [2, ''])
  })
})
