import { bringsFieldsOnly } from '../../domain/mapping/compile-mapping.ts'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { findDayLastRead, isAppliedInput } from '../../db/plan/applied-input.ts'
import { findAcademicYear } from '../../db/records/academic-year.ts'
import { findNewerWord, findOlderAtWork, findOlderUndo, lockDataset } from '../../db/import/last-word.ts'
import { findConfiguration, findMappingVersion, type MappingVersionRow } from '../../db/connect/configurations.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { addFinding } from '../../db/import/findings.ts'
import { getRun, moveRun, updateRunInput, type RunRow } from '../../db/import/runs.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import type { Finding } from '../../domain/import-rules/finding.ts'
import { deriveAcademicYearEnd } from '../../domain/mapping/class-year.ts'
import { fingerprintConfiguration } from '../../domain/mapping/fingerprint-configuration.ts'
import type { ActivityDependencies, RunEnd } from '../activity-dependencies.ts'
import { closeRun } from './close-run.ts'
import type { ImportActivities, OpenedRun } from '../interface.ts'

type OpenRunDependencies = Pick<
  ActivityDependencies,
  'db' | 'now' | 'today' | 'heartbeatMs' | 'undoWindowMs' | 'onRunEnded' | 'getConnector' | 'openSettings'
>

const sameBytes: Finding = {
  rule: 'Z-13',
  severity: 'info',
  message: 'The records are already as these very bytes say: they were applied before. Nothing is to be done.',
}

type Opened = { readonly opened: OpenedRun; readonly end?: RunEnd }

/**
 * Fixes the mapping a run works with and moves it to `validating`. A run that is opened again, because its plan went
 * stale, keeps its mapping and is asked anew whether there is anything to do. One that has nothing to do ends here, in
 * the transaction that finds it out: a moment later an older run might have applied.
 */
export function createOpenRun(dependencies: OpenRunDependencies): ImportActivities['openRun'] {
  const { db, today } = dependencies
  return async ({ districtId, runId }) => {
    const timeZone = (await findDistrict(db, districtId))?.timeZone ?? 'UTC'
    const { opened, end } = await withDistrict(db, districtId, (trx) =>
      openRun(trx, dependencies, runId, today(timeZone)),
    )
    if (end !== undefined) dependencies.onRunEnded?.(end)
    return opened
  }
}

async function openRun(
  trx: Transaction<Database>,
  dependencies: OpenRunDependencies,
  runId: string,
  today: string,
): Promise<Opened> {
  const { now, heartbeatMs } = dependencies
  const run = await getRun(trx, runId)
  const facts = { isTest: run.isTest, approveHold: run.approveHold, heartbeatMs }
  // The attempt before this one ended it, and could not say so.
  if (run.state === 'unchanged') return { opened: { ...facts, isUnchanged: true } }
  const mapping = await chooseMapping(trx, run)
  const mappingFingerprint = await fingerprint(trx, dependencies, run, mapping, today)
  // The rows of a resolution were read before, and keep the mapping they were read by.
  // The flag first: whose place it may take, and who may take its own, depends on it.
  const isFieldImport = !run.isResolution && (await isOfFields(trx, dependencies, run))
  if (!run.isResolution) {
    await updateRunInput(trx, runId, { mappingVersionId: mapping.id, mappingFingerprint, isFieldImport })
  }
  await moveRun(trx, runId, 'validating', { startedAt: run.startedAt ?? now() })
  const opened = { ...facts, ...(run.isResolution && { isResolution: true }), isUnchanged: false }
  // A test is asked for to see the plan, so it makes one.
  if (run.isTest) return { opened }
  const newer = await findNewerWord(trx, runId)
  if (newer !== undefined) return { opened: { ...opened, supersededBy: newer.runId } }
  if (run.isResolution) return { opened }
  const undo = await findOlderUndo(trx, runId)
  if (undo !== undefined) return { opened: { ...opened, waitsFor: undo.runId } }
  // Every file of fields is looked at: whoever sends one again may mean to mend what was changed since.
  if (isFieldImport) return { opened }
  if (await mayHaveNews(trx, dependencies, run, today)) return { opened }
  if (!(await isInStep(trx, run, mappingFingerprint))) return { opened }
  await addFinding(trx, { run, step: 'open', finding: sameBytes })
  const { end } = await closeRun(trx, dependencies, {
    districtId: run.districtId,
    runId,
    outcome: { kind: 'unchanged' },
  })
  return { opened: { ...opened, isUnchanged: true }, ...(end !== undefined && { end }) }
}

