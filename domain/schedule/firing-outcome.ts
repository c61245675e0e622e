/** What came of a time at which a schedule was due; docs/reference/schedules.md is compared with this table. */
export const firingOutcomes = {
  started: 'A run was started; for all data types an import set.',
  overlap: 'Skipped: an earlier run of the same data type, or an import set with it, had not ended.',
  paused: 'Skipped: the schedule was paused.',
  blackout: 'Skipped: the day is in a blackout range.',
  disabled: 'Skipped: the import configuration is not enabled.',
  notReady: 'Waits: a data type that it refers to was never imported; it starts by itself once that is done.',
  noPackage: 'Skipped: there was no package at the source.',
  refused: 'Skipped: the source refused us, or its settings are wrong.',
  unreachable: 'Skipped: the source did not answer.',
  temporalOverlap: 'Skipped by Temporal: the start before had not been decided, because no worker was there.',
  missed: 'Missed: everything was down, and the time to make up for it was over.',
} as const
export type FiringOutcome = keyof typeof firingOutcomes
