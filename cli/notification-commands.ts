import type { Command } from 'commander'
import { jsonOption, type JsonFlag, type Runner } from './options.ts'

export type DistrictFlag = JsonFlag & { readonly district: string }
export type RecipientFlags = DistrictFlag & { readonly dataType: string }
export type WebhookFlags = DistrictFlag & {
  readonly url: string
  readonly name?: string
  readonly event?: readonly string[]
}
export type RotateFlags = DistrictFlag & { readonly overlapHours: string }
export type DeliveryFlags = DistrictFlag & {
  readonly state?: string
  readonly webhook?: string
  readonly run?: string
}

/** Who is told of what, and what became of it. */
export function addNotificationCommands(program: Command, run: Runner): void {
  addRecipientCommands(program, run)
  addWebhookCommands(program, run)
  addDeliveryCommands(program, run)
}

function addRecipientCommands(program: Command, run: Runner): void {
  const recipients = program.command('recipients').description('who is told by mail')
  recipients
    .command('list')
    .requiredOption('--district <slug>')
    .addOption(jsonOption())
    .action((options: DistrictFlag) =>
      run(async () => (await import('./commands/recipients.ts')).listRecipients(options)),
    )
  for (const change of ['add', 'remove'] as const) {
    recipients
      .command(change)
      .argument('<addresses...>', 'separated by commas or spaces')
      .requiredOption('--district <slug>')
      .requiredOption('--data-type <type>', 'what they are told of, students')
      .addOption(jsonOption())
      .action((addresses: string[], options: RecipientFlags) =>
        run(async () => (await import('./commands/recipients.ts')).changeRecipients(change, addresses, options)),
      )
  }
}

function addWebhookCommands(program: Command, run: Runner): void {
  const webhook = program.command('webhook').description('signed events for other programs')
  webhook
    .command('add')
    .description('add one and print its secret, once')
    .requiredOption('--district <slug>')
    .requiredOption('--url <url>', 'https://…')
    .option('--name <name>')
    .option('--event <kind...>', 'only these kinds; docs/reference/events.md lists them')
    .addOption(jsonOption())
    .action((options: WebhookFlags) => run(async () => (await import('./commands/webhook.ts')).addWebhook(options)))
  webhook
    .command('list')
    .requiredOption('--district <slug>')
    .addOption(jsonOption())
    .action((options: DistrictFlag) => run(async () => (await import('./commands/webhook.ts')).listWebhooks(options)))
  for (const change of ['enable', 'disable', 'remove'] as const) {
    webhook
      .command(change)
      .argument('<id>')
      .requiredOption('--district <slug>')
      .addOption(jsonOption())
      .action((id: string, options: DistrictFlag) =>
        run(async () => (await import('./commands/webhook.ts')).changeWebhook(change, id, options)),
      )
  }
  webhook
    .command('rotate')
    .description('give it a new secret and print that, once; for a while both sign')
    .argument('<id>')
    .requiredOption('--district <slug>')
    .option('--overlap-hours <n>', 'how long both sign', '24')
    .addOption(jsonOption())
    .action((id: string, options: RotateFlags) =>
      run(async () => (await import('./commands/webhook.ts')).rotateSecret(id, options)),
    )
}

function addDeliveryCommands(program: Command, run: Runner): void {
  const delivery = program.command('delivery').description('mails and webhooks, and what became of them')
  delivery
    .command('list')
    .requiredOption('--district <slug>')
    .option('--state <state>', 'pending, sent or gaveUp')
    .option('--webhook <id>')
    .option('--run <id>')
    .addOption(jsonOption())
    .action((options: DeliveryFlags) =>
      run(async () => (await import('./commands/delivery.ts')).listDeliveries(options)),
    )
  for (const name of ['show', 'redeliver'] as const) {
    delivery
      .command(name)
      .description(name === 'show' ? 'with the log of its attempts' : 'once more; it goes out within a minute')
      .argument('<id>')
      .requiredOption('--district <slug>')
      .addOption(jsonOption())
      .action((id: string, options: DistrictFlag) =>
        run(async () => (await import('./commands/delivery.ts')).showDelivery(name, id, options)),
      )
  }
}
