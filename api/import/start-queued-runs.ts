import { setTimeout as sleep } from 'node:timers/promises'
import { withDistrict } from '../../db/database.ts'
import { listDistricts } from '../../db/access/districts.ts'
import { listOpenImportSets } from '../../db/import/import-sets.ts'
import { listQueuedRuns } from '../../db/import/list-queued-runs.ts'
import type { AppParts } from '../app-environment.ts'
import { derivePauseMs } from '../schedule/derive-pause.ts'
import { startSetWorkflowOf } from './start-import-set.ts'
import { startWorkflowOf } from './start-run.ts'

/** A run younger than `minAgeMs` is still being started by the request that wrote it down. */
const defaultPace = { pauseMs: 5_000, minAgeMs: 10_000 }

/**
 * Starts the workflows of runs that were written down and not started: the API was killed in between, or Temporal was
 * away. Goes on until the signal; an outage is waited out.
 */
export async function startQueuedRuns(
  { db, workflows, log }: Pick<AppParts, 'db' | 'workflows' | 'log'>,
  signal: AbortSignal,
  { pauseMs, minAgeMs }: { readonly pauseMs: number; readonly minAgeMs: number } = defaultPace,
): Promise<void> {
  let tookMs = 0
  for (;;) {
    await sleep(derivePauseMs(pauseMs, tookMs), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const begun = performance.now()
    try {
      for (const { id, slug } of await listDistricts(db)) {
        const before = new Date(Date.now() - minAgeMs)
        for (const run of await withDistrict(db, id, (trx) => listQueuedRuns(trx, before))) {
          await startWorkflowOf(workflows, run, slug)
          log.info({ runId: run.id }, 'a queued run was started')
        }
        // One that is at work is left as it is; one whose workflow broke off goes on.
        for (const set of await withDistrict(db, id, (trx) => listOpenImportSets(trx, before)))
          await startSetWorkflowOf(workflows, set, slug)
      }
    } catch (error) {
      // The next round tries again; what is away is told by /api/health.
      log.warn({ err: error }, 'queued runs could not be started')
    }
    tookMs = performance.now() - begun
  }
}
