import { randomUUID } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Connection, ScheduleOverlapPolicy } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { Kysely } from 'kysely'
import { createActivities } from '../../../activities/create-activities.ts'
import { createSetActivities } from '../../../activities/import/create-set-activities.ts'
import { createScheduleActivities } from '../../../activities/schedule/create-schedule-activities.ts'
import type { ScheduleDependencies } from '../../../activities/schedule/schedule-dependencies.ts'
import type { RunRef } from '../../../activities/interface.ts'
import type { PurgeReport, WatchReport } from '../../../activities/schedule-interface.ts'
import { makeConnection } from '../../../api/connect/make-connection.ts'
import type { TestPatience } from '../../../api/connect/run-connection-test.ts'
import { TemporalRunWorkflows } from '../../../api/import/run-workflows.ts'
import { TemporalScheduleKeeper, type KeptSchedule } from '../../../api/schedule/schedule-keeper.ts'
import type { Connector } from '../../../connectors/connector.ts'
import { findConnector } from '../../../connectors/registry.ts'
import { createDatabase, withDistrict, type Database } from '../../../db/database.ts'
import { updateConfigurationSettings } from '../../../db/connect/configurations.ts'
import { insertDistrict } from '../../../db/access/districts.ts'
import { insertImportSet, listImportSetRuns, type ImportSetRow } from '../../../db/import/import-sets.ts'
import { insertRun, type RunRow } from '../../../db/import/runs.ts'
import { listFirings } from '../../../db/schedule/schedule-firings.ts'
import { upsertSchedule } from '../../../db/schedule/schedules.ts'
import {
  deriveConnectionTestWorkflowId,
  deriveFiringWorkflowId,
  deriveImportSetWorkflowId,
  deriveRunWorkflowId,
  deriveScheduleId,
} from '../../../domain/ids.ts'
import { deriveScheduleSpec } from '../../../domain/schedule/derive-schedule-spec.ts'
import { ScheduleSettings } from '../../../domain/schedule/schedule-settings.ts'
import { createLog } from '../../../platform/log.ts'
import { createHostGate } from '../../../platform/private-hosts.ts'
import type { Client as PgClient } from 'pg'
import { withClient } from '../../../stack/postgres/postgres.ts'
import { getWorkflowBundle } from '../../../stack/code/workflow-bundle.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { createWorkflowPort } from '../../../workers/temporal-workflows.ts'
import { makeTestSecrets } from '../../harness/secrets.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { createEnvironment } from '../../activities/import-rig.ts'
import { getTestTemporal } from '../../harness/temporal.ts'
import type { FeedRequest, MadeFeed, TestFeed } from './test-feed.ts'

export const dataType = 'students'

/** Real steps on a database and a Temporal of their own. Call it at the top of a test file. */
export class ScheduleRig {
  db!: Kysely<Database>
  client!: Client
  keeper!: TemporalScheduleKeeper
  /** What the watchdog and the freshness alarm take for now. */
  now = (): Date => new Date()
  watchLimits: NonNullable<ScheduleDependencies['watchLimits']> = { youngRunMs: 0 }
  sourceTries: number | undefined
  /** Connectors that only tests have. */
  readonly connectors: Connector[] = []
  readonly secrets = makeTestSecrets()
  readonly directory = makeTemporaryDirectory()
  #database!: TestDatabase
  #native!: NativeConnection
  #taskQueue = ''
  #address = ''
  #codePath = ''
  #feeds = 0
  readonly #kept: string[] = []

