import { readConfig } from '../config.ts'
import { createLog } from '../platform/log.ts'
import { runWorker } from './run-worker.ts'

/**
 * The process of one worker. It polls until SIGTERM or SIGINT, then lets its steps come to an end or hands them back,
 * and leaves. Workers hold nothing: any number of them may run, and any may be killed.
 */
const config = readConfig([
  'ROLLBOOK_APP_DATABASE_URL',
  'ROLLBOOK_DATABASE_POOL_SIZE',
  'ROLLBOOK_TEMPORAL_ADDRESS',
  'ROLLBOOK_TEMPORAL_NAMESPACE',
  'ROLLBOOK_TEMPORAL_API_KEY',
  'ROLLBOOK_TEMPORAL_TLS',
  'ROLLBOOK_TASK_QUEUE',
  'ROLLBOOK_SECRET_KEY',
  'ROLLBOOK_HEARTBEAT_TIMEOUT_MS',
  'ROLLBOOK_UNDO_WINDOW_MS',
  'ROLLBOOK_LOG_RETENTION_DAYS',
  'ROLLBOOK_INPUT_RETENTION_DAYS',
  'ROLLBOOK_CASE_RETENTION_DAYS',
  'ROLLBOOK_SCHEDULE_RETENTION_DAYS',
  'ROLLBOOK_SHUTDOWN_GRACE_MS',
  'ROLLBOOK_WORKFLOW_BUNDLE',
  'ROLLBOOK_MAIL_DIR',
  'ROLLBOOK_SMTP_URL',
  'ROLLBOOK_MAIL_FROM',
  'ROLLBOOK_PUBLIC_URL',
  'ROLLBOOK_WEBHOOK_ALLOW_PRIVATE',
  'ROLLBOOK_SWEEP_INTERVAL_MS',
  'ROLLBOOK_DROP_ROOT',
  'ROLLBOOK_PRIVATE_HOSTS',
  'ROLLBOOK_METRICS_ADDRESS',
  'ROLLBOOK_LOG_LEVEL',
])
const log = createLog({ process: 'worker', level: config.ROLLBOOK_LOG_LEVEL })

try {
  await runWorker(config, log)
  log.info('worker stopped')
} catch (error) {
  log.fatal({ err: error }, 'worker failed')
  process.exitCode = 1
}
