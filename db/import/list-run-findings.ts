import { sql, type Selectable, type Transaction } from 'kysely'
import { columnOf, keyField } from '../../domain/data-types/define-data-type.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { Database } from '../database.ts'
import { seesRow } from '../fields/sees-row.ts'
import type { RunFindings } from '../tables/findings.ts'

/** What findings must have; what is not named may be anything. */
export type FindingFilter = {
  readonly rules?: readonly string[] | undefined
  readonly severities?: readonly string[] | undefined
  readonly file?: string | undefined
}

/**
 * Findings of a run in the order in which they arose, after `afterSeq`. A session that is bound to schools sees those on
 * somebody of its schools, whom we hold or the run has staged, and none on a file.
 */
export function listRunFindings(
  trx: Transaction<Database>,
  page: FindingFilter & {
    readonly run: { readonly id: string; readonly dataType: string }
    readonly afterSeq: number
    readonly limit: number
  },
): Promise<Selectable<RunFindings>[]> {
  const { run, afterSeq, limit, rules, severities, file } = page
  const dataType = getDataType(run.dataType)
  const key = columnOf(keyField)
  const isTheirs = sql<boolean>`(nullif(current_setting('rollbook.school_ids', true), '') is null
    or source_id in (select r.${sql.ref(key)} from ${sql.table(dataType.table)} r where ${seesRow(dataType, 'r')})
    or source_id in (
      select s.${sql.ref(key)} from ${sql.table(dataType.stagedTable)} s
      where s.run_id = ${run.id} and ${seesRow(dataType, 's')}))`
  return trx
    .selectFrom('runFindings')
    .selectAll()
    .where('runId', '=', run.id)
    .where('seq', '>', afterSeq)
    .where(isTheirs)
    .$if(rules !== undefined, (query) => query.where('rule', 'in', rules ?? []))
    .$if(severities !== undefined, (query) => query.where(sql<boolean>`severity = any (${severities}::text[])`))
    .$if(file !== undefined, (query) => query.where('file', '=', file ?? ''))
    .orderBy('seq')
    .limit(limit)
    .execute()
}
