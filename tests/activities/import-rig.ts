import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import { createFetchInput } from '../../activities/connect/fetch-input.ts'
import type { ActivityDependencies } from '../../activities/activity-dependencies.ts'
import type { ScheduleActivities } from '../../activities/schedule-interface.ts'
import { createActivities } from '../../activities/create-activities.ts'
import type { ImportActivities, RunOutcome, RunRef, UndoActivities } from '../../activities/interface.ts'
import { makeConnection } from '../../api/connect/make-connection.ts'
import type { Connector } from '../../connectors/connector.ts'
import { findConnector } from '../../connectors/registry.ts'
import { createDatabase, withDistrict, type Database } from '../../db/database.ts'
import { createArchivedFile, type ArchivedFile } from '../../db/import/inputs/archived-files.ts'
import { insertDistrict } from '../../db/access/districts.ts'
import { getRun, insertRun, type RunRow } from '../../db/import/runs.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import { createLog } from '../../platform/log.ts'
import { makePackage, type PackageRequest } from '../../simulators/oneroster-package/make-package.ts'
import { withClient } from '../../stack/postgres/postgres.ts'
import { pupilMembers, type PupilPackage } from '../fixtures/pupil-package.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { makeTestSecrets } from '../harness/secrets.ts'

const log = createLog({ process: 'test', level: 'silent' })
const secrets = makeTestSecrets()

export type ImportRig = {
  readonly db: Kysely<Database>
  readonly districtId: string
  readonly district: string
  readonly activities: ImportActivities & UndoActivities
  /** Settings for a worker's process that works on this database. */
  readonly settings: Readonly<Record<string, string>>
  /** Ends every connection to the database, as a restart of PostgreSQL does. */
  readonly cutConnections: () => Promise<void>
  /** Archives a package of invented students, and a run that is to import it. */
  readonly givePackage: (request: PackageRequest) => Promise<ArchivedFile>
  /** Forgets every record, run and case. */
  readonly clear: () => Promise<void>
  /** Archives a package as it is. */
  readonly giveContent: (content: Buffer) => Promise<ArchivedFile>
  /** The same of a package that the test writes row by row. */
  readonly givePupils: (request: PupilPackage) => Promise<ArchivedFile>
  /** Of students unless told. */
  readonly giveRun: (
    input: ArchivedFile | null,
    options?: { readonly isTest?: boolean; readonly dataType?: string; readonly connectionId?: string },
  ) => Promise<RunRef>
  /** A further connection of the district. */
  readonly addConnection: (wanted: {
    readonly connector: string
    readonly name: string
    readonly settings: unknown
  }) => Promise<string>
  /** One attempt at bringing the input of a run from its source. */
  readonly fetch: (run: RunRef) => Promise<unknown>
  /** Runs one step as Temporal would. */
  readonly step: <Name extends keyof (ImportActivities & UndoActivities)>(
    name: Name,
    argument: Parameters<(ImportActivities & UndoActivities)[Name]>[0],
    environment?: MockActivityEnvironment,
  ) => ReturnType<(ImportActivities & UndoActivities)[Name]>
  /** Opens, stages and plans. */
  readonly plan: (run: RunRef) => ReturnType<ImportActivities['buildPlan']>
  /** The whole run without a question asked. */
  readonly importAll: (run: RunRef) => ReturnType<ImportActivities['closeRun']>
  readonly close: (run: RunRef, outcome: RunOutcome) => ReturnType<ImportActivities['closeRun']>
  readonly readRun: (run: RunRef) => Promise<RunRow>
  /** Runs a query with the rights of the owner. */
  readonly ask: (text: string) => Promise<unknown[]>
  /** What an import leaves behind, without the ids and times that differ from run to run. */
  readonly readTables: () => Promise<Record<string, unknown[]>>
}

