import { addAccessCommands } from './access-commands.ts'
import { addAlertCommands } from './alert-commands.ts'
import { addConnectionCommands, addSchoolCommands } from './connection-commands.ts'
import type { PeopleName } from '../bench/matching/people.ts'
import { addConfigCommands } from './commands/config/add-config-commands.ts'
import { Command, CommanderError, Option } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { showText } from '../platform/visible-text.ts'
import { tellOfInterruption } from './interrupt.ts'
import { addCommandsToBuild } from './not-built.ts'
import { countWrites, printJson, say } from './print.ts'
import { describeCommandEnd } from './problem-document.ts'
import { jsonOption, parseCount, type JsonFlag, type Runner } from './options.ts'
import { addNotificationCommands } from './notification-commands.ts'
import { readOwnVersion } from './own-version.ts'
import { addRunCommands } from './run-commands.ts'
import { addScheduleCommands } from './schedule-commands.ts'
import { addSimulateCommand } from './simulate-command.ts'

/**
 * Runs one command line, without the name of the program, and gives its exit code. Never throws. Asked for JSON it
 * leaves one document on standard output, whatever becomes of the command.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  const isJson = asksForJson(args)
  const before = countWrites()
  const stopListening = tellOfInterruption(isJson)
  let exitCode: number = exitCodes.done
  let help = ''
  const runAction: Runner = async (action) => {
    exitCode = await action()
  }
  const program = isJson ? buildProgram(runAction, (text) => (help += text)) : buildProgram(runAction)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      if (isJson) await printJson(error.code === 'commander.version' ? { version: help.trim() } : { help })
      return exitCodes.done
    }
    const end = describeCommandEnd(error)
    if (end.words !== undefined) say(`rollbook: ${end.words}`)
    if (isJson && countWrites() === before) await printJson(end.document)
    return end.exitCode
  } finally {
    stopListening()
  }
}

/** What follows `--`, and what `stack exec` is given to run, are the words of another program. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  const own = end === -1 ? args : args.slice(0, end)
  return own.includes('--json') && !(own[0] === 'stack' && own[1] === 'exec')
}

/**
 * The whole command tree (contract.md). Each action loads its own code, so that a command starts quickly. `writeHelp`
 * gets the help that is asked for instead of standard output.
 */
export function buildProgram(run: Runner, writeHelp?: (text: string) => void): Command {
  const program = new Command('rollbook')
  program
    .description('Keeps a school district in step with its student information system.')
    .version(readOwnVersion(), '-V, --version', 'print the version of this program')
    .exitOverride()
    .showHelpAfterError()
    .enablePositionalOptions()
    .configureOutput({
      writeErr: (text) => process.stderr.write(showText(text)),
      ...(writeHelp === undefined ? {} : { writeOut: writeHelp }),
    })

  program
    .command('validate')
    .description('check a OneRoster package, without any server')
    .argument(
      '[args...]',
      '<zip or folder> [--profile default|strict] [--for students|roster|all] [--limit <n>] [--json]',
    )
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action((args: string[]) => run(async () => (await import('./validate.ts')).runValidate(args)))

  program
    .command('import')
    .description('upload a package, run its import, and wait until it needs nobody or waits for somebody')
    .argument('<zip>', 'the package, or the table of a connection that takes fields')
    .requiredOption('--district <slug>', 'whose records')
    .requiredOption('--data-type <type>', 'what to import: students, staff, … or all')
    .option('--connection <id>', 'the connection; without it the enabled one of the data type')
    .option('--test', 'stop after the plan and change nothing')
    .option('--approve-hold', 'apply even when a safety limit is met')
    .addOption(jsonOption())
    .action((zip: string, options: ImportFlags) =>
      run(async () => (await import('./commands/import.ts')).importPackage(zip, options)),
    )

  addRecordCommands(program, run)
  addDistrictCommands(program, run)
  addConnectionCommands(program, run)
  addSchoolCommands(program, run)
  addConfigCommands(program, run)
  addRunCommands(program, run)
  addNotificationCommands(program, run)
  addUndoCommand(program, run)
  addAlertCommands(program, run)
  addScheduleCommands(program, run)
  addAccessCommands(program, run)
  addSimulateCommand(program, run)
  addStackCommands(program, run)
  addHealthCommands(program, run)
  addCommandsToBuild(program, run)
  return program
}

function addHealthCommands(program: Command, run: Runner): void {
  program
    .command('doctor')
    .description('look for what is wrong with the set-up, and say what to do about it')
    .addOption(jsonOption())
    .action((options: JsonFlag) => run(async () => (await import('./doctor/run-doctor.ts')).runDoctor(options)))
  program
    .command('completion')
    .description('print the script by which a shell completes commands and options')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) =>
      run(async () => (await import('./commands/completion.ts')).printCompletion(shell, program)),
    )
}

