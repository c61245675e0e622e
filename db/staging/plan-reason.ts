/** Why a row of a plan is skipped, or a record deactivated; `plan_rows.reason`. */
export const planReason = {
  /** The source withdrew a record that we do not hold as active. */
  notHeld: 'notHeld',
  /** A delta withdraws a record that we never had. */
  notKnown: 'notKnown',
  /** A row of a delta is older than what we hold of the record. */
  older: 'older',
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
  /** Of a field import: the id of the row leads to nobody, to nobody but for zeros before it, to several, to one who left. */
  unknownId: 'unknownId',
  lostZeros: 'lostZeros',
  severalRecords: 'severalRecords',
  inactiveRecord: 'inactiveRecord',
  /** It refers to a record that we do not hold. */
  unresolved: 'unresolved',
  /** The import is limited to other schools. */
  otherSchool: 'otherSchool',
  /** Its school at the source is none of ours: nobody has matched it, or it was left out. */
  outsideSchool: 'outsideSchool',
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

/** The rules under which a reference is told that leads to nothing we hold: what they are told of comes in later by itself. */
export const lostReferenceRules = { leftOut: 'I-14', without: 'I-15' } as const

/**
 * The skips by which a record is left out that the source sends, each with the rule that it is told under: a finding
 * where db/plan/plan-findings.ts has words for the rule, and the alert `notImported` in any case. Whatever other skip
 * leaves somebody out without a case of her own is added here, and nowhere else.
 */
export const leavingOut: readonly { readonly reason: string; readonly rule: string }[] = [
  { reason: planReason.sameKey, rule: 'I-01' },
  { reason: planReason.ambiguousKey, rule: 'I-01' },
  { reason: planReason.missingRequired, rule: 'I-03' },
  { reason: planReason.unresolved, rule: lostReferenceRules.leftOut },
  { reason: planReason.identityConflict, rule: 'I-11' },
  { reason: planReason.leftAsHeld, rule: 'I-12' },
]