export type RigOptions = {
  /** Whose inputs are imported; OneRoster CSV packages unless told. */
  readonly connector?: string
  /** Besides those of the registry. */
  readonly connectors?: readonly Connector[]
  readonly settings?: unknown
  /** Instead of uploaded packages. */
  readonly connection?: () => { readonly connector: string; readonly settings: unknown }
  /** The clock of whoever asks a source. */
  readonly now?: () => Date
  readonly applyBatchRows?: number
  /** The day it is in the district. */
  readonly today?: () => string
  readonly deriveStatementTimeout?: (rows: number) => number
}

/** A district with one connection on a database of its own. Call it at the top of a test file. */
export function useImportRig({
  connector = 'oneroster-csv',
  connectors = [],
  settings = {},
  today = () => '2026-11-22',
  now = () => new Date('2026-11-22T10:00:00Z'),
  connection: wanted,
  ...options
}: RigOptions = {}): ImportRig {
  const district = `lincoln-${randomUUID().slice(0, 8)}`
  const getConnector = (id: string) => {
    const found = connectors.find((known) => known.id === id) ?? findConnector(id)
    if (found === undefined) throw new Error(`there is no connector ${id}`)
    return found
  }
  let testDatabase: TestDatabase
  let owner: pg.Client | undefined
  let db: Kysely<Database>
  let districtId = ''
  let connectionId = ''
  /** What the connector does not offer comes by packages, as in a district with two sources. */
  let besideId = ''
  const offers = (dataType: string) => getConnector(wanted?.().connector ?? connector).dataTypes.includes(dataType)
  let activities: ImportActivities & UndoActivities
  let fetchInput: ScheduleActivities['fetchInput']

  beforeAll(async () => {
    testDatabase = await createTestDatabase()
    db = createDatabase({ url: testDatabase.appUrl, maxConnections: 6 })
    const inserted = await insertDistrict(db, { slug: district, name: 'Lincoln County', timeZone: 'America/Chicago' })
    districtId = inserted?.id ?? ''
    const connection = await withDistrict(db, districtId, (trx) =>
      makeConnection(trx, { districtId, district }, secrets.sealer, {
        connector: getConnector(wanted?.().connector ?? connector),
        name: 'test',
        settings: wanted?.().settings ?? settings,
        createdBy: 'test',
      }),
    )
    connectionId = connection.id
    if (!dataTypes.every(({ name }) => offers(name))) {
      const packages = { connector: getConnector('oneroster-csv'), name: 'beside', settings: {}, createdBy: 'test' }
      besideId = await withDistrict(db, districtId, async (trx) =>
        makeConnection(trx, { districtId, district }, secrets.sealer, packages).then(({ id }) => id),
      )
    }
    const dependencies: Omit<ActivityDependencies, 'today' | 'heartbeatMs'> = {
      db,
      log,
      now,
      getConnector,
      openSettings: secrets.openSettings,
      undoWindowMs: 72 * 60 * 60 * 1000,
    }
    activities = createActivities({ ...dependencies, today, heartbeatMs: 30_000, ...options })
    fetchInput = createFetchInput({ ...dependencies, surroundingsOf: () => ({ mayReach: () => true }) })
  })
  afterAll(async () => {
    await owner?.end().catch(() => undefined)
    await db.destroy()
    // A file that is run alone stops its server first, and the database is gone with it.
    await testDatabase.dispose().catch(() => undefined)
  })

  const step: ImportRig['step'] = (name, argument, environment = createEnvironment()) =>
    // The type of one of several functions, called with the argument that belongs to it by the signature above.
    environment.run(activities[name] as never, argument) as never
  const plan: ImportRig['plan'] = async (run) => {
    await step('openRun', run)
    await step('stageRun', run)
    return step('buildPlan', run)
  }
  const close: ImportRig['close'] = (run, outcome) => step('closeRun', { ...run, outcome })

  return {
    get db() {
      return db
    },
    get districtId() {
      return districtId
    },
    get activities() {
      return activities
    },
    cutConnections: () =>
      withClient(testDatabase.superuserUrl, async (client) => {
        await client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
      }),
    clear: () =>
      withClient(testDatabase.superuserUrl, async (client) => {
        await client.query(`truncate ${dataTypes.flatMap(({ table, stagedTable }) => [table, stagedTable]).join(', ')}, staged_unseen, plan_rows, plan_counts, applied_batches, journal,
          dataset_versions, run_findings, import_runs, record_edits, record_changes, undo_batches, undo_skips, match_keys,
          match_records, match_names, duplicate_finds, duplicate_cases, case_members, feed_mistakes, record_aliases,
          known_strangers, given_matches, resolution_rows, alerts, not_imported, run_school_skips, connection_schools`)
        await client.query('update connections set schools_version = 0')
      }),
    get settings() {
      return {
        ROLLBOOK_APP_DATABASE_URL: testDatabase.appUrl,
        ...secrets.settings,
      }
    },
    district,
    givePackage: (request) =>
      createArchivedFile(db, { districtId, name: 'package.zip', content: makePackage(request) }),
    giveContent: (content) =>
      createArchivedFile(db, { districtId, name: 'package.zip', content: Readable.from([content]) }),
    givePupils: (request) =>
      createArchivedFile(db, {
        districtId,
        name: 'package.zip',
        content: Readable.from([makeZip(pupilMembers(request))]),
      }),
    addConnection: async ({ connector: id, ...given }) => {
      const added = { connector: getConnector(id), ...given, createdBy: 'test' }
      return await withDistrict(db, districtId, async (trx) => {
        const made = await makeConnection(trx, { districtId, district }, secrets.sealer, added)
        return made.id
      })
    },
    giveRun: async (input, { isTest = false, dataType = 'students', connectionId: ofConnection } = {}) => {
      const runId = randomUUID()
      await withDistrict(db, districtId, (trx) =>
        insertRun(trx, {
          id: runId,
          districtId,
          connectionId: ofConnection ?? (offers(dataType) ? connectionId : besideId),
          dataType,
          isTest,
          approveHold: false,
          inputFileId: input?.id ?? null,
          inputSha256: input?.sha256 ?? null,
          inputBytes: input?.bytes ?? null,
          rerunOf: null,
          requestedBy: 'test',
          workflowId: deriveRunWorkflowId(district, dataType, runId),
        }),
      )
      return { districtId, runId }
    },
    fetch: (run) => createEnvironment().run(() => fetchInput(run)),
    step,
    plan,
    close,
    importAll: async (run) => {
      await plan(run)
      await step('applyPlan', { ...run, part: 'all' })
      return close(run, { kind: 'applied' })
    },
    ask: async (text) => {
      if (owner === undefined) {
        owner = new pg.Client(testDatabase.superuserUrl)
        owner.on('error', () => undefined)
        await owner.connect()
      }
      return (await owner.query(text)).rows as unknown[] // whoever asks knows the columns
    },
    readRun: (run) => withDistrict(db, districtId, (trx) => getRun(trx, run.runId)),
    readTables: () =>
      withDistrict(db, districtId, async (trx) => {
        const rows = async (text: string): Promise<unknown[]> => (await sql.raw(text).execute(trx)).rows
        return {
          students: await rows(
            `select sis_id, source_key, given_name, family_name, grade_level, class_year, birth_date, status, revision,
               primary_digest::text, supplement_digest::text from students order by sis_id`,
          ),
          journal: await rows(`select j.action, j.before, s.sis_id from journal j join students s on s.id = j.record_id
            order by s.sis_id, j.action`),
          alerts: await rows(
            `select kind, field, count, closed_at is null as is_open from alerts order by kind, field`,
          ),
          versions: await rows('select version from dataset_versions'),
          findings: await rows(
            `select f.step, f.rule, f.line from run_findings f join import_runs r on r.id = f.run_id
             order by r.created_at, f.rule, f.line`,
          ),
          audit: await rows('select action, actor from audit_log order by id'),
        }
      }),
  }
}

/** The surroundings of one attempt; a step that is meant to fail says nothing about it. */
export function createEnvironment(): MockActivityEnvironment {
  return new MockActivityEnvironment({ heartbeatTimeoutMs: 30_000 }, { logger: new DefaultLogger('ERROR') })
}
