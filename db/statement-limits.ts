import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'

/** What ends statements from outside. */
export type StatementLimits = {
  /** Aborted: whatever statement is at work then is ended by PostgreSQL, and its transaction fails with SQLSTATE 57014. */
  readonly signal?: AbortSignal
  /** For how long what is at work may go on after that, milliseconds. */
  readonly graceMs?: number
  /** For how long one statement may run, milliseconds; it fails with 57014 too (isTimedOut tells the two apart). */
  readonly timeoutMs?: number
}

const limitsInForce = new AsyncLocalStorage<StatementLimits>()

/**
 * Every connection that is lent while `fn` runs keeps these limits, and those around it where these say nothing: a
 * statement cannot be left alone, and one that is would go on for hours after nobody wants it.
 */
export function withStatementLimits<Result>(limits: StatementLimits, fn: () => Promise<Result>): Promise<Result> {
  return limitsInForce.run({ ...limitsInForce.getStore(), ...limits }, fn)
}

/** For the tidying up: what `fn` asks of the database is answered though an end was called for. */
export function withoutStatementLimits<Result>(fn: () => Promise<Result>): Promise<Result> {
  return limitsInForce.run({}, fn)
}

/** How long a statement may run by the limits in force, milliseconds; undefined where it may run for ever. */
export function findStatementTimeout(): number | undefined {
  return limitsInForce.getStore()?.timeoutMs
}

/** True when PostgreSQL ended a statement because it ran for longer than it may. */
export function isTimedOut(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57014' && error.message.includes('statement timeout')
}

/**
 * Lends a connection under the limits in force. Throws the signal's reason once that is aborted, unless there is a grace:
 * what is at work then may need another connection to come to its end.
 */
export async function lendClient(pool: pg.Pool): Promise<pg.PoolClient> {
  const { signal, graceMs = 0 } = limitsInForce.getStore() ?? {}
  if (graceMs === 0) signal?.throwIfAborted()
  const client = await pool.connect()
  if (signal !== undefined) watchClient(client, pool, { signal, graceMs })
  return client
}

/** PostgreSQL takes no note of an order to stop that arrives between two statements. */
const orderAgainMs = 1_000
const orderPatienceMs = 5_000

function watchClient(
  client: pg.PoolClient,
  pool: pg.Pool,
  { signal, graceMs }: { readonly signal: AbortSignal; readonly graceMs: number },
): void {
  // The pool puts a function of its own there whenever it lends the connection.
  const giveBack = client.release.bind(client)
  let timer: NodeJS.Timeout | undefined
  let isLent = true
  const orderStop = async (): Promise<void> => {
    await endStatement(pool, client)
    if (isLent) timer = setTimeout(() => void orderStop(), orderAgainMs)
  }
  const onAbort = (): void => {
    timer = setTimeout(() => void orderStop(), graceMs)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  client.release = (failure) => {
    isLent = false
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    // An order under way must not meet whoever has the connection next.
    giveBack(signal.aborted ? true : failure)
  }
}

/** On a connection of its own: those of the pool may all be at work. What cannot be said now is said again. */
async function endStatement(pool: pg.Pool, client: pg.PoolClient): Promise<void> {
  const { processID } = client as unknown as { readonly processID: number | null } // not in its declared type
  if (processID === null) return
  const { connectionString } = pool.options
  const messenger = new pg.Client({
    ...(connectionString === undefined ? {} : { connectionString }),
    connectionTimeoutMillis: orderPatienceMs,
    query_timeout: orderPatienceMs,
  })
  messenger.on('error', () => undefined)
  try {
    await messenger.connect()
    await messenger.query('select pg_cancel_backend($1)', [processID])
  } catch {
    // The database is away: then so is the statement.
  } finally {
    await messenger.end().catch(() => undefined)
  }
}
