import assert from 'node:assert/strict'
import { printBody } from '../../cli/print.ts'
import { afterTest } from '../harness/after-test.ts'
import { actingCharacter, actingCharacters, namesOfManyScripts } from '../fixtures/names.ts'
import { runCommand } from './run-command.ts'
import { heldRun, runId, startStandInServer } from './stand-in-server.ts'

const evil = `Lincoln ${actingCharacters.join('x')} County`

function serve(name: string) {
  const district = { id: '01930000-0000-7000-8000-0000000000d1', slug: 'lincoln', name, timeZone: 'UTC', createdAt: '' }
  const run = heldRun()
  const hold = { limits: run.hold?.limits.map((limit) => ({ ...limit, schoolName: name })) ?? [] }
  const finding = { seq: 1, rule: 'Z-09', severity: 'warning', file: name, line: null, column: null, message: name }
  const change = { old: name, new: name }
  const row = { seq: 1, action: 'update', recordId: null, school: name, fields: ['name'], changes: { name: change } }
  return startStandInServer(({ path }) => {
    const page = (item: unknown) => ({ json: { items: [item], nextCursor: null } })
    if (path.startsWith('/api/districts/lincoln/connections')) return { status: 409, json: { code: 'X', detail: name } }
    if (path.startsWith('/api/districts/lincoln/records')) return { text: `familyName\n${name}\n` }
    if (path.startsWith('/api/districts')) return page(district)
    if (path.includes('/findings')) return page(finding)
    if (path.includes('/plan')) return page(row)
    const findings = { ...run.findings, warning: 1, byRule: { 'Z-09': { severity: 'warning', count: 1 } } }
    return { json: { ...run, hold, findings } }
  })
}

const lines = [
  ['district', 'list'],
  ['run', 'show', runId],
  ['run', 'findings', runId],
  ['run', 'plan', runId],
]

describe('what the command line prints', () => {
  it('acts on no terminal, whatever the names of districts, schools and files are', async () => {
    const server = await serve(evil)
    afterTest(server.close)
    for (const line of lines) {
      for (const args of [line, [...line, '--json']]) {
        const { stdout, stderr } = await runCommand(args, server)
        assert.match(stdout, /Lincoln/, args.join(' '))
        assert.doesNotMatch(stdout + stderr, actingCharacter, args.join(' '))
        if (args !== line) assert.ok(JSON.stringify(JSON.parse(stdout)).includes(JSON.stringify(evil).slice(1, -1)))
      }
    }
    const failed = await runCommand(['district', 'create', 'x\u001b[2J', '--name', 'x', '--no-such\u001b[2J'], server)
    assert.doesNotMatch(failed.stdout + failed.stderr, actingCharacter)
  })

  it('keeps names of every script', async () => {
    const name = namesOfManyScripts.join(' ')
    const server = await serve(name)
    afterTest(server.close)
    for (const line of [...lines, ['records', 'students', '--district', 'lincoln', '--csv']]) {
      const { stdout } = await runCommand(line, server)
      assert.ok(stdout.includes(name), line.join(' '))
    }
  })

  it('is byte for byte what came when CSV goes into a file, and acts on nothing when it goes to a terminal', async () => {
    const bytes = Buffer.from(`familyName\n${evil}\n${namesOfManyScripts.join('\n')}\n`)
    // Cut wherever a network may cut, also within a character.
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte))
    const printed: Buffer[] = []
    const write = process.stdout.write.bind(process.stdout)
    const print = async (isTerminal: boolean) => {
      printed.length = 0
      process.stdout.write = (piece: string | Uint8Array) => printed.push(Buffer.from(piece as Uint8Array)) > 0
      await printBody(new Response(ReadableStream.from(pieces)), isTerminal).finally(() => {
        process.stdout.write = write
      })
      return Buffer.concat(printed)
    }
    assert.deepEqual(await print(false), bytes)
    const shown = (await print(true)).toString()
    assert.doesNotMatch(shown, actingCharacter)
    for (const name of namesOfManyScripts) assert.ok(shown.includes(name), name)
  })
})