function addUndoCommand(program: Command, run: Runner): void {
  program
    .command('undo')
    .description('take a run back, field by field; what somebody changed since stays')
    .argument('<runId>', 'the run to take back; a unique beginning of its id is enough')
    .option('--preview', 'only tell what it would do')
    .option('--through', 'with everything that changed the records after it, the newest first')
    .option('--reason <text>', 'for the audit log')
    .addOption(jsonOption())
    .action((id: string, options: UndoFlags) =>
      run(async () => (await import('./commands/undo.ts')).undoRun(id, options)),
    )
}

export type UndoFlags = JsonFlag & {
  readonly preview?: true
  readonly through?: true
  readonly reason?: string
}
export type ImportFlags = JsonFlag & {
  readonly district: string
  readonly dataType: string
  readonly connection?: string
  readonly test?: true
  readonly approveHold?: true
}
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
export type DistrictFlags = JsonFlag & { readonly name: string; readonly timeZone?: string }
export type BenchFlags = JsonFlag & { readonly rows: number; readonly dataType: string }
export type BenchMatchingFlags = JsonFlag & {
  readonly held: number
  readonly incoming: number
  readonly seed: number
  readonly people?: PeopleName
  readonly febrl?: string
}

export type BenchDoubtsFlags = JsonFlag & { readonly held: number; readonly incoming: number; readonly seed: number }
export type BenchSchedulesFlags = JsonFlag & {
  readonly districts: number
  readonly students: number
  readonly period: number
}

function addRecordCommands(program: Command, run: Runner): void {
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

function addDistrictCommands(program: Command, run: Runner): void {
  const district = program.command('district').description('districts')
  district
    .command('create')
    .description('make a district; its short name is for good')
    .argument('<slug>', 'short name in lower case, never to change')
    .requiredOption('--name <name>', 'what people call it')
    .option('--time-zone <zone>', 'IANA name, such as America/Chicago')
    .addOption(jsonOption())
    .action((slug: string, options: DistrictFlags) =>
      run(async () => (await import('./commands/district.ts')).createDistrict(slug, options)),
    )
  district
    .command('list')
    .description('the districts that the token may enter, with their time zones')
    .addOption(jsonOption())
    .action((options: JsonFlag) => run(async () => (await import('./commands/district.ts')).listDistricts(options)))
}

function addStackCommands(program: Command, run: Runner): void {
  program
    .command('stack')
    .description('throw-away stacks')
    .command('exec')
    .description('start a stack on free ports, run a command in it, tear it down')
    .argument('<command...>', 'the command and its own options, after --')
    .passThroughOptions()
    .action((command: string[]) => run(async () => (await import('../stack/exec.ts')).runInThrowAwayStack(command)))
  const bench = program.command('bench').description('benchmarks')
  bench
    .command('import')
    .description('an import beside its floor, on one machine and one PostgreSQL')
    .requiredOption('--rows <n>', 'how many of them', parseCount)
    .addOption(
      new Option('--data-type <type>', 'what to import')
        .choices(['students', 'classes', 'enrollments'])
        .default('students'),
    )
    .addOption(jsonOption())
    .action((options: BenchFlags) => run(async () => (await import('./commands/bench.ts')).benchImport(options)))
  bench
    .command('matching')
    .description('how many duplicates are shown, and how many needless questions asked, on invented people')
    .option('--held <n>', 'how many students are held', parseCount, 100_000)
    .option('--incoming <n>', 'how many come in, half of them held', parseCount, 10_000)
    .option('--seed <n>', 'the same seed makes the same people', parseCount, 1)
    .addOption(
      new Option('--people <name>', 'only these people; without it, all of them').choices(
        // A type alone of bench/, which loading the program must not load.
        ['families', 'sparse', 'clerks', 'immigrants'] satisfies PeopleName[],
      ),
    )
    .option('--febrl <folder>', 'measure dataset4a.csv and dataset4b.csv of FEBRL besides')
    .addOption(jsonOption())
    .action((options: BenchMatchingFlags) =>
      run(async () => (await import('./commands/bench.ts')).benchMatching(options)),
    )
  bench
    .command('doubts')
    .description('how many true updates are asked about because an exact key is doubted, and who is found out')
    .option('--held <n>', 'how many students are held', parseCount, 20_000)
    .option('--incoming <n>', 'how many come in, half of them held', parseCount, 10_000)
    .option('--seed <n>', 'the same seed makes the same people', parseCount, 1)
    .addOption(jsonOption())
    .action((options: BenchDoubtsFlags) => run(async () => (await import('./commands/bench.ts')).benchDoubts(options)))
  bench
    .command('schedules')
    .description('districts that import by themselves: from due to done, unchanged and with 1 % changed')
    .option('--districts <n>', 'how many, with a schedule each', parseCount, 1000)
    .option('--students <n>', 'how many each has', parseCount, 2000)
    .option('--period <minutes>', 'the interval of the schedules; a shorter one is more load', parseCount, 60)
    .addOption(jsonOption())
    .action((options: BenchSchedulesFlags) =>
      run(async () => (await import('./commands/bench.ts')).benchSchedules(options)),
    )
}
