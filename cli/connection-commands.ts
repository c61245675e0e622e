import type { Command } from 'commander'
import { jsonOption, type JsonFlag, type Runner } from './options.ts'

export type ConnectionFlags = JsonFlag & {
  readonly district: string
  readonly connector: string
  readonly settings: string
  readonly name?: string
}
export type ChangeConnectionFlags = JsonFlag & { readonly settings: string; readonly name?: string }
export type ConnectionListFlags = JsonFlag & { readonly district?: string }

const load = () => import('./commands/connection.ts')
const settingsFile = 'JSON file with the settings of the connector; - reads standard input'

/** Commands about what data comes through. */
export function addConnectionCommands(program: Command, run: Runner): void {
  const connection = program.command('connection').description('connections to source systems')
  connection
    .command('add')
    .description('add a connection to a district; its settings are sealed and never shown again')
    .requiredOption('--district <slug>', 'the short name of the district')
    .requiredOption('--connector <connector>', 'the kind of source, oneroster-csv')
    .requiredOption('--settings <file.json>', settingsFile)
    .option('--name <name>', 'what people call it; the name of the connector unless said')
    .addOption(jsonOption())
    .action((options: ConnectionFlags) => run(async () => (await load()).addConnection(options)))
  connection
    .command('change')
    .description('give a connection other settings; mapping, schools and schedule stay')
    .argument('<id>', 'the connection, as `connection list` prints it')
    .requiredOption('--settings <file.json>', `${settingsFile}; they take the place of all that it has`)
    .option('--name <name>', 'what people call it')
    .addOption(jsonOption())
    .action((id: string, options: ChangeConnectionFlags) =>
      run(async () => (await load()).changeConnection(id, options)),
    )
  connection
    .command('list')
    .description('connections, what each imports, and how it is')
    .option('--district <slug>', 'only of this district')
    .addOption(jsonOption())
    .action((options: ConnectionListFlags) => run(async () => (await load()).listConnections(options)))
  connection
    .command('test')
    .description('try a connection for real, and say what is wrong if it fails')
    .argument('<id>', 'the connection, as `connection list` prints it')
    .addOption(jsonOption())
    .action((id: string, options: JsonFlag) => run(async () => (await load()).testConnection(id, options)))
  connection
    .command('health')
    .description('whether it works, its feeds are in time and its runs get on')
    .argument('<id>', 'the connection, as `connection list` prints it')
    .addOption(jsonOption())
    .action((id: string, options: JsonFlag) =>
      run(async () => (await import('./commands/schedule.ts')).showConnectionHealth(id, options)),
    )
}
