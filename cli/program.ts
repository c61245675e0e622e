import { readFileSync } from 'node:fs'
import { addAlertCommands } from './alert-commands.ts'
import { addConnectionCommands, addSchoolCommands } from './connection-commands.ts'
import type { PeopleName } from '../bench/matching/people.ts'
import { Command, CommanderError, Option } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { showText } from '../platform/visible-text.ts'
import { tellOfInterruption } from './interrupt.ts'
import { addCommandsToBuild } from './not-built.ts'
import { countWrites, printJson, say } from './print.ts'
import { describeCommandEnd } from './problem-document.ts'
import { jsonOption, parseCount, type JsonFlag, type Runner } from './options.ts'
import { addNotificationCommands } from './notification-commands.ts'
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
    .version(readVersion(), '-V, --version', 'print the version of this program')
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
    .argument('<zip>', 'the package')
    .requiredOption('--district <slug>', 'whose records')
    .requiredOption('--data-type <type>', 'what to import: students, staff, … or all')
    .option('--connection <id>', 'the connection; without it the enabled one of the data type')
    .option('--test', 'stop after the plan and change nothing')
    .option('--approve-hold', 'apply even when a safety limit is met')
    .addOption(jsonOption())
    .action((zip: string, options: ImportFlags) =>
      run(async () => (await import('./commands/import.ts')).importPackage(zip, options)),
    )

  program
    .command('records')
    .description('list the records of a data type, ordered by sisId')
    .argument('<dataType>', 'students, staff, classes, …')
    .requiredOption('--district <slug>', 'the short name of the district')
    .option('--csv', 'as CSV, which is also what you get without --json')
    .option('--all', 'with the inactive')
    .addOption(jsonOption().conflicts('csv'))
    .action((dataType: string, options: RecordsFlags) =>
      run(async () => (await import('./commands/records.ts')).listRecords(dataType, options)),
    )

  addDistrictCommands(program, run)
  addConnectionCommands(program, run)
  addSchoolCommands(program, run)
  addConfigCommands(program, run)
  addRunCommands(program, run)
  addNotificationCommands(program, run)
  addUndoCommand(program, run)
  addAlertCommands(program, run)
  addScheduleCommands(program, run)
  addSimulateCommand(program, run)
  addStackCommands(program, run)
  addCommandsToBuild(program, run)
  return program
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
export type RecordsFlags = JsonFlag & { readonly district: string; readonly csv?: true; readonly all?: true }
export type DistrictFlags = JsonFlag & { readonly name: string; readonly timeZone?: string }
export type ConfigFlags = JsonFlag & { readonly connection: string; readonly dataType: string }
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

function addConfigCommands(program: Command, run: Runner): void {
  const config = program.command('config').description('import configurations')
  for (const name of ['show', 'export'] as const) {
    config
      .command(name)
      .description(name === 'show' ? 'print the configuration' : 'print it, or write it to a file, as one document')
      .argument('[file.json]', 'where to write it')
      .requiredOption('--connection <id>', 'whose configuration')
      .requiredOption('--data-type <type>', 'of what')
      .addOption(jsonOption())
      .action((file: string | undefined, options: ConfigFlags) =>
        run(async () => (await import('./commands/config.ts')).showConfiguration(file, options)),
      )
  }
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

function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : 'unknown'
}
