/** Why a row of a plan is skipped, or a record deactivated; `plan_rows.reason`. */
export const planReason = {
  /** The source withdrew a record that we do not hold as active. */
  notHeld: 'notHeld',
  /** Another row of the input claims the same record or the same id. */
  sameKey: 'sameKey',
  /** Two records that we hold have the row's source key. */
  ambiguousKey: 'ambiguousKey',
  missingRequired: 'missingRequired',
  /** The import is limited to other schools. */
  otherSchool: 'otherSchool',
  /** The day is one on which only additions pass. */
  additionsOnly: 'additionsOnly',
  /** A complete input does not have the record. */
  absent: 'absent',
  withdrawn: 'withdrawn',
} as const
