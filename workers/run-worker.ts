import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { NativeConnection, Worker, type NativeConnectionOptions } from '@temporalio/worker'
import type { ActivityDependencies } from '../activities/activity-dependencies.ts'
import { noteSources } from '../activities/connect/note-sources.ts'
import { createActivities } from '../activities/create-activities.ts'
import { createSetActivities } from '../activities/import/create-set-activities.ts'
import { createCaseActivities } from '../activities/resolution/create-case-activities.ts'
import { createScheduleActivities } from '../activities/schedule/create-schedule-activities.ts'
import type { Config } from '../config.ts'
import { findConnector } from '../connectors/registry.ts'
import { createDatabase } from '../db/database.ts'
import type { Log } from '../platform/log.ts'
import { createHostGate } from '../platform/private-hosts.ts'
import { SecretBox } from '../platform/secret-box.ts'
import { bundleWorkflows } from './bundle-workflows.ts'
import { deriveLocalDate } from './local-date.ts'
import { ensureSweep } from './ensure-sweep.ts'
import { installRuntime } from './install-runtime.ts'
import { makeNotificationActivities, type NotificationConfig } from './make-notification-activities.ts'
import { toTemporalLogger } from './temporal-logger.ts'
import { createWorkflowPort } from './temporal-workflows.ts'

export type WorkerConfig = Config<
  | 'ROLLBOOK_APP_DATABASE_URL'
  | 'ROLLBOOK_DATABASE_POOL_SIZE'
  | 'ROLLBOOK_TEMPORAL_ADDRESS'
  | 'ROLLBOOK_TEMPORAL_NAMESPACE'
  | 'ROLLBOOK_TEMPORAL_API_KEY'
  | 'ROLLBOOK_TEMPORAL_TLS'
  | 'ROLLBOOK_TASK_QUEUE'
  | 'ROLLBOOK_SECRET_KEY'
  | 'ROLLBOOK_HEARTBEAT_TIMEOUT_MS'
  | 'ROLLBOOK_UNDO_WINDOW_MS'
  | 'ROLLBOOK_LOG_RETENTION_DAYS'
  | 'ROLLBOOK_INPUT_RETENTION_DAYS'
  | 'ROLLBOOK_CASE_RETENTION_DAYS'
  | 'ROLLBOOK_SCHEDULE_RETENTION_DAYS'
  | 'ROLLBOOK_SHUTDOWN_GRACE_MS'
  | 'ROLLBOOK_WORKFLOW_BUNDLE'
  | 'ROLLBOOK_DROP_ROOT'
  | 'ROLLBOOK_PRIVATE_HOSTS'
  | 'ROLLBOOK_METRICS_ADDRESS'
> &
  NotificationConfig

/** Cancelling a run takes effect within this time: the order to stop comes back with a beat. */
const longestBeatPauseMs = 2_000
/** Staging holds a file's digests in memory and the rest keeps PostgreSQL busy; more at once would only compete. */
const activitiesAtOnce = 4
/** Sources are mostly waited for; a transfer takes some 16 MB while it lasts, and no connection of the database. */
const sourcesAtOnce = 20
/** Deliveries do little but wait for others; many at once, so that a few silent receivers hold nobody up. */
const deliveriesAtOnce = 20
/** Enough for the runs in motion; one that waits for a person is read again from its history when it is answered. */
const cachedWorkflows = 100

const purgeEveryMs = 60 * 60 * 1000

