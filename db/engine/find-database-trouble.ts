export type DatabaseTrouble = 'DATABASE_UNAVAILABLE' | 'DISK_FULL'

/**
 * SQLSTATE classes: 08 connection, 57P shutdown and restart, 57014 a statement that somebody ended, 53 resources; 40 and
 * 55P are ended by trying again.
 */
const transientState = /^(?:08...|57P0.|57014|53...|40001|40P01|55P03|25006)$/
const diskFullState = '53100'
const transientSystemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // A COPY whose connection went away.
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
])
/** node-postgres and its pool have no codes for these. */
const transientMessage =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|the database system is|terminating connection)/i

/**
 * Whether something was thrown because PostgreSQL is away, busy with others, or has no room: then the same may well
 * succeed later. Looks into causes and gathered errors. Undefined for whatever else, a defect of ours among it.
 */
export function findDatabaseTrouble(error: unknown): DatabaseTrouble | undefined {
  if (!(error instanceof Error)) return undefined
  const state = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (state === diskFullState || state === 'ENOSPC') return 'DISK_FULL'
  const isTransient =
    (state !== undefined && (transientState.test(state) || transientSystemCodes.has(state))) ||
    // A Unix socket is not there while the server restarts; a file that is missing is something else.
    (state === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') ||
    transientMessage.test(error.message)
  if (isTransient) return 'DATABASE_UNAVAILABLE'
  if (error instanceof AggregateError) {
    return error.errors.map(findDatabaseTrouble).find((code) => code !== undefined)
  }
  return findDatabaseTrouble(error.cause)
}
