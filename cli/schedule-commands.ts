import type { Command } from 'commander'
import { jsonOption, parseCount, type JsonFlag, type Runner } from './options.ts'

export type ScheduleFlags = JsonFlag & { readonly connection: string; readonly dataType: string }
export type SetScheduleFlags = ScheduleFlags & {
  readonly every: number
  readonly at?: string
  readonly spread?: number
  readonly catchUp?: number
  readonly lateAfter?: number
  readonly schools?: string
  readonly blackout?: readonly string[] | false
  readonly additionsOnly?: readonly string[] | false
}
export type ScheduleListFlags = JsonFlag & { readonly district?: string }
export type ScheduleLogFlags = ScheduleFlags & { readonly limit: number }

const load = () => import('./commands/schedule.ts')

/** Commands about imports that start by themselves. */
export function addScheduleCommands(program: Command, run: Runner): void {
  const schedule = program.command('schedule').description('imports that start by themselves')
  const addOne = (name: string, description: string): Command =>
    schedule
      .command(name)
      .description(description)
      .requiredOption('--connection <id>', 'the connection to import from')
      .requiredOption('--data-type <type>', 'what to import, students; all for every data type, one run each')
      .addOption(jsonOption())

  addOne('set', 'import by itself, from now on in this way')
    .requiredOption('--every <hours>', '4, 12 or 24', parseCount)
    .option('--at <HH:MM>', 'with 24: the local time of the district')
    .option('--spread <minutes>', 'each start is moved by up to this', Number)
    .option('--catch-up <minutes>', 'a start that could not be made is made up for if it is no older', parseCount)
    .option('--late-after <hours>', 'when the feed counts as late; twice the interval unless said', parseCount)
    .option('--schools <all|ids>', 'whose records, ids separated by commas')
    .option('--blackout <from..to>', 'days without runs; several times for several ranges', collect)
    .option('--no-blackout', 'no such days')
    .option('--additions-only <from..to>', 'days on which nothing is changed or removed; as above', collect)
    .option('--no-additions-only', 'no such days')
    .action((options: SetScheduleFlags) => run(async () => (await load()).setSchedule(options)))
  addOne('show', 'one schedule').action((options: ScheduleFlags) =>
    run(async () => (await load()).showSchedule(options)),
  )
  addOne('pause', 'start no run until it is resumed').action((options: ScheduleFlags) =>
    run(async () => (await load()).changeSchedule('pause', options)),
  )
  addOne('resume', 'start runs again').action((options: ScheduleFlags) =>
    run(async () => (await load()).changeSchedule('resume', options)),
  )
  addOne('remove', 'import by hand only').action((options: ScheduleFlags) =>
    run(async () => (await load()).removeSchedule(options)),
  )
  addOne('log', 'what came of each time it was due')
    .option('--limit <n>', 'the newest so many', parseCount, 50)
    .action((options: ScheduleLogFlags) => run(async () => (await load()).showScheduleLog(options)))
  schedule
    .command('list')
    .description('all schedules, with the next time of each')
    .option('--district <slug>', 'only of this district')
    .addOption(jsonOption())
    .action((options: ScheduleListFlags) => run(async () => (await load()).listSchedules(options)))
}

/** Commander gives `true` for the value before when only the option's negation is known to it. */
function collect(text: string, before: readonly string[] | boolean | undefined): readonly string[] {
  return Array.isArray(before) ? [...(before as readonly string[]), text] : [text] // what this function gave before
}
