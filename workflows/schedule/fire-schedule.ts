import { defineSearchAttributeKey } from '@temporalio/common'
import { setCurrentDetails, workflowInfo } from '@temporalio/workflow'
import type { FiringDecision, ScheduleRef } from '../../activities/schedule-interface.ts'
import { decidingSteps } from './schedule-steps.ts'

/** Set by the server on what a Schedule starts: the time that was due, without what spreads it. */
const dueKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME')

/**
 * What a Schedule starts: asks whether a run is to begin, and ends. It never is the run itself, because a Schedule
 * skips its next start while what it started goes on, and a run may wait for a person for days.
 */
export async function fireSchedule(schedule: ScheduleRef): Promise<FiringDecision> {
  const { typedSearchAttributes, startTime } = workflowInfo()
  const due = typedSearchAttributes.get(dueKey) ?? startTime
  const decision = await decidingSteps().decideFiring({ ...schedule, dueAt: due.toISOString() })
  setCurrentDetails(`Due ${due.toISOString()}: ${decision.outcome}`)
  return decision
}
