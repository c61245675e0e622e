import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { HostGate } from '../platform/private-hosts.ts'
import type { Caller } from './access/grants.ts'
import type { AuditNote } from './access/write-audit.ts'
import type { RunWorkflows } from './import/run-workflows.ts'
import type { ScheduleKeeper } from './schedule/schedule-keeper.ts'
import type { SecretSealer } from '../platform/secret-sealer.ts'

/** What the API is built from; a test passes its own. */
export type AppParts = {
  readonly db: Kysely<Database>
  readonly workflows: RunWorkflows
  readonly schedules: ScheduleKeeper
  readonly secrets: SecretSealer
  readonly log: Logger
  readonly version: string
  /** Webhooks may go to private addresses and without TLS. */
  readonly allowsPrivateWebhooks?: boolean
  /** Beneath it lie the folders that connections may watch, one for each district. */
  readonly dropRoot?: string | undefined
  /** Aborted when the process is to end: streams that would go on for minutes end with it. */
  readonly stopping?: AbortSignal | undefined
  /** How often each token may ask; without it as often as it likes. */
  readonly requestsPerMinute?: number | undefined
  /** Which hosts the settings of connections may name; without it none. */
  readonly mayReach?: HostGate | undefined
}

/** What every handler finds in its context. */
export type AppEnvironment = { Variables: { requestId: string; caller: Caller; parts: AppParts; auditNote: AuditNote } }

export type Api = OpenAPIHono<AppEnvironment>
