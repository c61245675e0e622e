import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createDatabase } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { readConfig } from '../config.ts'
import { describeSealingKey } from '../platform/secret-box.ts'
import { insertToken } from '../db/access/tokens.ts'
import { rights } from '../api/contract/rights.ts'
import { closeToOthers } from './disk/close-to-others.ts'
import { compileCache, compileWorkerCode } from './code/compiled-code.ts'
import { isDiskFull, isFullError, refuseFullDisk, watchDisk } from './disk/disk-room.ts'
import { findFreePort } from './processes/free-port.ts'
import { preparePostgres, type EmbeddedPostgres } from './postgres/postgres.ts'
import { endLeftovers, PidsFile } from './processes/pids-file.ts'
import { planApi, planWorker } from './processes/our-processes.ts'
import { lockDirectory } from './disk/stack-lock.ts'
import { recallStack, rememberPorts } from './disk/stack-memory.ts'
import { Supervisor } from './processes/supervisor.ts'
import { prepareTemporal } from './temporal/temporal.ts'
import { findTemporalCli } from './temporal/temporal-cli.ts'
import { getWorkflowBundle } from './code/workflow-bundle.ts'
import { writeSecretFile } from './disk/write-secret-file.ts'

export type Stack = {
  readonly url: string
  readonly token: string
  readonly temporalAddress: string
  readonly temporalUiUrl: string
  readonly temporalCli: string
  readonly databaseUrl: string
  readonly appDatabaseUrl: string
  readonly mailDirectory: string
  /** JSON, process name → pid of postgres, temporal, worker, api; kept up to date when one is restarted. */
  readonly pidsFile: string
  /** The variables of contract.md for a command that is to use this stack. */
  readonly environment: Readonly<Record<string, string>>
  /** Resolves with the reason when the stack cannot be kept up; the caller then stops it. */
  readonly givenUp: Promise<string>
  /** Ends every process, the newest first, within seconds. Safe to call twice. */
  readonly stop: () => Promise<void>
}

export type StackOptions = {
  /** Everything the stack keeps lies here; a directory that was used before goes on with its data. */
  readonly dataDirectory: string
  /** The data are removed afterwards: stopping need not leave them tidy. */
  readonly isThrowAway?: boolean
  /** Settings of worker and API beyond those the stack gives them, such as a shorter heartbeat. */
  readonly settings?: Readonly<Record<string, string>>
  /** How worker and API reach the database, given its own address: through something that may be cut, say. */
  readonly databaseAddress?: (url: string) => Promise<string>
  readonly say?: (text: string) => void
  /** Gives up starting, and stops what was started. */
  readonly signal?: AbortSignal
}

