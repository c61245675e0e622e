import { createHmac, randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findFreePort } from '../processes/free-port.ts'
import { choosePostgresAccount, type PostgresAccount, type PostgresCommand } from './postgres-account.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { buildPostgresArguments } from './postgres-settings.ts'
import { endLeftoverProcess } from '../processes/leftover-process.ts'
import type { ChildPlan } from '../processes/supervisor.ts'

/** Roles of the embedded server. The owner runs migrations; worker and API are `rollbook_app` (decision: row security). */
export const ownerRole = 'rollbook'
const appRole = 'rollbook_app'
const superuser = 'postgres'

export type EmbeddedPostgres = {
  readonly port: number
  readonly plan: ChildPlan
  /** Connection addresses; `database` defaults to the one made for Rollbook. */
  readonly ownerUrl: (database?: string) => string
  readonly appUrl: (database?: string) => string
  readonly superuserUrl: (database?: string) => string
  /** Makes the roles and the database. Repeatable; the server must run. */
  readonly prepareDatabase: () => Promise<void>
}

/**
 * Makes the data directory when there is none, ends a server that a killed stack left on it, and chooses a port. The
 * caller hands `plan` to a supervisor and then awaits `prepareDatabase`. `directory` is ours alone: it holds the
 * data and the secret from which its passwords come.
 */
export async function preparePostgres(options: {
  readonly directory: string
  readonly isThrowAway: boolean
  readonly preferredPort?: number | undefined
}): Promise<EmbeddedPostgres> {
  const binaries = findPostgresBinaries()
  const data = join(options.directory, 'data')
  mkdirSync(options.directory, { recursive: true })
  const account = choosePostgresAccount(data, [binaries.postgres, data])
  const passwordOf = derivePasswords(join(options.directory, 'secret'))
  if (existsSync(join(data, 'PG_VERSION'))) await endLeftoverServer(data)
  else await initialise({ data, password: passwordOf(superuser), binaries, account, isThrowAway: options.isThrowAway })

  const port = await findFreePort(options.preferredPort)
  const url = (user: string) => (database?: string) =>
    `postgresql://${user}:${passwordOf(user)}@127.0.0.1:${port}/${database ?? ownerRole}`
  const superuserUrl = url(superuser)
  return {
    port,
    ownerUrl: url(ownerRole),
    appUrl: url(appRole),
    superuserUrl,
    plan: {
      name: 'postgres',
      command: () => ({
        ...account.build(binaries.postgres, buildPostgresArguments(data, port)),
        cwd: options.directory,
      }),
      waitUntilReady: (_lines, signal) => waitUntilItAnswers(superuserUrl('postgres'), signal),
      // Immediate shutdown loses nothing that was committed, but leaves recovery to the next start.
      stopSignal: options.isThrowAway ? 'SIGQUIT' : 'SIGINT',
      stopGraceMs: 10_000,
      // After a crash it first replays up to max_wal_size of its log.
      readyTimeoutMs: 600_000,
      // Processes of a killed server end when they next talk to their client; until then none may start beside them.
      isHeldUp: (lines) => lines.some((line) => line.includes('pre-existing shared memory block')),
      orphanSignal: 'SIGQUIT',
    },
    prepareDatabase: () => makeRolesAndDatabase(superuserUrl('postgres'), passwordOf),
  }
}

async function initialise(options: {
  data: string
  password: string
  binaries: PostgresBinaries
  account: PostgresAccount
  isThrowAway: boolean
}): Promise<void> {
  const { data, binaries, account } = options
  // What is there without PG_VERSION is an initialisation that was killed half-way.
  rmSync(data, { recursive: true, force: true })
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const passwordFile = `${data}.password`
  writeFileSync(passwordFile, options.password, { mode: 0o600 })
  if (account.owner !== undefined) {
    for (const path of [data, passwordFile]) chownSync(path, account.owner.uid, account.owner.gid)
  }
  const command = account.build(binaries.initdb, [
    `--pgdata=${data}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The order of text must not depend on the machine's locale.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(options.isThrowAway ? ['--no-sync'] : []),
  ])
  try {
    await runToEnd(command, join(data, '..'))
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function runToEnd({ file, args, ...ids }: PostgresCommand, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const started = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd, ...ids })
    let complaint = ''
    started.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    started.once('error', reject)
    started.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`PostgreSQL could not make its data directory (initdb, code ${code}): ${complaint.trim()}`))
    })
  })
}

/** One secret of the data directory, and from it a password for each role: who has one does not have the others. */
function derivePasswords(file: string): (role: string) => string {
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch {
    // It was made at an earlier start.
  }
  const secret = readFileSync(file, 'utf8')
  return (role) => createHmac('sha256', secret).update(role).digest('base64url').slice(0, 32)
}

/** A stack that was killed together with its watchdogs leaves the server running on this very directory. */
async function endLeftoverServer(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  await endLeftoverProcess(pid, data, 'SIGQUIT')
  // Its number may belong to somebody else by now, for which PostgreSQL would refuse to start.
  rmSync(pidFile, { force: true })
}

async function waitUntilItAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    try {
      await withClient(url, (client) => client.query('select 1'))
      return
    } catch {
      await sleep(50, undefined, { signal })
    }
  }
}

async function makeRolesAndDatabase(url: string, passwordOf: (role: string) => string): Promise<void> {
  await withClient(url, async (client) => {
    const secretOf = (role: string) => client.escapeLiteral(passwordOf(role))
    const roles = await client.query<{ rolname: string }>('select rolname from pg_roles')
    const isThere = (name: string) => roles.rows.some(({ rolname }) => rolname === name)
    // CREATEDB lets tests clone a template; CREATEROLE lets a migration adjust the app role.
    if (!isThere(ownerRole)) {
      await client.query(`create role ${ownerRole} login createdb createrole password ${secretOf(ownerRole)}`)
      await client.query(`grant pg_signal_backend to ${ownerRole}`)
    }
    if (!isThere(appRole)) {
      await client.query(`create role ${appRole} login password ${secretOf(appRole)}`)
      await client.query(`grant ${appRole} to ${ownerRole} with admin option`)
    }
    const databases = await client.query('select from pg_database where datname = $1', [ownerRole])
    if (databases.rowCount === 0) await client.query(`create database ${ownerRole} owner ${ownerRole}`)
  })
}

/** Runs statements on one connection of its own and closes it. */
export async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
