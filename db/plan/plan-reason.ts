/** Why a row of a plan is skipped, or a record deactivated; `plan_rows.reason`. */
export const planReason = {
  /** The source withdrew a record that we do not hold as active. */
  notHeld: 'notHeld',
  /** Another row of the input claims the same record or the same id. */
  sameKey: 'sameKey',
  /** Two records that we hold have the row's source key. */
  ambiguousKey: 'ambiguousKey',
  /** Comes in under an id of a record that it was merged into, whose own row is in the input too. */
  alias: 'alias',
  /** It may be somebody we hold: not imported until a person has decided. */
  duplicate: 'duplicate',
  /** Its ids lead to different records, or to somebody else than the rest of it says: not imported until a person has decided. */
  identityConflict: 'identityConflict',
  /** A person said of its ids that the feed is wrong. */
  leftAsHeld: 'leftAsHeld',
  missingRequired: 'missingRequired',
  /** The import is limited to other schools. */
  otherSchool: 'otherSchool',
  /** The day is one on which only additions pass. */
  additionsOnly: 'additionsOnly',
  /** A complete input does not have the record. */
  absent: 'absent',
  withdrawn: 'withdrawn',
  /** A resolution: the record gives its ids up to another one, gets them back, or gets back what a match changed. */
  yielded: 'yielded',
  returned: 'returned',
  restored: 'restored',
} as const