/**
 * Starts PostgreSQL, Temporal, a worker and the API on free loopback ports and resolves when all serve. Each is
 * restarted when it dies. Throws, with nothing left running, when one does not come up.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const directory = resolve(options.dataDirectory)
  const lock = takeDirectory(directory)
  const pidsFile = join(directory, 'pids.json')
  const pids = new PidsFile(pidsFile)
  const supervisor = new Supervisor({
    logDirectory: join(directory, 'logs'),
    onPidsChanged: (running) => pids.write(running),
    isHeldUp: () => isDiskFull(directory),
  })
  const disk = watchDisk(directory, options.say ?? (() => undefined))
  let stopped: Promise<void> | undefined
  const stop = () =>
    (stopped ??= stopStack(supervisor, directory, pidsFile, () => {
      disk.stop()
      pids.close()
      lock.release()
    }))
  const stopEarly = () => void supervisor.stop()
  options.signal?.addEventListener('abort', stopEarly)
  try {
    await endLeftovers(pidsFile, directory)
    return { ...(await startProcesses(options, directory, supervisor, pidsFile)), givenUp: supervisor.givenUp, stop }
  } catch (error) {
    const reason = isDiskFull(directory) ? refuseFullDisk(directory, error) : error
    await stop()
    throw options.signal?.aborted === true ? new Error('The start was interrupted.') : reason
  } finally {
    options.signal?.removeEventListener('abort', stopEarly)
  }
}

function takeDirectory(directory: string): ReturnType<typeof lockDirectory> {
  try {
    // The data of PostgreSQL belong to the account it runs as, which closes them itself.
    closeToOthers(directory, (path) => path === join(directory, 'postgres', 'data'))
    return lockDirectory(directory)
  } catch (error) {
    throw isFullError(error) ? refuseFullDisk(directory, error) : error
  }
}

async function startProcesses(
  options: StackOptions,
  directory: string,
  supervisor: Supervisor,
  pidsFile: string,
): Promise<Omit<Stack, 'givenUp' | 'stop'>> {
  const { say = () => undefined, isThrowAway = false } = options
  const temporalCli = await findTemporalCli({ say })
  const memory = recallStack(directory)
  const { ports } = memory
  const [bundle, postgres, temporal, apiPort] = await Promise.all([
    getWorkflowBundle(say),
    preparePostgres({ directory: join(directory, 'postgres'), isThrowAway, preferredPort: ports?.postgres }),
    prepareTemporal({
      directory: join(directory, 'temporal'),
      executable: temporalCli,
      preferredPorts: { port: ports?.temporal, uiPort: ports?.temporalUi },
    }),
    findFreePort(ports?.api),
    compileWorkerCode(),
  ])
  rememberPorts(directory, memory, {
    api: apiPort,
    postgres: postgres.port,
    temporal: temporal.port,
    temporalUi: temporal.uiPort,
  })
  say('Starting PostgreSQL and Temporal …')
  await Promise.all([
    supervisor.start(postgres.plan).then(() => prepareDatabase(postgres, memory.token)),
    supervisor.start(temporal.plan),
  ])
  const mailDirectory = join(directory, 'mail')
  mkdirSync(mailDirectory, { recursive: true })
  const dropRoot = join(directory, 'drop')
  mkdirSync(dropRoot, { recursive: true })
  const databaseAddress = await options.databaseAddress?.(postgres.appUrl())
  const settings = {
    ROLLBOOK_APP_DATABASE_URL: databaseAddress ?? postgres.appUrl(),
    ROLLBOOK_TEMPORAL_ADDRESS: temporal.address,
    ROLLBOOK_TEMPORAL_NAMESPACE: 'default',
    ROLLBOOK_TEMPORAL_UI_URL: temporal.uiUrl,
    ROLLBOOK_TASK_QUEUE: 'rollbook',
    ROLLBOOK_WORKFLOW_BUNDLE: bundle,
    ROLLBOOK_API_HOST: '127.0.0.1',
    ROLLBOOK_API_PORT: String(apiPort),
    ROLLBOOK_MAIL_DIR: mailDirectory,
    ROLLBOOK_MAIL_FROM: 'rollbook@localhost.localdomain',
    ROLLBOOK_PUBLIC_URL: `http://127.0.0.1:${apiPort}`,
    // Everything runs on one machine here, a receiver to try things out with too.
    ROLLBOOK_WEBHOOK_ALLOW_PRIVATE: 'true',
    ROLLBOOK_PRIVATE_HOSTS: ['localhost,127.0.0.0/8,::1', process.env['ROLLBOOK_PRIVATE_HOSTS'] ?? []].flat().join(),
    ROLLBOOK_DROP_ROOT: dropRoot,
    // Nobody waits half a minute for Ctrl-C; what a worker leaves undone is done again.
    ROLLBOOK_SHUTDOWN_GRACE_MS: '3000',
    ROLLBOOK_HEARTBEAT_TIMEOUT_MS: '10000',
    NODE_COMPILE_CACHE: compileCache,
    ...options.settings,
  }
  say('Starting the worker and the API …')
  const url = `http://127.0.0.1:${apiPort}`
  await Promise.all([
    supervisor.start(planWorker({ ...settings, ROLLBOOK_SECRET_KEY: memory.secretKey })),
    supervisor.start(planApi({ ...settings, ...sealingSettings(memory.secretKey) }, url)),
  ])
  const environment = {
    ROLLBOOK_URL: url,
    ROLLBOOK_TOKEN: memory.token,
    ROLLBOOK_TEMPORAL_ADDRESS: temporal.address,
    ROLLBOOK_TEMPORAL_UI_URL: temporal.uiUrl,
    ROLLBOOK_TEMPORAL_CLI: temporalCli,
    ROLLBOOK_DATABASE_URL: postgres.ownerUrl(),
    ROLLBOOK_APP_DATABASE_URL: postgres.appUrl(),
    ROLLBOOK_MAIL_DIR: mailDirectory,
    ROLLBOOK_STACK_PIDS: pidsFile,
  }
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`)
  writeSecretFile(join(directory, 'env'), lines.join(''))
  return {
    url,
    token: memory.token,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    temporalCli,
    databaseUrl: postgres.ownerUrl(),
    appDatabaseUrl: postgres.appUrl(),
    mailDirectory,
    pidsFile,
    environment,
  }
}

/** What the API is told of the keys. Empty, so that one of the shell that started us is not passed on to it either. */
function sealingSettings(secretKey: string): Readonly<Record<string, string>> {
  const { ROLLBOOK_SECRET_KEY: keys } = readConfig(['ROLLBOOK_SECRET_KEY'], { ROLLBOOK_SECRET_KEY: secretKey })
  return { ROLLBOOK_SECRET_KEY: '', ROLLBOOK_SEALING_KEY: describeSealingKey(keys) }
}

async function prepareDatabase(postgres: EmbeddedPostgres, token: string): Promise<void> {
  await postgres.prepareDatabase()
  await migrate({ ownerUrl: postgres.ownerUrl() })
  const db = createDatabase({ url: postgres.ownerUrl(), maxConnections: 1 })
  try {
    await insertToken(db, { token, name: 'embedded stack', rights: [...rights] })
  } finally {
    await db.destroy()
  }
}

async function stopStack(
  supervisor: Supervisor,
  directory: string,
  pidsFile: string,
  release: () => void,
): Promise<void> {
  await supervisor.stop()
  // An address of a stack that is gone would only mislead.
  for (const file of [pidsFile, join(directory, 'env')]) rmSync(file, { force: true })
  release()
}
