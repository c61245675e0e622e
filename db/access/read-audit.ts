import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { AuditLog } from '../tables/districts.ts'

export type AuditRow = Selectable<AuditLog> & { readonly seq: number; readonly hash: Buffer }

export type AuditFilter = {
  readonly action?: string | undefined
  readonly actor?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** Entries of the transaction's district, the newest first, those before `beforeSeq`. */
export function listAuditEntries(
  trx: Transaction<Database>,
  { action, actor, from, to }: AuditFilter,
  page: { readonly beforeSeq: number | undefined; readonly limit: number },
): Promise<AuditRow[]> {
  let query = trx
    .selectFrom('auditChain')
    .innerJoin('auditLog', 'auditLog.id', 'auditChain.entryId')
    .selectAll('auditLog')
    .select(['auditChain.seq', 'auditChain.hash'])
  if (action !== undefined) query = query.where('action', '=', action)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<', to)
  if (page.beforeSeq !== undefined) query = query.where('auditChain.seq', '<', page.beforeSeq)
  return query.orderBy('auditChain.seq', 'desc').limit(page.limit).execute()
}

export type ChainProblem = 'missingLink' | 'missingEntry' | 'changedEntry' | 'unlinkedEntry' | 'missingEnd'

export type ChainReport = {
  readonly count: number
  /** Of the last link, in hexadecimal digits; null when there is none. Whoever keeps it elsewhere can compare. */
  readonly head: string | null
  readonly broken: { readonly problem: ChainProblem; readonly seq: number; readonly entryId: string | null } | null
}

/** Computes the chain of the transaction's district anew, and names its first broken link. */
export async function verifyAuditChain(trx: Transaction<Database>): Promise<ChainReport> {
  const { rows } = await sql<ChainReport['broken'] & object>`
    with linked as (
      select link.seq, link.entry_id, link.hash, lag(link.seq, 1, 0::bigint) over walk as before_seq,
        lag(link.hash, 1, decode(repeat('00', 32), 'hex')) over walk as before_hash
      from audit_chain link window walk as (order by link.seq)
    ), judged as (
      select linked.seq, linked.entry_id, case
        when linked.seq <> before_seq + 1 then 'missingLink'
        when entry.id is null then 'missingEntry'
        when linked.hash <> sha256(before_hash || convert_to(rollbook_audit_text(entry), 'UTF8')) then 'changedEntry'
      end as problem
      from linked left join audit_log entry on entry.id = linked.entry_id
      union all
      select (select coalesce(max(seq), 0) + 1 from audit_chain), entry.id, 'unlinkedEntry'
      from audit_log entry where not exists (select from audit_chain link where link.entry_id = entry.id)
      union all
      select last.seq + 1, null, 'missingEnd'
      from (select coalesce(max(seq), 0) as seq from audit_chain) last
      where last.seq <> (select coalesce(max(seq), 0) from audit_heads)
    )
    select problem, seq, entry_id from judged where problem is not null order by seq, problem limit 1`.execute(trx)
  const ends = await trx.selectFrom('auditHeads').select(['seq', 'hash']).executeTakeFirst()
  const head = ends?.hash.toString('hex') ?? null
  return { count: ends?.seq ?? 0, head, broken: rows[0] ?? null }
}
