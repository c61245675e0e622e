import type { Delivery, DeliveryWithAttempts } from '../../api/contract/notification.ts'
import { connectToServer } from '../server/connect.ts'
import { readDistrictClocks } from '../server/district-clocks.ts'
import { exitCodes } from '../exit-codes.ts'
import { printJsonPages } from '../server/json-pages.ts'
import type { DeliveryFlags, DistrictFlag } from '../notification-commands.ts'
import { printJson, printTable, say } from '../print.ts'

export async function listDeliveries({ district, state, webhook, run, json }: DeliveryFlags): Promise<number> {
  const pages = connectToServer().pages<Delivery>(pathOf(district), { state, webhook, run })
  if (json) {
    await printJsonPages(pages)
    return exitCodes.done
  }
  const rows: string[][] = []
  for await (const page of pages) rows.push(...page.map(toRow))
  await printTable(['delivery', 'event', 'to', 'state', 'attempts', 'last'], rows)
  return exitCodes.done
}

export async function showDelivery(
  name: 'show' | 'redeliver',
  id: string,
  { district, json }: DistrictFlag,
): Promise<number> {
  const api = connectToServer()
  const path = `${pathOf(district)}/${encodeURIComponent(id)}`
  const delivery =
    name === 'show'
      ? await api.get<DeliveryWithAttempts>(path)
      : await api.post<DeliveryWithAttempts>(`${path}/redeliver`, {})
  if (json) await printJson(delivery)
  else {
    const clocks = await readDistrictClocks(api)
    await printTable(['delivery', 'event', 'to', 'state', 'attempts', 'last'], [toRow(delivery)])
    await printTable(
      ['attempt', 'at', 'took ms', 'answer'],
      delivery.log.map(({ attempt, at, tookMs, code }) => [
        ...[String(attempt), clocks(delivery.district, at), String(tookMs), code],
      ]),
    )
  }
  if (name === 'redeliver') say('It goes out within a minute.')
  return exitCodes.done
}

function toRow({ id, kind, recipient, webhook, state, attempts, lastCode }: Delivery): string[] {
  return [id, kind, recipient ?? `webhook ${webhook ?? ''}`, state, String(attempts), lastCode ?? '']
}

function pathOf(district: string): string {
  return `/api/districts/${encodeURIComponent(district)}/deliveries`
}
