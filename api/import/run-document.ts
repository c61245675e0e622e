import { noFindings } from '../../domain/import-rules/finding.ts'
import { describeRunState, kindOf, noCounts } from '../../domain/import-run.ts'
import type { RunRow } from '../../db/import/runs.ts'
import type { HeldLimit, RunDocument, RunProgress } from '../contract/run.ts'

/**
 * The document of a run (contract.md) from its row. `limits` are those of its hold, by default without names and examples;
 * `alerts` those it left open.
 */
export function toRunDocument(
  row: RunRow,
  district: string,
  {
    limits = bareLimits(row),
    alerts = [],
    trouble = null,
    skippedSchools = [],
  }: {
    readonly limits?: readonly HeldLimit[]
    readonly alerts?: RunDocument['alerts']
    readonly trouble?: RunDocument['trouble']
    readonly skippedSchools?: RunDocument['skippedSchools']
  } = {},
): RunDocument {
  return {
    runId: row.id,
    district,
    connection: row.connectionId,
    dataType: row.dataType,
    test: row.isTest,
    kind: kindOf(row),
    state: row.state,
    statusText: describeRunState(row),
    counts: { ...noCounts, ...row.counts },
    findings: { ...noFindings, ...row.findingCounts, byRule: { ...row.findingsByRule } },
    hold: isHoldShown(row) ? { limits: [...limits] } : null,
    startedAt: toText(row.startedAt),
    finishedAt: toText(row.finishedAt),
    undoUntil: toText(row.undoUntil),
    workflowId: row.workflowId,
    input: { sha256: row.inputSha256, bytes: row.inputBytes },
    createdAt: row.createdAt.toISOString(),
    requestedBy: row.requestedBy,
    rerunOf: row.rerunOf,
    undoOf: row.undoOf,
    skippedSchools: [...skippedSchools],
    logRemovedAfterDays: row.undoOf === null ? row.logKeptDays : null,
    planned: row.plannedCounts === null ? null : { ...row.plannedCounts },
    progress: toProgress(row.progress),
    trouble,
    closedReason: row.closedReason,
    failure: row.failure,
    alerts: [...alerts],
  }
}

function bareLimits({ hold }: RunRow): HeldLimit[] {
  return (hold?.limits ?? []).map((limit) => ({ ...limit, schoolName: null, schoolSourceKey: null, examples: [] }))
}

/** A hold explains why a run waits or was discarded, or where a test would wait; once approved it explains nothing. */
export function isHoldShown(row: RunRow): boolean {
  return row.hold !== null && (row.state === 'held' || row.state === 'discarded' || row.state === 'tested')
}

function toText(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}

/** Steps write their progress in passing and need not fill every part of it. */
function toProgress(written: Readonly<Record<string, unknown>> | null): RunProgress | null {
  if (written === null) return null
  const number = (...names: string[]): number | null => {
    const value = names.map((name) => written[name]).find((found) => typeof found === 'number')
    return value ?? null
  }
  const { stage, collection, updatedAt } = written
  return {
    stage: [stage, collection].filter((part) => typeof part === 'string').join(' '),
    rows: number('rows', 'rowsRead') ?? 0,
    totalRows: number('totalRows'),
    bytes: number('bytes', 'bytesRead'),
    totalBytes: number('totalBytes'),
    rowsPerSecond: number('rowsPerSecond'),
    updatedAt: typeof updatedAt === 'string' ? updatedAt : null,
  }
}
