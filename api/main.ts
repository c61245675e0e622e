import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { readConfig } from '../config.ts'
import { createDatabase } from '../db/database.ts'
import { createLog } from '../platform/log.ts'
import { createHostGate } from '../platform/private-hosts.ts'
import { SecretSealer } from '../platform/secret-sealer.ts'
import { createApp } from './app.ts'
import { fillAllConfigurations } from './connect/fill-all-configurations.ts'
import { connectToTemporal } from './connect-to-temporal.ts'
import { keepSchedules } from './schedule/keep-schedules.ts'
import { TemporalRunWorkflows } from './import/run-workflows.ts'
import { TemporalScheduleKeeper } from './schedule/schedule-keeper.ts'
import { sealPlainWebhooks } from './notify/webhook-address.ts'
import { startQueuedRuns } from './import/start-queued-runs.ts'

const config = readConfig([
  'ROLLBOOK_API_HOST',
  'ROLLBOOK_API_PORT',
  'ROLLBOOK_APP_DATABASE_URL',
  'ROLLBOOK_DATABASE_POOL_SIZE',
  'ROLLBOOK_DROP_ROOT',
  'ROLLBOOK_LOG_LEVEL',
  'ROLLBOOK_PRIVATE_HOSTS',
  'ROLLBOOK_REQUESTS_PER_MINUTE',
  'ROLLBOOK_SEALING_KEY',
  'ROLLBOOK_TASK_QUEUE',
  'ROLLBOOK_TEMPORAL_ADDRESS',
  'ROLLBOOK_TEMPORAL_API_KEY',
  'ROLLBOOK_TEMPORAL_NAMESPACE',
  'ROLLBOOK_TEMPORAL_TLS',
  'ROLLBOOK_WEBHOOK_ALLOW_PRIVATE',
])

const log = createLog({ process: 'api', level: config.ROLLBOOK_LOG_LEVEL })
const db = createDatabase({
  url: config.ROLLBOOK_APP_DATABASE_URL,
  maxConnections: config.ROLLBOOK_DATABASE_POOL_SIZE,
})
const temporal = {
  taskQueue: config.ROLLBOOK_TASK_QUEUE,
  connect: () =>
    connectToTemporal({
      address: config.ROLLBOOK_TEMPORAL_ADDRESS,
      namespace: config.ROLLBOOK_TEMPORAL_NAMESPACE,
      apiKey: config.ROLLBOOK_TEMPORAL_API_KEY,
      isTls: config.ROLLBOOK_TEMPORAL_TLS,
    }),
}
const workflows = new TemporalRunWorkflows(temporal)
const schedules = new TemporalScheduleKeeper(temporal)
const secrets = new SecretSealer(config.ROLLBOOK_SEALING_KEY)
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string } // our own file

const stopping = new AbortController()
const app = createApp({
  stopping: stopping.signal,
  ...{ db, workflows, schedules, secrets, log, version },
  allowsPrivateWebhooks: config.ROLLBOOK_WEBHOOK_ALLOW_PRIVATE,
  dropRoot: config.ROLLBOOK_DROP_ROOT,
  requestsPerMinute: config.ROLLBOOK_REQUESTS_PER_MINUTE,
  mayReach: createHostGate(config.ROLLBOOK_PRIVATE_HOSTS ?? []),
})
const server = serve(
  { fetch: app.fetch, hostname: config.ROLLBOOK_API_HOST, port: config.ROLLBOOK_API_PORT },
  ({ address, port }) => {
    log.info({ address, port }, 'the API listens')
  },
)

// Node gives up on a request after five minutes; a package of 1 GB over a school's line takes longer.
if ('requestTimeout' in server) server.requestTimeout = 3_600_000

const restarts = Promise.all([
  startQueuedRuns({ db, workflows, log }, stopping.signal),
  keepSchedules({ db, schedules, log }, stopping.signal),
  sealPlainWebhooks({ db, secrets, log }, stopping.signal),
  fillAllConfigurations({ db, log }),
])

/** Ends what is in hand within the grace of whoever sent the signal. */
function stop(): void {
  if (stopping.signal.aborted) return
  stopping.abort()
  server.close(() => {
    void restarts
      .then(() => Promise.all([db.destroy(), workflows.close(), schedules.close()]))
      .then(() => {
        process.exit(0)
      })
  })
  // A long poll would keep its connection for up to 25 seconds; whoever waits asks again.
  setTimeout(() => {
    process.exit(0)
  }, 2000).unref()
}

process.once('SIGTERM', stop)
process.once('SIGINT', stop)
// A parent that started us with a channel is gone when the channel is.
process.once('disconnect', stop)
