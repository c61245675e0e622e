import { randomUUID } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Api, AppParts } from './app-environment.ts'
import { authenticate } from './access/authenticate.ts'
import { writeAudit } from './access/write-audit.ts'
import { createMethodCheck } from './manners/check-method.ts'
import { checkRequest } from './manners/check-request.ts'
import { describeIssues, summarize } from './manners/describe-issues.ts'
import { brokenOff, Refusal } from './failures.ts'
import { answerOnce } from './manners/answer-once.ts'
import { createRateLimit } from './manners/limit-rate.ts'
import { serveDocument } from './openapi/serve-document.ts'
import { addAuditRoutes } from './routes/audit.ts'
import { addCaseRoutes } from './routes/cases.ts'
import { addConfigurationRoutes } from './routes/configurations/configurations.ts'
import { addConnectionRoutes } from './routes/connections.ts'
import { addDeliveryRoutes } from './routes/deliveries.ts'
import { addDistrictRoutes } from './routes/districts.ts'
import { addHealthRoute } from './routes/health.ts'
import { addHoldRoutes } from './routes/holds.ts'
import { addIdRoute } from './routes/ids.ts'
import { addImportSetRoute } from './routes/import-sets.ts'
import { addImportRoute } from './routes/imports.ts'
import { addNotificationSettingRoutes } from './routes/notification-settings.ts'
import { addReadinessRoutes } from './routes/readiness.ts'
import { addRecordHistoryRoute } from './routes/record-history.ts'
import { addSingleRecordRoutes } from './routes/record.ts'
import { addRecordRoute } from './routes/records.ts'
import { addRunDataRoutes } from './routes/run-data.ts'
import { addRunExportRoute } from './routes/run-export.ts'
import { addRunStartRoutes } from './routes/run-starts.ts'
import { addRunRoutes } from './routes/runs.ts'
import { addStreamRoutes } from './routes/streams.ts'
import { addUploadRoutes } from './routes/uploads.ts'
import { addTokenRoutes } from './routes/tokens.ts'
import { addWebhookRoutes } from './routes/webhooks.ts'
import { addUndoRoutes } from './routes/undos.ts'
import { addConnectionHealthRoute } from './routes/connection-health.ts'
import { addSchoolRoutes } from './routes/schools.ts'
import { addScheduleRoutes } from './routes/schedules.ts'
import { listRefusalHeaders, toProblem } from './answers/to-problem.ts'

/** Builds the HTTP API from its parts. Listens to nothing and keeps nothing: a test sends requests straight to it. */
export function createApp(parts: AppParts): Api {
  const app: Api = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return
      const errors = describeIssues(result.error.issues)
      throw new Refusal('REQUEST_INVALID', summarize(errors), errors)
    },
  })

  app.use(async (context, next) => {
    const requestId = context.req.header('x-request-id')?.match(/^[\w.-]{1,64}$/)?.[0] ?? randomUUID()
    context.set('requestId', requestId)
    context.set('parts', parts)
    const startedAt = performance.now()
    await next()
    context.header('x-request-id', requestId)
    // Any answer may be about somebody: no cache on the way keeps one.
    context.header('cache-control', 'no-store')
    // The pattern of the route and not its path: an id in a log is enough, a name in a query would be too much.
    const { method, routePath } = {
      method: context.req.method,
      routePath: context.req.path.split('/').slice(0, 3).join('/'),
    }
    const durationMs = Math.round(performance.now() - startedAt)
    parts.log.info({ requestId, method, route: routePath, status: context.res.status, durationMs }, 'request')
  })

  app.onError((error, context) => {
    const requestId = context.get('requestId')
    // Whoever left breaks what was read for them; that is no failure of the database or of ours.
    const cause = context.req.raw.signal.aborted ? brokenOff() : error
    const problem = toProblem(cause, requestId)
    if (problem.status >= 500) parts.log.error({ requestId, code: problem.code, err: error }, 'a request failed')
    return new Response(JSON.stringify(problem), {
      status: problem.status,
      headers: {
        'content-type': 'application/problem+json',
        'x-request-id': requestId,
        ...listRefusalHeaders(error),
      },
    })
  })

  app.notFound(() => {
    throw new Refusal('NOT_FOUND', 'There is no such address; /api/openapi.json lists them.')
  })

  addHealthRoute(app)
  addReadinessRoutes(app)
  serveDocument(app, parts.version)

  if (parts.requestsPerMinute !== undefined) app.use('/api/*', createRateLimit(parts.requestsPerMinute))
  app.use('/api/*', authenticate)
  app.use('/api/*', writeAudit)
  app.use('/api/*', createMethodCheck(app))
  app.use('/api/*', checkRequest)
  app.use('/api/*', answerOnce)
  addDistrictRoutes(app)
  addConnectionRoutes(app)
  addConfigurationRoutes(app)
  addSchoolRoutes(app)
  addScheduleRoutes(app)
  addConnectionHealthRoute(app)
  addIdRoute(app)
  addStreamRoutes(app)
  addUploadRoutes(app)
  addImportRoute(app)
  addImportSetRoute(app)
  addRunRoutes(app)
  addRunStartRoutes(app)
  addRunDataRoutes(app)
  addRunExportRoute(app)
  addHoldRoutes(app)
  addUndoRoutes(app)
  addCaseRoutes(app)
  addRecordRoute(app)
  addSingleRecordRoutes(app)
  addNotificationSettingRoutes(app)
  addWebhookRoutes(app)
  addDeliveryRoutes(app)
  addRecordHistoryRoute(app)
  addTokenRoutes(app)
  addAuditRoutes(app)
  return app
}
