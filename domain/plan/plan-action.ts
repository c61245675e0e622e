/** What a plan does with one record, in the order in which people read them. */
export const planActions = ['create', 'update', 'deactivate', 'reactivate', 'unchanged', 'skip'] as const
export type PlanAction = (typeof planActions)[number]

export type ActionCounts = Readonly<Record<PlanAction, number>>

export const noActions: ActionCounts = { create: 0, update: 0, deactivate: 0, reactivate: 0, unchanged: 0, skip: 0 }
