/** Why a plan may be held, by the names that are stored with a run and shown. */
export const limitNames = [
  'deactivations',
  'updates',
  'errorFindings',
  'idSchemeChange',
  'identityConflicts',
  'schoolMoves',
  'lateDelta',
  'otherMode',
  'otherVersion',
] as const
export type LimitName = (typeof limitNames)[number]

export const limitScopes = ['district', 'school'] as const

/** A limit that a plan meets. `value` and `max` are shares of 1, or record counts where the limit is absolute. */
export type MetLimit = {
  readonly limit: LimitName
  readonly scope: (typeof limitScopes)[number]
  readonly schoolId: string | null
  readonly value: number
  readonly max: number
  readonly count: number
  /** By what people know the school, once the plan is stored; runs from before that was added have neither. */
  readonly schoolName?: string | null
  readonly schoolSourceKey?: string | null
}

/**
 * Which actions of a plan a hold keeps back: `deactivations` where only removing people is in doubt (adds and updates
 * go on), `all` where adding or changing is in doubt too, `none` when no limit is met.
 */
export type KeptBack = 'none' | 'deactivations' | 'all'
