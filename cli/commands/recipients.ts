import type { NotificationSettings } from '../../api/contract/notification.ts'
import type { ApiClient } from '../server/api-client.ts'
import { connectToServer } from '../server/connect.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import type { DistrictFlag, RecipientFlags } from '../notification-commands.ts'
import { countOf, printJson, printTable, say } from '../print.ts'

export async function listRecipients(options: DistrictFlag): Promise<number> {
  const items = await fetchSettings(connectToServer(), options.district)
  if (options.json) await printJson(items)
  else
    await printTable(
      ['data type', 'recipients', 'reminders after days'],
      items.map(({ dataType, recipients, reminderDays }) => [dataType, recipients.join(', '), reminderDays.join(', ')]),
    )
  return exitCodes.done
}

/** An address that is there already, or is not, is no failure. */
export async function changeRecipients(
  change: 'add' | 'remove',
  args: readonly string[],
  { district, dataType, ...options }: RecipientFlags,
): Promise<number> {
  const api = connectToServer()
  const named = args.flatMap((arg) => arg.split(/[\s,;]+/)).filter((address) => address !== '')
  const before = (await fetchSettings(api, district)).find((one) => one.dataType === dataType)
  if (before === undefined) throw new CommandFailure(`there is no data type "${dataType}"`, exitCodes.wrongUsage)
  const lower = new Set(named.map((address) => address.toLowerCase()))
  const others = before.recipients.filter((address) => !lower.has(address.toLowerCase()))
  const byText = new Map(named.map((address) => [address.toLowerCase(), address]))
  const recipients = change === 'add' ? [...others, ...byText.values()] : others
  const path = `${pathOf(district)}/${encodeURIComponent(dataType)}`
  const json = { recipients, reminderDays: before.reminderDays }
  const after = await api.sendForJson<NotificationSettings>('PUT', path, { json })
  if (options.json) await printJson(after)
  say(
    `${countOf(after.recipients.length, 'recipient')} ${after.recipients.length === 1 ? 'is' : 'are'} told of ${dataType}.`,
  )
  return exitCodes.done
}

async function fetchSettings(api: ApiClient, district: string): Promise<readonly NotificationSettings[]> {
  return (await api.get<{ items: NotificationSettings[] }>(pathOf(district))).items
}

function pathOf(district: string): string {
  return `/api/districts/${encodeURIComponent(district)}/notifications`
}
