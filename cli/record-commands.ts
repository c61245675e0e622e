import type { Command } from 'commander'
import { jsonOption, type JsonFlag, type Runner } from './options.ts'

export type RecordsFlags = JsonFlag & {
  readonly district?: string
  readonly csv?: true
  readonly jsonl?: true
  readonly all?: true
  readonly search?: string
  readonly filter: readonly string[]
  readonly sort?: string
}
export type RecordShowFlags = JsonFlag & { readonly district: string }
export type RecordEditFlags = RecordShowFlags & {
  readonly set: readonly string[]
  readonly giveBack: readonly string[]
  readonly version?: string
}

export function addRecordCommands(program: Command, run: Runner): void {
  const records = program
    .command('records')
    .description('list the records of a data type, ordered by sisId')
    .argument('<dataType>', 'students, staff, classes, …')
    // Needed by the list, and asked for there: "records show" has its own.
    .option('--district <slug>', 'the short name of the district')
    .option('--csv', 'as CSV, which is also what you get without --json')
    .option('--jsonl', 'as JSON lines, one record a line')
    .option('--all', 'with the inactive')
    .option('--search <text>', 'the beginning of a name, an id or an e-mail address')
    .option('--filter <field=value>', 'only records with this value; several of one field: one of them', collect, [])
    .option('--sort <by>', 'sisId or name; -sisId or -name for the last one first')
    .addOption(jsonOption().conflicts(['csv', 'jsonl']))
    .action((dataType: string, options: RecordsFlags) =>
      run(async () => (await import('./commands/records.ts')).listRecords(dataType, options)),
    )
  records
    .command('show')
    .description('one record, and where each of its values came from')
    .argument('<dataType>', 'students, staff, classes, …')
    .argument('<id>', 'the record id, or its first id: the sisId of people')
    .requiredOption('--district <slug>', 'the short name of the district')
    .addOption(jsonOption())
    .action((dataType: string, id: string, options: RecordShowFlags) =>
      run(async () => (await import('./commands/record.ts')).showRecord(dataType, id, options)),
    )
  records
    .command('edit')
    .description('change fields of a record, which imports then leave alone, or give them back to the source')
    .argument('<dataType>', 'students, staff, classes, …')
    .argument('<id>', 'the record id, or its first id: the sisId of people')
    .requiredOption('--district <slug>', 'the short name of the district')
    .option('--set <field=value>', 'nothing behind the = makes it blank; a list is joined with ;', collect, [])
    .option('--give-back <field>', 'the source decides it again', collect, [])
    .option('--version <n>', 'only if this is still its version; without it, the one there is now')
    .addOption(jsonOption())
    .action((dataType: string, id: string, options: RecordEditFlags) =>
      run(async () => (await import('./commands/record.ts')).editRecord(dataType, id, options)),
    )
}

function collect(item: string, before: readonly string[]): readonly string[] {
  return [...before, item]
}
