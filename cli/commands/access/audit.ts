import type { AuditEntry, AuditVerification } from '../../../api/contract/audit.ts'
import type { AuditFlags, AuditListFlags } from '../../access-commands.ts'
import { exitCodes } from '../../exit-codes.ts'
import { printBody, printJson, printTable, say } from '../../print.ts'
import { connectToServer } from '../../server/connect.ts'
import { printJsonPages } from '../../server/json-pages.ts'

export async function listAudit(options: AuditListFlags): Promise<number> {
  const { action, actor, from, to, csv, json } = options
  const query = { action, actor, from, to }
  const api = connectToServer()
  if (csv) {
    await printBody(await api.send('GET', pathOf(options), { query: { ...query, format: 'csv' } }))
    return exitCodes.done
  }
  const pages = api.pages<AuditEntry>(pathOf(options), query)
  if (json) {
    await printJsonPages(pages)
    return exitCodes.done
  }
  const entries: AuditEntry[] = []
  for await (const page of pages) entries.push(...page)
  await printTable(
    ['entry', 'when', 'who', 'what', 'of', 'from'],
    entries.map(({ seq, at, actor: by, action: what, subject, address }) => [
      String(seq),
      at,
      by,
      what,
      JSON.stringify(subject),
      address ?? '',
    ]),
  )
  return exitCodes.done
}

export async function verifyAudit(options: AuditFlags): Promise<number> {
  const report = await connectToServer().get<AuditVerification>(`${pathOf(options)}/verify`)
  if (options.json) await printJson(report)
  const { broken, count, head } = report
  if (broken === null) {
    say(`The chain of ${count} entries is whole; its last hash is ${head ?? 'none'}.`)
    return exitCodes.done
  }
  say(`Entry ${broken.seq}${broken.entryId === null ? '' : ` (${broken.entryId})`}: ${broken.message}`)
  return exitCodes.openAlerts
}

/** What belongs to no district has a log of its own. */
function pathOf({ district }: AuditFlags): string {
  return district === undefined ? '/api/audit' : `/api/districts/${encodeURIComponent(district)}/audit`
}
