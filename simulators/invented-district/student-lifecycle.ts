import type { Layout } from './layout.ts'
import { cameOn, guardianLeftOn, lastOf, leftOn, lifecycleOf, renamedOn } from './lifecycle.ts'
import type { RosterRecord } from './records.ts'
import { familyOf } from './relatives.ts'

type Lifecycle = Pick<RosterRecord, 'status' | 'dateLastModified'>

export function studentLifecycle(layout: Layout, number: number): Lifecycle {
  // A guardian who left is no longer among the agents.
  const changedOn = lastOf(renamedOn(layout, number), cameOn(layout, number), guardianLeftOn(layout, familyOf(number)))
  return lifecycleOf(layout, number, { changedOn, removedOn: leftOn(layout, number) })
}

/** A new name is no change of what demographics say. */
export function demographicsLifecycle(layout: Layout, number: number): Lifecycle {
  return lifecycleOf(layout, number, { changedOn: cameOn(layout, number), removedOn: leftOn(layout, number) })
}
