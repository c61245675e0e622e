import { Option, type Command } from 'commander'
import { jsonOption, type JsonFlag, type Runner } from './options.ts'

export type SchoolFlags = JsonFlag & { readonly connection: string }
export type SchoolListFlags = SchoolFlags & { readonly open?: true }
export type MatchFlags = SchoolFlags & { readonly auto?: true; readonly source?: string; readonly school?: string }
export type SourceFlags = SchoolFlags & { readonly source?: readonly string[]; readonly allOpen?: true }
export type NewSchoolFlags = SchoolFlags & { readonly when: 'create' | 'ask' }

const load = () => import('./commands/schools.ts')

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
    .action((options: SchoolListFlags) => run(async () => (await load()).listSchools(options)))
  add('match', 'match a school of the source to one of ours, or accept all suggestions')
    .option('--auto', 'accept every suggestion')
    .option('--source <id>', 'the school, as the source calls it')
    .option('--school <id>', 'ours')
    .action((options: MatchFlags) => run(async () => (await load()).matchSchools(options)))
  for (const [name, description, action] of [
    ['create', 'make schools of the source ours', 'create'],
    ['leave-out', 'import nothing of schools of the source', 'leaveOut'],
    ['unmatch', 'take matches back; what is held of the schools stays as it is', 'unmatch'],
  ] as const) {
    const command = add(name, description).option('--source <ids...>', 'the schools, as the source calls them')
    if (action !== 'unmatch')
      command.option('--all-open', 'every school that waits for a decision and has no suggestion')
    command.action((options: SourceFlags) => run(async () => (await load()).decideSchools(action, options)))
  }
  add('new', 'what becomes of schools that the source shows for the first time')
    .addOption(
      new Option('--when <choice>', 'create: they become ours; ask: they wait for a decision')
        .choices(['create', 'ask'])
        .makeOptionMandatory(),
    )
    .action((options: NewSchoolFlags) => run(async () => (await load()).setNewSchools(options)))
}
