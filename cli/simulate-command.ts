import { Option, type Command } from 'commander'
import { jsonOption, parseCount, type JsonFlag, type Runner } from './options.ts'

export type SimulateFlags = JsonFlag & {
  readonly port?: number
  readonly students: number
  readonly fault: readonly string[]
  readonly oneroster: '1.1' | '1.2'
  readonly auth?: 'oauth1' | 'oauth2'
  readonly signature: 'HMAC-SHA256' | 'HMAC-SHA1'
  readonly booleans: 'text' | 'json'
  readonly tls?: true
  readonly pageCap?: number
  readonly seed: number
  readonly day: number
}

export function addSimulateCommand(program: Command, run: Runner): void {
  program
    .command('simulate')
    .description('serve a stand-in for a source system on loopback until it is stopped')
    .argument('<connector>', 'which system: oneroster-rest')
    .option('--port <n>', 'where it listens; a free port without it', parseCount)
    .option('--students <n>', 'how many students the invented district has', parseCount, 1000)
    .option(
      '--fault <name>',
      'what goes wrong, as connection-cut or connection-cut:page=9,collection=users; may be given several times',
      (fault: string, faults: readonly string[]) => [...faults, fault],
      [],
    )
    .addOption(new Option('--oneroster <version>', 'which version it speaks').choices(['1.1', '1.2']).default('1.1'))
    .addOption(new Option('--auth <kind>', 'by itself oauth1 for 1.1 and oauth2 for 1.2').choices(['oauth1', 'oauth2']))
    .addOption(
      new Option('--signature <method>', 'of OAuth 1.0a').choices(['HMAC-SHA256', 'HMAC-SHA1']).default('HMAC-SHA256'),
    )
    .addOption(new Option('--booleans <form>', 'as "true", or as true').choices(['text', 'json']).default('text'))
    .option('--tls', 'HTTPS, with a CA made for this start; the settings have its certificate')
    .option('--page-cap <n>', 'no page has more rows, whatever is asked for', parseCount)
    .option('--seed <n>', 'the same seed makes the same district', parseCount, 1)
    .option('--day <n>', 'the district on a later day, when people have come, left and changed', parseCount, 1)
    .addOption(jsonOption())
    .action((connector: string, options: SimulateFlags) =>
      run(async () => (await import('./commands/simulate.ts')).simulate(connector, options)),
    )
}
