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
    .description('who is told by mail, of which data type')
    .requiredOption('--district <slug>', 'the short name of the district')
    .addOption(jsonOption())
    .action((options: DistrictFlag) =>
      run(async () => (await import('./commands/recipients.ts')).listRecipients(options)),
    )
  for (const change of ['add', 'remove'] as const) {
    recipients
      .command(change)
      .description(change === 'add' ? 'tell these addresses by mail' : 'tell these addresses no more')
      .argument('<addresses...>', 'separated by commas or spaces')
      .requiredOption('--district <slug>', 'the short name of the district')
      .requiredOption('--data-type <type>', 'what they are told of, students')
      .addOption(jsonOption())
      .action((addresses: string[], options: RecipientFlags) =>
        run(async () => (await import('./commands/recipients.ts')).changeRecipients(change, addresses, options)),
      )
  }
}

function addWebhookCommands(program: Command, run: Runner): void {
  const webhookChanges = {
    enable: 'let it be posted to again',
    disable: 'post nothing to it until it is enabled',
    remove: 'forget it and its secret',
  }
  const webhook = program.command('webhook').description('signed events for other programs')
  webhook
    .command('add')
    .description('add one and print its secret, once')
    .requiredOption('--district <slug>', 'the short name of the district')
    .requiredOption('--url <url>', 'where to post, https://…')
    .option('--name <name>', 'what people call it')
    .option('--event <kind...>', 'only these kinds; docs/reference/events.md lists them')
    .addOption(jsonOption())
    .action((options: WebhookFlags) => run(async () => (await import('./commands/webhook.ts')).addWebhook(options)))
  webhook
    .command('list')
    .description('webhooks, and whether they work')
    .requiredOption('--district <slug>', 'the short name of the district')
    .addOption(jsonOption())
    .action((options: DistrictFlag) => run(async () => (await import('./commands/webhook.ts')).listWebhooks(options)))
  for (const change of ['enable', 'disable', 'remove'] as const) {
    webhook
      .command(change)
      .description(webhookChanges[change])
      .argument('<id>', 'the webhook, as `webhook list` prints it')
      .requiredOption('--district <slug>', 'the short name of the district')
      .addOption(jsonOption())
      .action((id: string, options: DistrictFlag) =>
        run(async () => (await import('./commands/webhook.ts')).changeWebhook(change, id, options)),
      )
  }
  webhook
    .command('rotate')
    .description('give it a new secret and print that, once; for a while both sign')
    .argument('<id>', 'the webhook, as `webhook list` prints it')
    .requiredOption('--district <slug>', 'the short name of the district')
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
    .description('mails and webhooks that went out or wait, the newest first')
    .requiredOption('--district <slug>', 'the short name of the district')
    .option('--state <state>', 'pending, sent or gaveUp')
    .option('--webhook <id>', 'only to this webhook')
    .option('--run <id>', 'only about this run')
    .addOption(jsonOption())
    .action((options: DeliveryFlags) =>
      run(async () => (await import('./commands/delivery.ts')).listDeliveries(options)),
    )
  for (const name of ['show', 'redeliver'] as const) {
    delivery
      .command(name)
      .description(name === 'show' ? 'with the log of its attempts' : 'once more; it goes out within a minute')
      .argument('<id>', 'the delivery, as `delivery list` prints it')
      .requiredOption('--district <slug>', 'the short name of the district')
      .addOption(jsonOption())
      .action((id: string, options: DistrictFlag) =>
        run(async () => (await import('./commands/delivery.ts')).showDelivery(name, id, options)),
      )
  }
}
