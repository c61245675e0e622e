/** What changes a record. */
const changingActions = ['create', 'update', 'deactivate', 'reactivate'] as const

/** What a plan does with one record, in the order in which people read them. */
export const planActions = [...changingActions, 'unchanged', 'skip'] as const
export type PlanAction = (typeof planActions)[number]

export type ActionCounts = Readonly<Record<PlanAction, number>>

export const noActions: ActionCounts = { create: 0, update: 0, deactivate: 0, reactivate: 0, unchanged: 0, skip: 0 }

/** What happened to a record: by a run, or `edit`, by a person or whatever else wrote to the table. */
export const historyActions = [...changingActions, 'edit'] as const
export type HistoryAction = (typeof historyActions)[number]

/** The parts in which a plan is applied. `safe`: creates, updates, reactivations. */
export type AppliedPart = 'safe' | 'deactivations'
