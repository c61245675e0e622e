import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { checkPackage } from '../connectors/oneroster-csv/check/check-package.ts'
import type { PackageCheck } from '../connectors/oneroster-csv/check/check-package.ts'
import { UsableRows } from '../connectors/oneroster-csv/check/usable-rows.ts'
import { openPackage } from '../connectors/oneroster-csv/package/open-package.ts'
import type { PackageSource } from '../connectors/oneroster-csv/package/package-source.ts'
import { openFileInput } from '../connectors/kit/file-input.ts'
import { openFolderInput } from '../connectors/kit/folder-input.ts'
import type { Profile } from '../domain/import-rules/finding.ts'
import { CommandFailure, exitCodes } from './exit-codes.ts'
import { FindingTally } from './report/finding-tally.ts'
import { printJson, printLine } from './print.ts'
import { createValidateProgress } from './report/validate-progress.ts'
import { printReport } from './report/validate-report.ts'
import type { ValidateReport, Verdict } from './report/validate-report.ts'

const purposes = ['students', 'roster', 'all'] as const
type Purpose = (typeof purposes)[number]
const profiles = ['default', 'strict'] as const

export type ValidateOptions = {
  readonly path: string
  readonly profile: Profile
  /** What the package must have a usable row of, so as not to be refused. */
  readonly for: Purpose
  readonly isJson: boolean
  /** How many findings are kept to be listed; all are counted. */
  readonly limit: number
}

const usage =
  'usage: rollbook validate <zip or folder> [--profile default|strict] [--for students|roster|all] [--limit <n>] [--json]'

/**
 * `rollbook validate`: checks a package without any server. Gives the exit code: 0 accepted, with warnings or
 * without, 3 refused. Throws CommandFailure for wrong usage.
 */
export async function runValidate(args: readonly string[]): Promise<number> {
  const options = parseOptions(args)
  if (options === undefined) {
    if (args.includes('--json')) await printJson({ help: usage })
    else await printLine(usage)
    return exitCodes.done
  }
  const { source, close } = await openSource(options.path)
  try {
    return await validate(source, options)
  } finally {
    await close()
  }
}

async function validate(source: PackageSource, options: ValidateOptions): Promise<number> {
  const tally = new FindingTally(options.limit)
  const { profile } = options
  const opened = await openPackage(source, { profile, sink: tally.add })
  const progress = await createValidateProgress(opened)
  const usable = options.for === 'students' ? new UsableRows() : undefined
  const check = await checkPackage(opened, {
    profile,
    sink: tally.add,
    today: new Date().toISOString().slice(0, 10),
    onRow: usable,
    drain: (read) => {
      progress.report(read)
      return Promise.resolve()
    },
  }).finally(() => {
    progress.end()
  })
  const reason = check.isBlocked ? undefined : findRefusal(check, options.for, usable)
  const report: ValidateReport = {
    package: source.name,
    profile,
    version: check.version,
    verdict: check.isBlocked || reason !== undefined ? 'refused' : deriveVerdict(tally),
    ...(reason !== undefined && { reason }),
    files: check.files,
    findings: tally.kept,
    byRule: tally.byRule(),
  }
  if (options.isJson) await printJson(report)
  else await printReport(report, tally)
  return report.verdict === 'refused' ? exitCodes.refusedOrCancelled : exitCodes.done
}

function deriveVerdict(tally: FindingTally): Verdict {
  return tally.countOf('error') + tally.countOf('warning') > 0 ? 'acceptedWithWarnings' : 'accepted'
}

/** Why a package without a blocking finding is refused all the same. */
function findRefusal(check: PackageCheck, purpose: Purpose, usable: UsableRows | undefined): string | undefined {
  if (Object.keys(check.files).length === 0) return 'the manifest lists no file that is read'
  const accepted = (file: string): number => check.files[file]?.accepted ?? 0
  switch (purpose) {
    case 'all':
      return Object.keys(check.files).some((file) => accepted(file) > 0) ? undefined : 'no row is usable'
    case 'roster':
      if (accepted('orgs') === 0) return 'no row of orgs.csv is usable'
      return accepted('users') === 0 ? 'no row of users.csv is usable' : undefined
    case 'students':
      if ((usable?.counts.schools ?? 0) === 0) return 'no school is usable'
      return (usable?.counts.students ?? 0) === 0 ? 'no student is usable' : undefined
  }
}

async function openSource(path: string): Promise<{ source: PackageSource; close: () => Promise<void> }> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    throw new CommandFailure(`there is no file or folder ${path}`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
  }
  if (found.isDirectory()) return { source: openFolderInput(path), close: () => Promise.resolve() }
  const file = await openFileInput(path)
  return { source: file, close: () => file.close() }
}

/** Undefined when help is asked for. */
function parseOptions(args: readonly string[]): ValidateOptions | undefined {
  const { values, positionals } = readArguments(args)
  if (values.help === true) return undefined
  const [path, surplus] = positionals
  if (path === undefined || surplus !== undefined) throw wrongUsage('name one package')
  return {
    path,
    profile: pick('--profile', values.profile, profiles),
    for: pick('--for', values.for, purposes),
    isJson: values.json === true,
    limit: parseLimit(values.limit),
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        profile: { type: 'string', default: 'default' },
        for: { type: 'string', default: 'all' },
        limit: { type: 'string', default: '1000' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw wrongUsage(describeArgumentError(error))
  }
}

/** The parser's own words tell of `--` and positional arguments, which nobody meant. */
function describeArgumentError(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  const [, unknown] = /^Unknown option '(-[^']*)'/.exec(words) ?? []
  if (unknown === undefined) return words
  const options = ['--profile', '--for', '--limit', '--json', '--help']
  const near = options.find((option) => option.startsWith(unknown) || unknown.startsWith(option))
  return `unknown option ${unknown}${near === undefined ? '' : `; did you mean ${near}?`}`
}

function pick<Choice extends string>(option: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw wrongUsage(`${option} is one of: ${choices.join(', ')}`)
  return found
}

function parseLimit(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw wrongUsage('--limit is a whole number')
  return Number(text)
}

function wrongUsage(message: string): CommandFailure {
  return new CommandFailure(`${message}\n${usage}`, exitCodes.wrongUsage)
}
