import { Option, type Command } from 'commander'
import { jsonOption, type JsonFlag, type Runner } from './options.ts'

export type TokenListFlags = JsonFlag & { readonly district?: string }
export type TokenCreateFlags = JsonFlag & {
  readonly right: readonly string[]
  readonly district?: string
  readonly allDistricts?: true
  readonly school?: readonly string[]
  readonly expires: string
}

export type AuditFlags = JsonFlag & { readonly district?: string }
export type AuditListFlags = AuditFlags & {
  readonly action?: string
  readonly actor?: string
  readonly from?: string
  readonly to?: string
  readonly csv?: true
}

/** Who may come in, and what they did. */
export function addAccessCommands(program: Command, run: Runner): void {
  addTokenCommands(program, run)
  const audit = program.command('audit').description('who changed or decided what, when and from where')
  audit
    .command('list')
    .description('entries of the audit log, the newest first')
    .option('--district <slug>', 'of this district; without it, of what belongs to none')
    .option('--action <name>', 'only this action; docs/reference/rights.md lists them')
    .option('--actor <name>', 'only what this token or person did')
    .option('--from <time>', 'from then on, as 2026-09-01T00:00:00Z')
    .option('--to <time>', 'up to then')
    .option('--csv', 'as CSV')
    .addOption(jsonOption().conflicts('csv'))
    .action((options: AuditListFlags) =>
      run(async () => (await import('./commands/access/audit.ts')).listAudit(options)),
    )
  audit
    .command('verify')
    .description('compute the chain of the log anew, and name its first broken link')
    .option('--district <slug>', 'of this district; without it, of what belongs to none')
    .addOption(jsonOption())
    .action((options: AuditFlags) => run(async () => (await import('./commands/access/audit.ts')).verifyAudit(options)))
}

function addTokenCommands(program: Command, run: Runner): void {
  const token = program.command('token').description('tokens for machines and scripts')
  token
    .command('create')
    .description('make a token and print it, once')
    .argument('<name>', 'what it is for')
    .requiredOption('--right <right...>', 'what it may do; docs/reference/rights.md lists the rights')
    .option('--district <slug>', 'the one district it is good for')
    .addOption(new Option('--all-districts', 'it is good for all districts').conflicts('district'))
    .option('--school <id...>', 'it sees rows of these schools of the district alone')
    .option('--expires <when>', 'days from now, a time as 2027-06-30T00:00:00Z, or never', '365')
    .addOption(jsonOption())
    .action((name: string, options: TokenCreateFlags) =>
      run(async () => (await import('./commands/access/token.ts')).createToken(name, options)),
    )
  token
    .command('list')
    .description('tokens, with when each was last used, the newest first')
    .option('--district <slug>', 'of this district alone')
    .addOption(jsonOption())
    .action((options: TokenListFlags) =>
      run(async () => (await import('./commands/access/token.ts')).listTokens(options)),
    )
  token
    .command('revoke')
    .description('let a token in no more')
    .argument('<id>', 'the token, as `token list` prints it')
    .addOption(jsonOption())
    .action((id: string, options: JsonFlag) =>
      run(async () => (await import('./commands/access/token.ts')).revokeToken(id, options)),
    )
}