/** Polls until the process is told to stop. Throws when the worker cannot go on; Temporal being away is waited out. */
export async function runWorker(config: WorkerConfig, log: Log): Promise<void> {
  const logger = toTemporalLogger(log)
  const shutdownGraceMs = config.ROLLBOOK_SHUTDOWN_GRACE_MS
  const countRunEnd = installRuntime(config, logger)

  const db = createDatabase({
    url: config.ROLLBOOK_APP_DATABASE_URL,
    maxConnections: config.ROLLBOOK_DATABASE_POOL_SIZE,
  })
  const secretBox = new SecretBox(config.ROLLBOOK_SECRET_KEY)
  const now = (): Date => new Date()
  const openSettings: ActivityDependencies['openSettings'] = ({ id, keyId, settingsSealed: sealed }) =>
    JSON.parse(secretBox.open({ keyId, sealed }, id)) as unknown
  const shared = { db, log, now, getConnector, openSettings, undoWindowMs: config.ROLLBOOK_UNDO_WINDOW_MS }
  const activities = createActivities({
    ...shared,
    today: (timeZone) => deriveLocalDate(now(), timeZone),
    heartbeatMs: config.ROLLBOOK_HEARTBEAT_TIMEOUT_MS,
    onRunEnded: countRunEnd,
  })

  const connection = await connectToTemporal(config, log)
  if (connection === undefined) return
  const {
    ROLLBOOK_TEMPORAL_NAMESPACE: namespace,
    ROLLBOOK_TASK_QUEUE: taskQueue,
    ROLLBOOK_DROP_ROOT: dropRoot,
  } = config
  const mayReach = createHostGate(config.ROLLBOOK_PRIVATE_HOSTS ?? [])
  const client = new Client({ connection, namespace })
  const workflows = createWorkflowPort(client, taskQueue)
  const caseActivities = createCaseActivities({ db, log, workflows })
  const setActivities = createSetActivities(shared)
  const scheduleDependencies = {
    ...shared,
    workflows,
    retention: {
      logDays: config.ROLLBOOK_LOG_RETENTION_DAYS,
      inputDays: config.ROLLBOOK_INPUT_RETENTION_DAYS,
      caseDays: config.ROLLBOOK_CASE_RETENTION_DAYS,
      scheduleDays: config.ROLLBOOK_SCHEDULE_RETENTION_DAYS,
    },
    surroundingsOf: (district: string) => ({
      ...(dropRoot !== undefined && { folderRoot: join(dropRoot, district) }),
      mayReach,
    }),
  }
  const scheduleActivities = createScheduleActivities(scheduleDependencies)
  const stop = new AbortController()
  try {
    const bundle = config.ROLLBOOK_WORKFLOW_BUNDLE
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue,
      workflowBundle: bundle === undefined ? await bundleWorkflows(logger) : { codePath: bundle },
      // Those for sources too: steps from before sources had a queue of their own may still stand in this one.
      activities: { ...activities, ...scheduleActivities, ...caseActivities, ...setActivities },
      maxConcurrentActivityTaskExecutions: activitiesAtOnce,
      maxCachedWorkflows: cachedWorkflows,
      workflowThreadPoolSize: 1,
      maxHeartbeatThrottleInterval: longestBeatPauseMs,
      defaultHeartbeatThrottleInterval: longestBeatPauseMs,
      shutdownGraceTime: shutdownGraceMs,
      shutdownForceTime: shutdownGraceMs * 2,
    })
    const notifier = await Worker.create({
      connection,
      namespace,
      taskQueue: `${taskQueue}-notifications`,
      activities: makeNotificationActivities(config, { db, log, now, client, secretBox }),
      maxConcurrentActivityTaskExecutions: deliveriesAtOnce,
      maxHeartbeatThrottleInterval: longestBeatPauseMs,
      defaultHeartbeatThrottleInterval: longestBeatPauseMs,
      shutdownGraceTime: shutdownGraceMs,
      shutdownForceTime: shutdownGraceMs * 2,
    })
    const fetcher = await Worker.create({
      connection,
      namespace,
      taskQueue: `${taskQueue}-sources`,
      activities: scheduleActivities,
      maxConcurrentActivityTaskExecutions: sourcesAtOnce,
      maxHeartbeatThrottleInterval: longestBeatPauseMs,
      defaultHeartbeatThrottleInterval: longestBeatPauseMs,
      shutdownGraceTime: shutdownGraceMs,
      shutdownForceTime: shutdownGraceMs * 2,
    })
    const running = runTogether([worker, notifier, fetcher])
    const sweeps = [
      { id: 'sweep-notifications', workflowType: 'sweepNotifications', everyMs: config.ROLLBOOK_SWEEP_INTERVAL_MS },
      { id: 'purge-logs', workflowType: 'purgeLogs', everyMs: purgeEveryMs },
    ]
    for (const sweep of sweeps) void ensureSweep(client, log, { ...sweep, taskQueue }, stop.signal)
    void noteSources(scheduleDependencies, stop.signal)
    log.info({ taskQueue, pid: process.pid }, 'worker ready')
    await running
  } finally {
    stop.abort()
    await connection.close()
    await db.destroy()
  }
}

/** When one fails the others are stopped: a process that does half of its work would look well. */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
  const ends = await Promise.allSettled(
    workers.map((worker) =>
      worker.run().catch((error: unknown) => {
        stopAll()
        throw error
      }),
    ),
  )
  // Not before all have ended: they share a connection.
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

function getConnector(id: string): NonNullable<ReturnType<typeof findConnector>> {
  const connector = findConnector(id)
  if (connector === undefined) throw new Error(`there is no connector "${id}"`)
  return connector
}

const firstPauseMs = 250
const longestPauseMs = 5_000

/** Keeps trying while Temporal is away; undefined when the process is told to stop meanwhile. */
async function connectToTemporal(config: WorkerConfig, log: Log): Promise<NativeConnection | undefined> {
  const stop = new AbortController()
  const onSignal = (): void => {
    stop.abort()
  }
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal)
  try {
    for (let pauseMs = firstPauseMs; !stop.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await NativeConnection.connect(toConnectionOptions(config))
      } catch (error) {
        log.warn({ address: config.ROLLBOOK_TEMPORAL_ADDRESS, err: error }, 'Temporal does not answer; trying again')
      }
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
    return undefined
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
  }
}

function toConnectionOptions(config: WorkerConfig): NativeConnectionOptions {
  const { ROLLBOOK_TEMPORAL_ADDRESS: address, ROLLBOOK_TEMPORAL_API_KEY: apiKey } = config
  if (apiKey !== undefined) return { address, apiKey, tls: true }
  return config.ROLLBOOK_TEMPORAL_TLS ? { address, tls: true } : { address }
}
