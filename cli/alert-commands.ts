import type { Command } from 'commander'
import { jsonOption, type JsonFlag, type Runner } from './options.ts'

export type AlertListFlags = JsonFlag & { readonly district?: string; readonly dataType?: string }
export type AlertDecideFlags = JsonFlag & {
  readonly match?: string
  readonly create?: true
  readonly exchange?: true
  readonly leave?: true
  readonly cancel?: true
}
export type AlertProcessFlags = JsonFlag & { readonly district: string; readonly dataType: string }

export function addAlertCommands(program: Command, run: Runner): void {
  const alert = program
    .command('alert')
    .description('what asks for a person: duplicate cases, identity conflicts, and their resolution')
  alert
    .command('list')
    .description('open cases, the best candidate first')
    .option('--district <slug>', 'only of this district')
    .option('--data-type <type>', 'only of this data type')
    .addOption(jsonOption())
    .action((options: AlertListFlags) => run(async () => (await import('./commands/alert.ts')).listAlerts(options)))
  alert
    .command('decide')
    .description('decide a case: it is this record, it is somebody new, the feed is wrong, or take a decision back')
    .argument('<caseId>', 'the case; a unique beginning of its id is enough')
    .option('--match <sisId>', 'it is this candidate, named by its sisId or by our id')
    .option('--create', 'it is a record of its own')
    .option('--exchange', 'the records of the case really exchanged their ids')
    .option('--leave', 'the feed is wrong: leave all records of the case as they are')
    .option('--cancel', 'take a decision back that was not carried out')
    .addOption(jsonOption())
    .action((id: string, options: AlertDecideFlags) =>
      run(async () => (await import('./commands/alert.ts')).decideAlert(id, options)),
    )
  alert
    .command('process')
    .description('carry out what was decided; undecided cases stay open')
    .requiredOption('--district <slug>', 'the short name of the district')
    .requiredOption('--data-type <type>', 'whose cases, students')
    .addOption(jsonOption())
    .action((options: AlertProcessFlags) =>
      run(async () => (await import('./commands/alert.ts')).carryOutAlerts(options)),
    )
  alert
    .command('unmerge')
    .description('take a match back that was carried out, or that a feed was said to be wrong')
    .argument('<caseId>', 'the case; a unique beginning of its id is enough')
    .addOption(jsonOption())
    .action((id: string, options: JsonFlag) =>
      run(async () => (await import('./commands/alert.ts')).unmergeAlert(id, options)),
    )
}
