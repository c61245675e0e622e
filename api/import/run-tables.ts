import type { Kysely } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { listPlanRows, type ListedPlanRow, type PlanFilter } from '../../db/plan/list-plan-rows.ts'
import { listRunFindings, type FindingFilter } from '../../db/import/list-run-findings.ts'
import type { RunRow } from '../../db/import/runs.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { toCsv } from '../answers/csv-stream.ts'

const pageRows = 5000

const findingsHeader = ['rule', 'severity', 'file', 'line', 'column', 'sourceId', 'message']
const planHeader = ['action', 'recordId', 'school', 'line', 'reason', 'field']

/** All findings of a run as CSV, in the order in which they arose. */
export function streamFindingsCsv(
  db: Kysely<Database>,
  run: RunRow,
  { isRaw, filter }: { readonly isRaw: boolean; readonly filter?: FindingFilter },
): AsyncGenerator<string> {
  const pages = readPages((afterSeq) =>
    withDistrict(db, run.districtId, (trx) => listRunFindings(trx, { ...filter, run, afterSeq, limit: pageRows })),
  )
  return toCsv(
    findingsHeader,
    mapPages(pages, (row) => [[row.rule, row.severity, row.file, row.line, row.column, row.sourceId, row.message]]),
    { isRaw },
  )
}

/**
 * The plan as CSV, one line for each field that changes and one for each row that changes none. Old and new values
 * only where they may be seen. `changesOnly` leaves out what the run does not touch.
 */
export function streamPlanCsv(
  db: Kysely<Database>,
  run: RunRow,
  options: {
    readonly mayViewValues: boolean
    readonly changesOnly: boolean
    readonly isRaw: boolean
    readonly filter?: PlanFilter
  },
): AsyncGenerator<string> {
  const { mayViewValues, changesOnly, isRaw, filter = {} } = options
  const dataType = getDataType(run.dataType)
  const pages = readPages((afterSeq) => {
    const page = { runId: run.id, planNo: run.planNo, afterSeq, limit: pageRows, changesOnly, filter }
    return withDistrict(db, run.districtId, (trx) => listPlanRows(trx, dataType, page))
  })
  // By which people know whom a line is about; last, because scripts may count the columns before them.
  const header = mayViewValues
    ? [...planHeader, 'old', 'new', 'sisId', 'schoolName', 'name']
    : [...planHeader, 'sisId', 'schoolName']
  return toCsv(
    header,
    mapPages(pages, (row) => toPlanCells(row, mayViewValues)),
    { isRaw },
  )
}

function toPlanCells(row: ListedPlanRow, mayViewValues: boolean): unknown[][] {
  const start = [row.action, row.recordId, row.school, row.line, row.reason]
  const changes = Object.entries(row.changes ?? {})
  const end = [row.sisId, row.schoolName, ...(mayViewValues ? [row.name] : [])]
  if (changes.length === 0) return [[...start, null, ...(mayViewValues ? [null, null] : []), ...end]]
  return changes.map(([field, [before, after]]) => [...start, field, ...(mayViewValues ? [before, after] : []), ...end])
}

async function* readPages<Row extends { readonly seq: number }>(
  read: (afterSeq: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let afterSeq = -1
  for (;;) {
    const rows = await read(afterSeq)
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageRows) return
    afterSeq = last.seq
  }
}

async function* mapPages<Row>(
  pages: AsyncIterable<readonly Row[]>,
  toCells: (row: Row) => unknown[][],
): AsyncGenerator<unknown[][]> {
  for await (const rows of pages) yield rows.flatMap(toCells)
}