  /** On the Temporal of the test run, or on one of the test's own. */
  async open(ownAddress?: string): Promise<void> {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
    })
    const { address, taskQueue } =
      ownAddress === undefined ? await getTestTemporal() : { address: ownAddress, taskQueue: `test-${randomUUID()}` }
    this.#taskQueue = taskQueue
    this.#address = address
    this.#database = await createTestDatabase()
    this.db = createDatabase({ url: this.#database.appUrl, maxConnections: 8 })
    this.#native = await NativeConnection.connect({ address })
    this.client = new Client({ connection: await Connection.connect({ address }) })
    const connect = async () => new Client({ connection: await Connection.connect({ address }) })
    this.keeper = new TemporalScheduleKeeper({ taskQueue, connect })
    this.#codePath = await getWorkflowBundle()
  }

  async close(): Promise<void> {
    for (const scheduleId of this.#kept) await this.keeper.remove(scheduleId).catch(() => undefined)
    await this.keeper.close()
    await this.client.connection.close()
    await this.#native.close()
    await this.db.destroy()
    await this.#database.dispose().catch(() => undefined)
    this.directory.remove()
  }

  #dependencies(): ScheduleDependencies {
    return {
      db: this.db,
      log: createLog({ process: 'test', level: 'silent' }),
      now: () => this.now(),
      getConnector: (id) => this.connectors.find((connector) => connector.id === id) ?? getConnector(id),
      openSettings: this.secrets.openSettings,
      workflows: createWorkflowPort(this.client, this.#taskQueue),
      surroundingsOf: (district) => ({
        folderRoot: join(this.directory.path, district),
        mayReach: createHostGate(['127.0.0.1']),
      }),
      undoWindowMs: 3_600_000,
      retention: { logDays: 30, inputDays: 30, caseDays: 400, scheduleDays: 400 },
      watchLimits: this.watchLimits,
      ...(this.sourceTries !== undefined && { sourceTries: this.sourceTries }),
    }
  }

  /** Polls while the story is told. */
  async withWorker<Result>(story: () => Promise<Result>): Promise<Result> {
    const dependencies = this.#dependencies()
    const scheduleActivities = createScheduleActivities(dependencies)
    const worker = await Worker.create({
      connection: this.#native,
      taskQueue: this.#taskQueue,
      workflowBundle: { codePath: this.#codePath },
      activities: {
        ...createActivities({ ...dependencies, today: () => '2026-11-22', heartbeatMs: 30_000 }),
        ...scheduleActivities,
        ...createSetActivities(dependencies),
      },
      maxHeartbeatThrottleInterval: 100,
    })
    const fetcher = await Worker.create({
      connection: this.#native,
      taskQueue: `${this.#taskQueue}-sources`,
      activities: scheduleActivities,
      maxHeartbeatThrottleInterval: 100,
    })
    return await worker.runUntil(fetcher.runUntil(story()))
  }

  /** One check of the watchdog, through its workflow. */
  async watch(): Promise<WatchReport> {
    return (await this.watchInHistory()).report
  }

  async watchInHistory(): Promise<{ workflowId: string; report: WatchReport }> {
    const workflowId = `watch-${randomUUID()}`
    const taskQueue = this.#taskQueue
    const execute = this.client.workflow.execute<() => Promise<WatchReport>>('watchDistricts', {
      workflowId,
      taskQueue,
    })
    return { workflowId, report: await execute }
  }

  /** One removal of old logs, of this district alone, through its workflow. */
  async purge({ district }: TestFeed): Promise<{ workflowId: string; report: PurgeReport }> {
    const workflowId = `purge-${randomUUID()}`
    const execute = this.client.workflow.execute<(request: object) => Promise<PurgeReport>>('purgeLogs', {
      workflowId,
      taskQueue: this.#taskQueue,
      args: [{ district }],
    })
    return { workflowId, report: await execute }
  }

  /** Writes a run down and starts it, as a request does; with an input it is a rerun, and fetches none. */
  async startRun(
    feed: TestFeed,
    input?: Pick<RunRow, 'inputFileId' | 'inputSha256' | 'inputBytes'>,
    dataType = feed.dataType,
  ): Promise<string> {
    const { district, districtId } = feed
    const { inputFileId, inputSha256, inputBytes } = input ?? { inputFileId: null, inputSha256: null, inputBytes: null }
    const runId = await feed.plantRun({ inputFileId, inputSha256, inputBytes }, dataType)
    const workflowId = deriveRunWorkflowId(district, dataType, runId)
    const fetchesInput = input === undefined
    await this.#dependencies().workflows.startRun({
      ...{ districtId, district, dataType, runId, workflowId, isTest: false, fetchesInput },
    })
    return runId
  }

  /** Starts the workflow of a set that was written down. */
  async startSet({ district, districtId }: TestFeed, { id: setId, workflowId }: ImportSetRow): Promise<void> {
    await this.#dependencies().workflows.startImportSet({ districtId, district, setId, workflowId, fetchesInput: true })
  }

  /** Lets the API wait for a worker that tries the connection; gives the id of the workflow, and what came of it. */
  async testConnection(feed: TestFeed, patience?: TestPatience) {
    const { districtId, district, connectionId } = feed
    const connect = async () => new Client({ connection: await Connection.connect({ address: this.#address }) })
    const workflows = new TemporalRunWorkflows({
      taskQueue: this.#taskQueue,
      connect,
      ...(patience !== undefined && { testPatience: patience }),
    })
    const testId = randomUUID()
    const refusal = await workflows
      .testConnection({ districtId, district, connectionId, testId })
      .catch((error: unknown) => error)
    await workflows.close()
    return { workflowId: deriveConnectionTestWorkflowId(connectionId, testId), refusal }
  }

  /** One attempt at fetching the input of a run, as Temporal would make it. */
  fetchInput({ districtId }: TestFeed, runId: string): Promise<unknown> {
    const activities = createScheduleActivities(this.#dependencies())
    return createEnvironment().run((run: RunRef) => activities.fetchInput(run), { districtId, runId })
  }

  /** With the rights of the owner of the tables, on a connection of its own. */
  asOwner<Result>(work: (owner: PgClient) => Promise<Result>): Promise<Result> {
    return withClient(this.#database.superuserUrl, work)
  }

  async makeFeed(request: FeedRequest = {}): Promise<TestFeed> {
    const { timeZone = 'UTC', dataType = 'students' } = request
    const slug = `feed-${(this.#feeds += 1)}-${randomUUID().slice(0, 8)}`
    const folder = join(this.directory.path, slug)
    mkdirSync(folder)
    const district = await insertDistrict(this.db, { slug, name: slug, timeZone })
    if (district === undefined) throw new Error('a district of this name was there')
    const districtId = district.id
    const settings = ScheduleSettings.parse(request.schedule ?? { everyHours: 4, spreadMinutes: 0 })
    const inDistrict = <Result>(fn: Parameters<typeof withDistrict<Result>>[2]) => withDistrict(this.db, districtId, fn)
    const connectionId = await inDistrict(async (trx) => {
      const connection = await makeConnection(trx, { districtId, district: slug }, this.secrets.sealer, {
        connector: request.connector ?? getConnector('oneroster-csv'),
        name: 'drop',
        settings:
          request.connector !== undefined
            ? (request.source ?? {})
            : { source: request.source ?? { kind: 'folder', path: '.', settleSeconds: 1, patienceMinutes: 0 } },
        createdBy: 'test',
      })
      const key = { connectionId: connection.id, dataType }
      if (request.imports !== undefined) await updateConfigurationSettings(trx, key, request.imports, 'test')
      await upsertSchedule(trx, { ...key, districtId, settings, now: request.activeSince ?? new Date() })
      return connection.id
    })
    return this.#describeFeed({ districtId, slug, folder, connectionId, dataType, settings, timeZone })
  }

  #describeFeed(made: MadeFeed): TestFeed {
    const { districtId, slug, folder, connectionId, dataType, settings, timeZone } = made
    const inDistrict = <Result>(fn: Parameters<typeof withDistrict<Result>>[2]) => withDistrict(this.db, districtId, fn)
    const key = { connectionId, dataType }
    const scheduleId = deriveScheduleId(slug, dataType, connectionId)
    return {
      another: async (ofType) => {
        const wanted = { connectionId, dataType: ofType, districtId, settings, now: new Date() }
        await inDistrict((trx) => upsertSchedule(trx, wanted))
        return this.#describeFeed({ ...made, dataType: ofType })
      },
      districtId,
      district: slug,
      connectionId,
      dataType,
      folder,
      put: (name, content, minute = 0) => {
        writeFileSync(join(folder, name), content)
        const time = new Date(Date.parse('2026-11-20T02:00:00Z') + minute * 60_000)
        utimesSync(join(folder, name), time, time)
      },
      keep: async ({ everyMs, catchUpMs, isPaused = false } = {}) => {
        const derived = deriveScheduleSpec(
          { settings, timeZone, seed: connectionId },
          Date.parse('2026-01-15T12:00:00Z'),
        )
        const spec = { ...derived, catchUpMs: catchUpMs ?? derived.catchUpMs }
        const kept: KeptSchedule = {
          scheduleId,
          workflowId: deriveFiringWorkflowId(slug, dataType, connectionId),
          ...{ districtId, district: slug, connectionId, dataType, isPaused },
          spec: everyMs === undefined ? spec : { ...spec, intervals: [{ everyMs, offsetMs: 0 }], calendars: [] },
        }
        this.#kept.push(scheduleId)
        await this.keeper.put(kept)
      },
      backfill: (start, end) =>
        this.client.schedule.getHandle(scheduleId).backfill({
          start: new Date(start),
          end: new Date(end),
          overlap: ScheduleOverlapPolicy.ALLOW_ALL,
        }),
      firings: async () => {
        const rows = await inDistrict((trx) => listFirings(trx, { ...key, limit: 1000 }))
        return rows.toReversed().map(({ dueAt, outcome, runId, setId, count, waitsFor }) => ({
          dueAt: dueAt?.toISOString() ?? null,
          outcome,
          runId,
          setId,
          count,
          waitsFor,
        }))
      },
      runs: () => inDistrict((trx) => trx.selectFrom('importRuns').selectAll().orderBy('createdAt').execute()),
      sets: () =>
        inDistrict(async (trx) => {
          const sets = await trx.selectFrom('importSets').selectAll().orderBy('createdAt').execute()
          return Promise.all(sets.map(async (set) => ({ ...set, runs: await listImportSetRuns(trx, set.id) })))
        }),
      plantSet: () =>
        inDistrict((trx) => {
          const id = randomUUID()
          return insertImportSet(trx, {
            ...{ id, districtId, connectionId, isTest: false, approveHold: false, requestedBy: 'test', dueAt: null },
            ...{ inputFileId: null, inputSha256: null, inputBytes: null },
            workflowId: deriveImportSetWorkflowId(slug, id),
          })
        }),
      plantRun: (values = {}, ofType = dataType) =>
        inDistrict(async (trx) => {
          const id = randomUUID()
          await insertRun(trx, {
            ...{
              id,
              districtId,
              connectionId,
              dataType: ofType,
              isTest: false,
              approveHold: false,
              rerunOf: null,
              requestedBy: 'test',
            },
            ...{ inputFileId: null, inputSha256: null, inputBytes: null },
            workflowId: deriveRunWorkflowId(slug, ofType, id),
          })
          if (Object.keys(values).length > 0) {
            await trx.updateTable('importRuns').set(values).where('id', '=', id).execute()
          }
          return id
        }),
      events: () =>
        inDistrict((trx) => trx.selectFrom('events').select(['kind', 'runId', 'facts']).orderBy('id').execute()),
      alarms: async () => {
        const rows = await inDistrict((trx) => trx.selectFrom('alarms').selectAll().orderBy('openedAt').execute())
        return rows.map(({ kind, runId, closedAt }) => ({ kind, runId, isOpen: closedAt === null }))
      },
    }
  }
}

export function useScheduleRig(): ScheduleRig {
  const rig = new ScheduleRig()
  beforeAll(() => rig.open())
  afterAll(() => rig.close())
  return rig
}

function getConnector(id: string) {
  const connector = findConnector(id)
  if (connector === undefined) throw new Error(`there is no connector ${id}`)
  return connector
}
