import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { CommandFailure, exitCodes } from '../../cli/exit-codes.ts'
import { commandsToBuild } from '../../cli/not-built.ts'
import { buildProgram } from '../../cli/program.ts'

const root = join(import.meta.dirname, '..', '..')

/** Every command that does something or says that it cannot yet, as `run show`, with its description. */
function listCommands(parent: Command, above: readonly string[] = []): { name: string; description: string }[] {
  return parent.commands.flatMap((command) => {
    const path = [...above, command.name()]
    if (command.commands.length > 0) return listCommands(command, path)
    return [{ name: path.join(' '), description: command.description() }]
  })
}

/** The back-ticked words of the paragraph that begins with "Not built yet". */
async function readNotBuilt(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8')
  const paragraph = text.split('\n\n').find((block) => block.startsWith('Not built yet'))
  assert.ok(paragraph !== undefined, `${page} has no paragraph "Not built yet"`)
  return [...paragraph.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words.replace(/\s+/g, ' '))
}

/** What became of a command line; one whose action must not run here is not given to this. */
async function answerOf(name: string): Promise<unknown> {
  let answer: unknown
  const program = buildProgram(async (action) => {
    answer = await action().catch((error: unknown) => error)
  })
  await program.parseAsync(name.split(' '), { from: 'user' })
  return answer
}

const toBuild = Object.entries(commandsToBuild).flatMap(([name, parts]) =>
  parts.length === 0 ? [name] : parts.map((part) => `${name} ${part}`),
)

describe('what is not built yet', () => {
  for (const page of ['README.md', 'docs/reference/contract.md']) {
    it(`is what ${page} lists, and nothing else`, async () => {
      assert.deepEqual((await readNotBuilt(page)).sort(), [...toBuild].sort())
    })
  }

  it('is marked in the help, and nothing that is built is', () => {
    const marked = listCommands(buildProgram(() => Promise.resolve())).filter(({ description }) =>
      /not built/i.test(description),
    )
    assert.deepEqual(marked.map(({ name }) => name).sort(), [...toBuild].sort())
  })

  for (const name of toBuild) {
    it(`answers so: ${name}`, async () => {
      const answer = await answerOf(name)
      assert.ok(answer instanceof CommandFailure)
      assert.equal(answer.code, 'NOT_BUILT')
      assert.equal(answer.exitCode, exitCodes.wrongUsage)
    })
  }
})
