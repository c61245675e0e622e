import { Option, type Command } from 'commander'
import { jsonOption, parseCount, type JsonFlag, type Runner } from './options.ts'

export type StartFlags = JsonFlag & {
  readonly connection: string
  readonly dataType: string
  readonly test?: true
  readonly draft?: true
  readonly wait: boolean
}
export type RerunFlags = JsonFlag & {
  readonly test?: true
  readonly mapping: 'today' | 'then'
  readonly wait: boolean
}
export type RunListFlags = JsonFlag & {
  readonly district?: string
  readonly dataType?: string
  readonly limit: number
}
export type TableFlags = JsonFlag & {
  readonly csv?: true
  readonly raw?: true
  /** Of findings. */
  readonly rule?: string
  readonly severity?: string
  readonly file?: string
  /** Of a plan. */
  readonly action?: string
  readonly school?: string
  readonly field?: string
}
export type ExportFlags = JsonFlag & { readonly output: string }
export type CancelFlags = JsonFlag & { readonly reason?: string }

/** Commands about runs that exist, or that start from a connection; `import` stands beside them in program.ts. */
export function addRunCommands(program: Command, run: Runner): void {
  const runs = program.command('run').description('import runs')
  runs
    .command('start')
    .description('start a run of a connection and wait for it; an uploading connector takes its last input again')
    .requiredOption('--connection <id>', 'the connection to import from')
    .requiredOption('--data-type <type>', 'what to import, students; all for every data type, one run each')
    .option('--test', 'stop after the plan and change nothing')
    .option('--draft', 'of a test: with the draft of the configuration')
    .option('--no-wait', 'return at once')
    .addOption(jsonOption())
    .action((options: StartFlags) => run(async () => (await import('./commands/runs/run.ts')).startRun(options)))
  runs
    .command('list')
    .description('runs, the newest first, of which kind each is, and how it stands')
    .option('--district <slug>', 'only of this district')
    .option('--data-type <type>', 'only of this data type')
    .option('--limit <n>', 'the newest so many', parseCount, 50)
    .addOption(jsonOption())
    .action((options: RunListFlags) => run(async () => (await import('./commands/runs/run.ts')).listRuns(options)))
  runs
    .command('show')
    .description('one run: state, counts, findings by rule, alerts, and what to do')
    .argument('<id>', 'the run; a unique beginning of its id is enough')
    .addOption(jsonOption())
    .action((id: string, options: JsonFlag) =>
      run(async () => (await import('./commands/runs/run.ts')).showRun(id, options)),
    )
  runs
    .command('wait')
    .description('wait until the run needs nobody or waits for somebody')
    .argument('<id>', 'the run; a unique beginning of its id is enough')
    .addOption(jsonOption())
    .action((id: string, options: JsonFlag) =>
      run(async () => (await import('./commands/runs/run.ts')).waitAndPrint(id, options)),
    )
  runs
    .command('rerun')
    .description('run the archived input of a run again, as a new run, and wait for it')
    .argument('<id>', 'the run; a unique beginning of its id is enough')
    .option('--test', 'stop after the plan and change nothing')
    .addOption(
      new Option('--mapping <which>', "today's mapping or the one of then").choices(['today', 'then']).default('today'),
    )
    .option('--no-wait', 'return at once')
    .addOption(jsonOption())
    .action((id: string, options: RerunFlags) =>
      run(async () => (await import('./commands/runs/run.ts')).rerunRun(id, options)),
    )
  runs
    .command('cancel')
    .description('stop a run; what it applied before stands in its log and can be undone')
    .argument('<id>', 'the run; a unique beginning of its id is enough')
    .option('--reason <text>', 'why, for whoever looks at the run later')
    .addOption(jsonOption())
    .action((id: string, options: CancelFlags) =>
      run(async () => (await import('./commands/decide.ts')).cancelRun(id, options)),
    )
  addRunDataCommands(runs, run)
  addHoldCommands(program, run)
}

function addRunDataCommands(runs: Command, run: Runner): void {
  const filters = {
    findings: [
      ['--rule <ids>', 'with --csv or --json: only of these rules, separated by commas'],
      ['--severity <names>', 'with --csv or --json: only block, error, warning, info'],
      ['--file <name>', 'with --csv or --json: only in this file'],
    ],
    plan: [
      ['--action <names>', 'only create, update, deactivate, reactivate, unchanged, skip; several separated by commas'],
      ['--school <key>', 'only rows that count at the school with this source key'],
      ['--field <name>', 'only rows that change this field'],
    ],
  } as const
  for (const part of ['findings', 'plan'] as const) {
    const command = runs.command(part)
    for (const [flags, description] of filters[part]) command.option(flags, description)
    command
      .description(part === 'findings' ? 'what was wrong with the input' : 'what the run does, row by row')
      .argument('<id>', 'the run; a unique beginning of its id is enough')
      .option('--csv', 'every row, as CSV')
      .option('--raw', 'for machines: with --csv every value as it is, also what a spreadsheet takes for a formula')
      .addOption(jsonOption().conflicts('csv'))
      .action((id: string, options: TableFlags) =>
        run(async () => (await import('./commands/runs/run-data.ts')).printRunPart(part, id, options)),
      )
  }
  runs
    .command('export')
    .description('summary, findings, changes and the original input as a ZIP')
    .argument('<id>', 'the run; a unique beginning of its id is enough')
    .requiredOption('-o, --output <file.zip>', 'where to write it')
    .addOption(jsonOption())
    .action((id: string, options: ExportFlags) =>
      run(async () => (await import('./commands/runs/run-data.ts')).exportRun(id, options)),
    )
}

function addHoldCommands(program: Command, run: Runner): void {
  const hold = program.command('hold').description('decide about a held run')
  for (const decision of ['approve', 'discard'] as const) {
    hold
      .command(decision)
      .description(decision === 'approve' ? 'apply what was kept back' : 'leave everything as it is')
      .argument('<runId>', 'the run; a unique beginning of its id is enough')
      .addOption(jsonOption())
      .action((id: string, options: JsonFlag) =>
        run(async () => (await import('./commands/decide.ts')).decideHold(decision, id, options)),
      )
  }
}