type ChosenMapping = Pick<MappingVersionRow, 'id' | 'document' | 'settings'>

/** What the input would become by now (domain/mapping/fingerprint-configuration.ts). */
async function fingerprint(
  trx: Transaction<Database>,
  { getConnector, openSettings }: OpenRunDependencies,
  run: RunRow,
  { document: mapping, settings }: ChosenMapping,
  today: string,
): Promise<string> {
  const connection = await findConnection(trx, run.connectionId)
  if (connection === undefined) throw new Error(`run ${run.id} has no connection`)
  const connector = getConnector(connection.connector)
  const byDate = deriveAcademicYearEnd(today, mapping.academicYearTurnsOn)
  return fingerprintConfiguration({
    mapping,
    settings,
    reading: connector.readingSettings?.(connector.settings.parse(openSettings(connection))),
    academicYear: (await findAcademicYear(trx, run)) ?? byDate,
    schoolsVersion: connection.schoolsVersion,
  })
}

/** The version the run had before or was asked for, else the one that is configured now. */
async function chooseMapping(trx: Transaction<Database>, run: RunRow): Promise<ChosenMapping> {
  if (run.mappingVersionId !== null) {
    const version = await findMappingVersion(trx, run.mappingVersionId)
    if (version !== undefined) return version
  }
  const configuration = await findConfiguration(trx, { connectionId: run.connectionId, dataType: run.dataType })
  if (configuration === undefined) {
    throw new RollbookFailure('SOURCE_REFUSED', `The connection has no import configuration for ${run.dataType}.`)
  }
  const { mappingVersionId: id, mapping: document, settings } = configuration
  return { id, document, settings }
}

async function isOfFields(
  trx: Transaction<Database>,
  { getConnector }: OpenRunDependencies,
  run: RunRow,
): Promise<boolean> {
  const connection = await findConnection(trx, run.connectionId)
  return connection !== undefined && bringsFieldsOnly(getConnector(connection.connector).collections(run.dataType))
}

/** Whether the same bytes say something else today than when they were read last: where what is current depends on the day. */
async function mayHaveNews(
  trx: Transaction<Database>,
  { getConnector }: OpenRunDependencies,
  run: RunRow,
  today: string,
): Promise<boolean> {
  const connection = await findConnection(trx, run.connectionId)
  if (connection === undefined || getConnector(connection.connector).dependsOnDay?.(run.dataType) !== true) return false
  return (await findDayLastRead(trx, run)) !== today
}

/** True when the records are what the input says, and stay so until the transaction ends: then it is the last word. */
async function isInStep(trx: Transaction<Database>, run: RunRow, mappingFingerprint: string): Promise<boolean> {
  if (run.inputSha256 === null) return false
  const { id: runId, districtId, inputSha256: sha256 } = run
  const dataType = getDataType(run.dataType)
  const isApplied = () => isAppliedInput(trx, dataType, { districtId, sha256, mappingFingerprint })
  // Without the lock first: whoever applies has it most of the time, and then the answer is no.
  if (!(await isApplied())) return false
  const { version, batches } = await lockDataset(trx, run)
  if (!(await isApplied())) return false
  // Of an input that only says what changed, an older one may still have to come before it.
  if ((await findOlderAtWork(trx, runId)) !== undefined && (await wasDelta(trx, run))) return false
  await trx
    .updateTable('importRuns')
    .set({ rosterVersion: version, rosterBatches: batches })
    .where('id', '=', runId)
    .execute()
  return true
}

/** As the run read it that brought the same bytes last. */
async function wasDelta(trx: Transaction<Database>, { dataType, inputSha256 }: RunRow): Promise<boolean> {
  const earlier = await trx
    .selectFrom('importRuns')
    .select('staging')
    .where('dataType', '=', dataType)
    .where('inputSha256', '=', inputSha256)
    .where('staging', 'is not', null)
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return earlier?.staging?.isDelta ?? false
}
