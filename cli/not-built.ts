import type { Command } from 'commander'
import { CommandFailure, exitCodes } from './exit-codes.ts'
import type { Runner } from './options.ts'

/** Commands of contract.md that a later release brings. They are listed, and say so when they are called. */
export const commandsToBuild: Readonly<Record<string, readonly string[]>> = {
  connection: ['plugin', 'rehearse'],
  plans: ['import', 'list', 'export'],
  'course-requests': ['preview', 'send', 'show', 'wait', 'ledger', 'resend', 'stop', 'take-back'],
  operator: ['invite', 'list', 'rights'],
}

/** Adds them beside what is built; call last. */
export function addCommandsToBuild(program: Command, run: Runner): void {
  for (const [name, parts] of Object.entries(commandsToBuild)) {
    const parent =
      program.commands.find((command) => command.name() === name) ?? program.command(name).description('not built yet')
    if (parts.length === 0) addNotBuilt(parent, name, run)
    for (const part of parts) addNotBuilt(parent.command(part), `${name} ${part}`, run)
  }
}

function addNotBuilt(command: Command, name: string, run: Runner): void {
  command
    .description('not built yet')
    .argument('[args...]')
    .allowUnknownOption()
    .action(() =>
      run(() => Promise.reject(new CommandFailure(`"${name}" is not built yet.`, exitCodes.wrongUsage, 'NOT_BUILT'))),
    )
}
