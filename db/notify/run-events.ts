import type { Transaction } from 'kysely'
import { maxLimits, maxRules, type EventFacts } from '../../domain/events/event-facts.ts'
import type { EventKind } from '../../domain/events/event-kinds.ts'
import { bySeverity, noFindings } from '../../domain/import-rules/finding.ts'
import { noCounts } from '../../domain/import-run.ts'
import type { Database } from '../database.ts'
import { listOpenAlerts, toAlertFacts } from '../import/alerts.ts'
import { insertEvent } from './events.ts'
import { getRun, type RunRow } from '../import/runs.ts'

/**
 * Writes down that something happened to a run, with its counts as they are now: call it after the run was moved, in
 * the same transaction. Once for each kind and run, and for a hold once for each plan.
 */
export async function insertRunEvent(
  trx: Transaction<Database>,
  { runId, kind, facts = {} }: { readonly runId: string; readonly kind: EventKind; readonly facts?: EventFacts },
): Promise<void> {
  const run = await getRun(trx, runId)
  const { districtId, dataType, connectionId } = run
  const onceKey = kind === 'runHeld' ? `${kind}/${runId}/${run.planNo}/${run.rosterVersion ?? 0}` : `${kind}/${runId}`
  const isOpen = kind === 'runCompletedWithAlerts'
  const alerts = isOpen ? { alerts: await listAlertFacts(trx, { districtId, dataType }) } : {}
  await insertEvent(trx, {
    districtId,
    kind,
    onceKey,
    dataType,
    runId,
    connectionId,
    facts: { ...deriveRunFacts(run), ...alerts, ...facts },
  })
}

async function listAlertFacts(
  trx: Transaction<Database>,
  of: { readonly districtId: string; readonly dataType: string },
): Promise<NonNullable<EventFacts['alerts']>> {
  const open = await listOpenAlerts(trx, of)
  return open.map(toAlertFacts)
}

/** The reason of a run's end is left out on purpose: somebody may have typed it. */
function deriveRunFacts(run: RunRow): EventFacts {
  const { state, counts, findingCounts, findingsByRule, hold, failure, undoUntil } = run
  const rules = Object.entries(findingsByRule)
    .map(([rule, { severity, count }]) => ({ rule, severity, count }))
    .sort((a, b) => bySeverity(a.severity, b.severity) || b.count - a.count)
    .slice(0, maxRules)
  return {
    state,
    counts: { ...noCounts, ...counts },
    findings: { ...noFindings, ...findingCounts },
    rules,
    ...(state === 'held' && hold !== null ? { limits: hold.limits.slice(0, maxLimits) } : {}),
    ...(failure === null ? {} : { failureCode: failure.code }),
    ...(undoUntil === null ? {} : { undoUntil: undoUntil.toISOString() }),
  }
}
