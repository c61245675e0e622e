import type { Command } from 'commander'
import { jsonOption, parseCount, type JsonFlag, type Runner } from '../../options.ts'

export type ConfigFlags = JsonFlag & { readonly connection: string; readonly dataType: string }
export type LintFlags = JsonFlag & { readonly connection?: string; readonly dataType?: string }
export type ImportConfigFlags = ConfigFlags & { readonly draft?: true }
export type CompareFlags = ConfigFlags & { readonly from: string; readonly to: string }
export type ResetFlags = ConfigFlags & { readonly district: string }

/** Commands about import configurations: what is in force, the draft of the next one, and the versions of before. */
export function addConfigCommands(program: Command, run: Runner): void {
  const config = program.command('config').description('import configurations')
  for (const name of ['show', 'export'] as const) {
    configured(config, name)
      .description(name === 'show' ? 'print the configuration' : 'print it, or write it to a file, as one document')
      .argument('[file.json]', 'where to write it')
      .action((file: string | undefined, options: ConfigFlags) =>
        run(async () => (await import('./show.ts')).showConfiguration(file, options)),
      )
  }
  configured(config, 'import')
    .description('put a configuration from a file into force as the next version')
    .argument('<file.json>', 'as `config export` writes it')
    .option('--draft', 'as the draft, to be looked at and started')
    .action((file: string, options: ImportConfigFlags) =>
      run(async () => (await import('./import.ts')).importConfiguration(file, options)),
    )
  config
    .command('lint')
    .description('say what is missing or contradictory: in a file, without any server, or in the draft of a connection')
    .argument('[file.json]', 'as `config export` writes it')
    .option('--connection <id>', 'whose draft, where no file is named')
    .option('--data-type <type>', 'of what')
    .addOption(jsonOption())
    .action((file: string | undefined, options: LintFlags) =>
      run(async () => (await import('./lint.ts')).lintConfiguration(file, options)),
    )
  addDraftCommands(config, run)
  addVersionCommands(config, run)
  addSwitches(config, run)
}

function addDraftCommands(config: Command, run: Runner): void {
  const draft = config.command('draft').description('the draft of the next version')
  configured(draft, 'show')
    .description('print the draft, or write it to a file; where there is none, the version in force to begin with')
    .argument('[file.json]', 'where to write it')
    .action((file: string | undefined, options: ConfigFlags) =>
      run(async () => (await import('./draft.ts')).showDraft(file, options)),
    )
  configured(draft, 'save')
    .description('save the draft from a file, be it unfinished')
    .argument('<file.json>', 'as `config draft show` wrote it, and edited since')
    .action((file: string, options: ConfigFlags) =>
      run(async () => (await import('./draft.ts')).saveDraft(file, options)),
    )
  configured(draft, 'discard')
    .description('throw the draft away; the version in force stays')
    .action((options: ConfigFlags) => run(async () => (await import('./draft.ts')).discardDraft(options)))
}

function addVersionCommands(config: Command, run: Runner): void {
  configured(config, 'versions')
    .description('the versions, the newest first, who made each, and which is in force')
    .action((options: ConfigFlags) => run(async () => (await import('./versions.ts')).listVersions(options)))
  configured(config, 'compare')
    .description('what differs between two versions, field by field')
    .requiredOption('--from <version>', 'its number, inForce or draft')
    .option('--to <version>', 'its number, inForce or draft', 'draft')
    .action((options: CompareFlags) => run(async () => (await import('./versions.ts')).compareVersions(options)))
  configured(config, 'bring-back')
    .description('make an old version the draft; where there is a draft, discard it first')
    .argument('<version>', 'its number', parseCount)
    .action((version: number, options: ConfigFlags) =>
      run(async () => (await import('./versions.ts')).bringBackVersion(version, options)),
    )
}

function addSwitches(config: Command, run: Runner): void {
  for (const name of ['start', 'resume'] as const) {
    configured(config, name)
      .description(
        name === 'start'
          ? 'put the draft into force, turn its schedule on, and run at once'
          : 'go on with a configuration that was disabled; the same as start',
      )
      .action((options: ConfigFlags) => run(async () => (await import('./switches.ts')).startConfiguration(options)))
  }
  configured(config, 'disable')
    .description('start no run by itself, and keep the configuration')
    .action((options: ConfigFlags) => run(async () => (await import('./switches.ts')).disableConfiguration(options)))
  configured(config, 'reset')
    .description('disable it and go back to the shipped mapping; no record is deleted')
    .requiredOption(
      '--district <slug>',
      'the district that the connection belongs to, so that nobody resets another one',
    )
    .action((options: ResetFlags) => run(async () => (await import('./switches.ts')).resetConfiguration(options)))
}

function configured(parent: Command, name: string): Command {
  return parent
    .command(name)
    .requiredOption('--connection <id>', 'whose configuration')
    .requiredOption('--data-type <type>', 'of what')
    .addOption(jsonOption())
}
