import { sql, type Selectable, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { RunFindings } from '../tables/findings.ts'

/** What findings must have; what is not named may be anything. */
export type FindingFilter = {
  readonly rules?: readonly string[] | undefined
  readonly severities?: readonly string[] | undefined
  readonly file?: string | undefined
}

/** Findings of a run in the order in which they arose, after `afterSeq`. */
export function listRunFindings(
  trx: Transaction<Database>,
  page: FindingFilter & { readonly runId: string; readonly afterSeq: number; readonly limit: number },
): Promise<Selectable<RunFindings>[]> {
  const { rules, severities, file } = page
  return trx
    .selectFrom('runFindings')
    .selectAll()
    .where('runId', '=', page.runId)
    .where('seq', '>', page.afterSeq)
    .$if(rules !== undefined, (query) => query.where('rule', 'in', rules ?? []))
    .$if(severities !== undefined, (query) => query.where(sql<boolean>`severity = any (${severities}::text[])`))
    .$if(file !== undefined, (query) => query.where('file', '=', file ?? ''))
    .orderBy('seq')
    .limit(page.limit)
    .execute()
}
