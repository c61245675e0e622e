import assert from 'node:assert/strict'
import type { Command } from 'commander'
import { buildProgram } from '../../cli/program.ts'

/** Every command below, with its path. */
function listCommands(parent: Command, above: readonly string[] = []): { path: string; command: Command }[] {
  return parent.commands.flatMap((command) => {
    const path = [...above, command.name()]
    return [{ path: path.join(' '), command }, ...listCommands(command, path)]
  })
}

const commands = listCommands(buildProgram(() => Promise.resolve())).filter(
  ({ command }) => command.description() !== 'not built yet',
)

describe('the help of every command', () => {
  it('says of each command, argument and option what it is', () => {
    assert.ok(commands.length > 40)
    const bare = commands.flatMap(({ path, command }) => [
      ...(command.description() === '' ? [path] : []),
      ...command.registeredArguments.filter((one) => one.description === '').map((one) => `${path} <${one.name()}>`),
      ...command.options.filter((one) => one.description === '').map((one) => `${path} ${one.flags}`),
    ])
    assert.deepEqual(bare, [])
  })
})
