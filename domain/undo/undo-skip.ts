/** Why an undo leaves a field as it is. `changedSince`: somebody changed it and left no name. */
export const skipReasons = ['changedByPerson', 'changedByRun', 'changedSince', 'idTaken'] as const
export type SkipReason = (typeof skipReasons)[number]

/** One field of one record that an undo leaves as it is. `by` is a person's name or the id of a run. */
export type UndoSkip = {
  readonly recordId: string
  readonly field: string
  readonly reason: SkipReason
  readonly by: string | null
}
