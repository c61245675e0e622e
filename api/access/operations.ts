import type { Right } from '../contract/rights.ts'

/** What an operation asks of its caller, and what it leaves in the audit log. */
export type Operation = {
  readonly right: Right
  /**
   * Where the right is asked for: in the `district` that the request is about, in all of them (`everywhere`), or in those that a
   * list is then about (`listed`).
   */
  readonly where: 'district' | 'everywhere' | 'listed'
  /** Open to whoever is bound to schools, with the rows of these. */
  readonly reach?: 'schools'
  /** Refused without `viewValues` besides. */
  readonly needsValues?: true
  /** Held besides, in the same district. */
  readonly alsoNeeds?: Right
  /** Asks by another method than GET, because what it asks for must not stand in an address. */
  readonly isReading?: true
  /** Of what changes something: the action of its one entry. */
  readonly action?: string
  /** Of a list that may be taken away as a file: the action of the entry for a file. */
  readonly exports?: string
}

const view = { right: 'view', where: 'district' } as const
const list = { right: 'view', where: 'listed' } as const
const configure = (action: string): Operation => ({ right: 'configure', where: 'district', action })
const run = (action: string): Operation => ({ right: 'run', where: 'district', action })
const resolve = (action: string): Operation => ({ right: 'resolve', where: 'district', action })

/**
 * Every operation of the API by its method and its path in the OpenAPI document. docs/reference/rights.md is compared with it,
 * and so is what the API answers (tests/api/access/matrix.test.ts).
 */
