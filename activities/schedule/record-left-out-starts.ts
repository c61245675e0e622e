import { withDistrict } from '../../db/database.ts'
import { insertEvent } from '../../db/notify/events.ts'
import { insertFiring } from '../../db/schedule/schedule-firings.ts'
import { lockSchedule, recordLeftOut } from '../../db/schedule/schedules.ts'
import { deriveScheduleId } from '../../domain/ids.ts'
import type { ScheduleDependencies } from './schedule-dependencies.ts'
import type { ScheduleRef } from '../schedule-interface.ts'

/**
 * Temporal leaves starts out by itself when no worker decides about the one before, and when it was down for longer
 * than it makes up for; it only counts them. What it has counted since it was last asked becomes lines of the
 * schedule's log and an event. A Schedule that was made anew counts from nought.
 */
export async function recordLeftOutStarts(
  { db, workflows }: Pick<ScheduleDependencies, 'db' | 'workflows'>,
  { districtId, district, connectionId, dataType }: ScheduleRef,
): Promise<void> {
  const counted = await workflows.countLeftOut(deriveScheduleId(district, dataType, connectionId))
  if (counted === undefined) return
  const { overlaps, missed } = counted
  await withDistrict(db, districtId, async (trx) => {
    const schedule = await lockSchedule(trx, { connectionId, dataType })
    if (schedule === undefined) return
    const { seenOverlaps, seenMissed } = schedule
    if (overlaps === seenOverlaps && missed === seenMissed) return
    const news = [
      ['temporalOverlap', overlaps < seenOverlaps ? overlaps : overlaps - seenOverlaps],
      ['missed', missed < seenMissed ? missed : missed - seenMissed],
    ] as const
    for (const [outcome, count] of news) {
      if (count === 0) continue
      await insertFiring(trx, { districtId, connectionId, dataType, dueAt: null, outcome, count })
      const onceKey = `runSkipped/${connectionId}/${dataType}/${schedule.activeSince.toISOString()}/${overlaps}/${missed}/${outcome}`
      const about = { districtId, connectionId, dataType }
      await insertEvent(trx, { ...about, kind: 'runSkipped', onceKey, facts: { skipped: count } })
    }
    await recordLeftOut(trx, { connectionId, dataType }, counted)
  })
}
