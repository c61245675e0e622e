import type { Selectable, Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunFindings } from '../tables/findings.ts'

/** Findings of a run in the order in which they arose, after `afterSeq`. */
export function listRunFindings(
  trx: Transaction<Database>,
  page: { readonly runId: string; readonly afterSeq: number; readonly limit: number },
): Promise<Selectable<RunFindings>[]> {
  return trx
    .selectFrom('runFindings')
    .selectAll()
    .where('runId', '=', page.runId)
    .where('seq', '>', page.afterSeq)
    .orderBy('seq')
    .limit(page.limit)
    .execute()
}
