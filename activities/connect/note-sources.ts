import { setTimeout as sleep } from 'node:timers/promises'
import { listDistricts } from '../../db/access/districts.ts'
import { listConnections, noteFetchesInput } from '../../db/connect/connections.ts'
import { withDistrict } from '../../db/database.ts'
import type { ScheduleDependencies } from '../schedule/schedule-dependencies.ts'
import { openSourceOf } from './open-source.ts'

/**
 * Writes down of every connection whether its settings name a source, which the API asks and cannot look up: it opens no
 * settings. The API does so itself with settings that it is given; this is for what earlier releases made, and changed
 * while the new one began. An outage is waited out.
 */
export async function noteSources(
  dependencies: Pick<ScheduleDependencies, 'db' | 'log' | 'getConnector' | 'openSettings' | 'surroundingsOf'>,
  signal: AbortSignal,
  { pauseMs = 10_000 } = {},
): Promise<void> {
  const { db, log } = dependencies
  while (!signal.aborted) {
    try {
      for (const { id: districtId, slug } of await listDistricts(db)) {
        for (const connection of await withDistrict(db, districtId, (trx) => listConnections(trx, districtId))) {
          const isNamed = findsSource(() => openSourceOf(dependencies, connection, slug))
          if (isNamed === connection.fetchesInput) continue
          await withDistrict(db, districtId, (trx) => noteFetchesInput(trx, connection, isNamed))
        }
      }
      return
    } catch (error) {
      log.warn({ err: error }, 'what connections fetch could not be written down; it is tried again')
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Settings that do not open, or no longer fit, name no source. What is wrong with them, the test of the connection says. */
function findsSource(open: () => unknown): boolean {
  try {
    return open() !== undefined
  } catch {
    return false
  }
}