export const operations: Readonly<Record<string, Operation>> = {
  'GET /api/districts': { ...list, reach: 'schools' },
  'POST /api/districts': { right: 'configure', where: 'everywhere', action: 'addDistrict' },
  'GET /api/tokens': { right: 'manageAccess', where: 'listed' },
  'POST /api/tokens': { right: 'manageAccess', where: 'district', action: 'createToken' },
  'DELETE /api/tokens/{id}': { right: 'manageAccess', where: 'district', action: 'revokeToken' },
  'GET /api/audit': { right: 'manageAccess', where: 'everywhere', exports: 'exportAudit' },
  'GET /api/audit/verify': { right: 'manageAccess', where: 'everywhere' },
  'GET /api/districts/{slug}/audit': { right: 'manageAccess', where: 'district', exports: 'exportAudit' },
  'GET /api/districts/{slug}/audit/verify': { right: 'manageAccess', where: 'district' },
  'GET /api/connections': list,
  'POST /api/districts/{slug}/connections': configure('addConnection'),
  'PATCH /api/connections/{id}': configure('changeConnection'),
  'POST /api/connections/{id}/test': configure('testConnection'),
  'GET /api/connections/{id}/health': view,
  'GET /api/connections/{id}/configurations/{dataType}': view,
  'PUT /api/connections/{id}/configurations/{dataType}': configure('changeConfiguration'),
  'GET /api/connections/{id}/configurations/{dataType}/draft': view,
  'PUT /api/connections/{id}/configurations/{dataType}/draft': configure('saveDraft'),
  'DELETE /api/connections/{id}/configurations/{dataType}/draft': configure('discardDraft'),
  'GET /api/connections/{id}/configurations/{dataType}/draft/lint': view,
  'GET /api/connections/{id}/configurations/{dataType}/versions': view,
  'GET /api/connections/{id}/configurations/{dataType}/versions/{version}': view,
  'POST /api/connections/{id}/configurations/{dataType}/versions/{version}/bring-back': configure('bringBackVersion'),
  'GET /api/connections/{id}/configurations/{dataType}/compare': view,
  'POST /api/connections/{id}/configurations/{dataType}/start': {
    ...configure('startConfiguration'),
    alsoNeeds: 'run',
  },
  'POST /api/connections/{id}/configurations/{dataType}/disable': configure('disableConfiguration'),
  'POST /api/connections/{id}/configurations/{dataType}/reset': configure('resetConfiguration'),
  'GET /api/connections/{id}/schools': view,
  'PATCH /api/connections/{id}/schools': configure('changeSchools'),
  'GET /api/schedules': list,
  'GET /api/connections/{id}/schedules/{dataType}': view,
  'PUT /api/connections/{id}/schedules/{dataType}': configure('setSchedule'),
  'DELETE /api/connections/{id}/schedules/{dataType}': configure('removeSchedule'),
  'POST /api/connections/{id}/schedules/{dataType}/pause': configure('pauseSchedule'),
  'POST /api/connections/{id}/schedules/{dataType}/resume': configure('resumeSchedule'),
  'GET /api/connections/{id}/schedules/{dataType}/firings': view,
  'GET /api/ids': list,
  'POST /api/districts/{slug}/uploads': run('beginUpload'),
  'GET /api/uploads/{uploadId}': { right: 'run', where: 'district' },
  'PATCH /api/uploads/{uploadId}': run('continueUpload'),
  'DELETE /api/uploads/{uploadId}': run('discardUpload'),
  'POST /api/districts/{slug}/imports': run('startImport'),
  'GET /api/import-sets/{id}': view,
  'GET /api/runs': { ...list, reach: 'schools' },
  'POST /api/runs': run('startRun'),
  'GET /api/runs/{id}': view,
  'POST /api/runs/{id}/rerun': run('rerunRun'),
  'POST /api/runs/{id}/cancel': run('askToCancel'),
  'GET /api/runs/{id}/findings': { ...view, reach: 'schools', exports: 'exportFindings' },
  'GET /api/runs/{id}/plan': { ...view, reach: 'schools', exports: 'exportPlan' },
  'GET /api/runs/{id}/plan/summary': view,
  'GET /api/runs/{id}/stream': view,
  'GET /api/districts/{slug}/stream': view,
  'GET /api/runs/{id}/export': { ...view, needsValues: true, exports: 'exportRun' },
  'POST /api/runs/{id}/hold': { right: 'approveHold', where: 'district', action: 'decideHold' },
  'POST /api/runs/{id}/undo': { right: 'undo', where: 'district', action: 'askToUndo' },
  'GET /api/runs/{id}/undo': view,
  'GET /api/runs/{id}/undo/preview': view,
  'GET /api/districts/{district}/cases': { ...view, reach: 'schools' },
  'POST /api/districts/{district}/cases/decisions': resolve('decideCases'),
  'POST /api/cases/{id}/decision': resolve('decideCases'),
  'POST /api/districts/{district}/cases/process': resolve('processCases'),
  'POST /api/cases/{id}/unmerge': resolve('unmergeCase'),
  'GET /api/districts/{slug}/records/{dataType}': {
    ...view,
    reach: 'schools',
    needsValues: true,
    exports: 'exportRecords',
  },
  'POST /api/districts/{slug}/records/{dataType}/search': {
    ...view,
    reach: 'schools',
    needsValues: true,
    isReading: true,
    exports: 'exportRecords',
  },
  'GET /api/districts/{slug}/records/{dataType}/{id}': { ...view, reach: 'schools', needsValues: true },
  'PATCH /api/districts/{slug}/records/{dataType}/{id}': { ...configure('editRecord'), needsValues: true },
  'GET /api/districts/{slug}/records/{dataType}/{id}/history': { ...view, reach: 'schools' },
  'GET /api/districts/{slug}/notifications': view,
  'GET /api/districts/{slug}/notifications/{dataType}': view,
  'PUT /api/districts/{slug}/notifications/{dataType}': configure('setNotifications'),
  'GET /api/districts/{slug}/webhooks': view,
  'POST /api/districts/{slug}/webhooks': configure('addWebhook'),
  'PATCH /api/districts/{slug}/webhooks/{id}': configure('changeWebhook'),
  'DELETE /api/districts/{slug}/webhooks/{id}': configure('removeWebhook'),
  'POST /api/districts/{slug}/webhooks/{id}/rotate': configure('rotateWebhookSecret'),
  'GET /api/districts/{slug}/events': view,
  'GET /api/districts/{slug}/deliveries': view,
  'GET /api/districts/{slug}/deliveries/{id}': view,
  'POST /api/districts/{slug}/deliveries/{id}/redeliver': configure('redeliver'),
}

/** Answered without a token. */
export const openOperations: readonly string[] = ['GET /api/health', 'GET /api/health/live', 'GET /api/health/ready']
