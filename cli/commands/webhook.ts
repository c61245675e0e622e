import type { Webhook, WebhookWithSecret } from '../../api/contract/notification.ts'
import { connectToServer } from '../server/connect.ts'
import { readDistrictClocks } from '../server/district-clocks.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import type { DistrictFlag, RotateFlags, WebhookFlags } from '../notification-commands.ts'
import { printJson, printLine, printTable, say } from '../print.ts'

export async function addWebhook({ district, url, name, event, json }: WebhookFlags): Promise<number> {
  const wanted = { url, ...(name === undefined ? {} : { name }), ...(event === undefined ? {} : { kinds: event }) }
  const webhook = await connectToServer().post<WebhookWithSecret>(pathOf(district), wanted)
  await printSecret(webhook, json)
  return exitCodes.done
}

export async function listWebhooks({ district, json }: DistrictFlag): Promise<number> {
  const api = connectToServer()
  const { items } = await api.get<{ items: Webhook[] }>(pathOf(district))
  if (json) await printJson(items)
  else {
    const clocks = await readDistrictClocks(api)
    await printTable(
      ['webhook', 'name', 'url', 'events', 'state'],
      items.map((webhook) => [
        webhook.id,
        webhook.name,
        webhook.url,
        webhook.kinds?.join(', ') ?? 'all',
        describeState(webhook, (at) => clocks(district, at)),
      ]),
    )
  }
  return exitCodes.done
}

export async function changeWebhook(
  change: 'enable' | 'disable' | 'remove',
  id: string,
  { district, json }: DistrictFlag,
): Promise<number> {
  const api = connectToServer()
  const path = `${pathOf(district)}/${encodeURIComponent(id)}`
  if (change === 'remove') {
    await api.send('DELETE', path)
    if (json) await printJson({ id, removed: true })
    say(`Webhook ${id} is gone.`)
    return exitCodes.done
  }
  const webhook = await api.sendForJson<Webhook>('PATCH', path, { json: { isEnabled: change === 'enable' } })
  if (json) await printJson(webhook)
  const clocks = await readDistrictClocks(api)
  say(`Webhook ${id}: ${describeState(webhook, (at) => clocks(district, at))}.`)
  return exitCodes.done
}

export async function rotateSecret(id: string, { district, overlapHours, json }: RotateFlags): Promise<number> {
  const hours = Number(overlapHours)
  if (!Number.isFinite(hours) || hours < 0) {
    throw new CommandFailure(`"${overlapHours}" is not a number of hours`, exitCodes.wrongUsage)
  }
  const path = `${pathOf(district)}/${encodeURIComponent(id)}/rotate`
  await printSecret(await connectToServer().post<WebhookWithSecret>(path, { overlapHours: hours }), json)
  return exitCodes.done
}

/** The secret is the one thing a script wants of this: it stands alone on standard output. */
async function printSecret(webhook: WebhookWithSecret, json: true | undefined): Promise<void> {
  if (json) await printJson(webhook)
  else await printLine(webhook.secret)
  say(`This is the secret of webhook ${webhook.id}; it is not shown again.`)
  if (webhook.note !== undefined) say(webhook.note)
}

function describeState({ isEnabled, disabledReason, failingSince }: Webhook, showTime: (at: string) => string): string {
  if (!isEnabled) return disabledReason === null ? 'disabled' : `disabled: ${disabledReason}`
  return failingSince === null ? 'enabled' : `enabled, failing since ${showTime(failingSince)}`
}

function pathOf(district: string): string {
  return `/api/districts/${encodeURIComponent(district)}/webhooks`
}
