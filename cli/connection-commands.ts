import { Option, type Command } from 'commander'
import { jsonOption, type JsonFlag, type Runner } from './options.ts'

export type ConnectionFlags = JsonFlag & {
  readonly district: string
  readonly connector: string
  readonly settings: string
  readonly name?: string
}
export type ChangeConnectionFlags = JsonFlag & { readonly settings: string; readonly name?: string }
export type ConnectionListFlags = JsonFlag & { readonly district?: string }

export type SchoolFlags = JsonFlag & { readonly connection: string }
export type SchoolListFlags = SchoolFlags & { readonly open?: true }
export type MatchFlags = SchoolFlags & { readonly auto?: true; readonly source?: string; readonly school?: string }
export type SourceFlags = SchoolFlags & { readonly source?: readonly string[]; readonly allOpen?: true }
export type NewSchoolFlags = SchoolFlags & { readonly when: 'create' | 'ask' }

const load = () => import('./commands/connection.ts')
const loadSchools = () => import('./commands/schools.ts')
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

/** Commands about which school of a source is which of ours. */
export function addSchoolCommands(program: Command, run: Runner): void {
  const schools = program.command('schools').description('which school of a source is which of ours')
  const add = (name: string, description: string) =>
    schools
      .command(name)
      .description(description)
      .requiredOption('--connection <id>', 'the connection, as `connection list` prints it')
      .addOption(jsonOption())
  add('list', 'every school of the source with its match, or a suggestion and the reason for it')
    .option('--open', 'only those that wait for a decision')
    .action((options: SchoolListFlags) => run(async () => (await loadSchools()).listSchools(options)))
  add('match', 'match a school of the source to one of ours, or accept all suggestions')
    .option('--auto', 'accept every suggestion')
    .option('--source <id>', 'the school, as the source calls it')
    .option('--school <id>', 'ours')
    .action((options: MatchFlags) => run(async () => (await loadSchools()).matchSchools(options)))
  for (const [name, description, action] of [
    ['create', 'make schools of the source ours', 'create'],
    ['leave-out', 'import nothing of schools of the source', 'leaveOut'],
    ['unmatch', 'take matches back; what is held of the schools stays as it is', 'unmatch'],
  ] as const) {
    const command = add(name, description).option('--source <ids...>', 'the schools, as the source calls them')
    if (action !== 'unmatch')
      command.option('--all-open', 'every school that waits for a decision and has no suggestion')
    command.action((options: SourceFlags) => run(async () => (await loadSchools()).decideSchools(action, options)))
  }
  add('new', 'what becomes of schools that the source shows for the first time')
    .addOption(
      new Option('--when <choice>', 'create: they become ours; ask: they wait for a decision')
        .choices(['create', 'ask'])
        .makeOptionMandatory(),
    )
    .action((options: NewSchoolFlags) => run(async () => (await loadSchools()).setNewSchools(options)))
}
