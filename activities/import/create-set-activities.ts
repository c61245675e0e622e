import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import { findDistrict } from '../../db/access/districts.ts'
import { listConfigurations, type ConfigurationRow } from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { openArchivedFile } from '../../db/import/inputs/archived-files.ts'
import {
  finishImportSet,
  getImportSet,
  insertImportSetRuns,
  listImportSetRuns,
  lockImportSetRun,
  updateImportSetRun,
  type ImportSetRow,
} from '../../db/import/import-sets.ts'
import { listMissingPrerequisites } from '../../db/import/list-missing-prerequisites.ts'
import { getRun, insertRun } from '../../db/import/runs.ts'
import { getDataType, prerequisitesOf, sortByReferences } from '../../domain/data-types/registry.ts'
import { deriveRunWorkflowId } from '../../domain/ids.ts'
import { findRange } from '../../domain/schedule/date-ranges.ts'
import { deriveLocalTime } from '../../domain/schedule/local-time.ts'
import type { ActivityDependencies } from '../activity-dependencies.ts'
import { createGuard } from '../guard-step.ts'
import type { ImportSetActivities, ImportSetRef } from '../interface.ts'

type SetDependencies = Pick<ActivityDependencies, 'db' | 'log' | 'now' | 'getConnector' | 'openSettings'>

/** The steps of one input for several data types, with what they work with built in. */
export function createSetActivities(dependencies: SetDependencies): ImportSetActivities {
  const { db, now } = dependencies
  const guard = createGuard(dependencies.log)
  const inDistrict = <Result>(
    { districtId }: { districtId: string },
    fn: (trx: Transaction<Database>) => Promise<Result>,
  ) => withDistrict(db, districtId, fn)
  return {
    openImportSet: guard(async (ref) => {
      const known = await inDistrict(ref, (trx) => listImportSetRuns(trx, ref.setId))
      if (known.length === 0) await planSet(dependencies, ref)
      const rows = await inDistrict(ref, (trx) => listImportSetRuns(trx, ref.setId))
      const members = rows.map(({ dataType, reason }) => ({
        dataType,
        reason,
        needs: prerequisitesOf(getDataType(dataType)),
      }))
      return { members }
    }),
    beginSetRun: guard(async (member) => {
      const district = (await findDistrict(db, member.districtId))?.slug
      if (district === undefined) throw new Error(`there is no district ${member.districtId}`)
      return inDistrict(member, async (trx) => {
        const place = await lockImportSetRun(trx, member)
        const set = await getImportSet(trx, member.setId)
        const { isTest } = set
        const begun = { isTest, ...(set.inputFileId === null && { fetchesInput: true }) }
        if (place.reason !== null) return { kind: 'leftOut', reason: place.reason }
        if (place.runId !== null) {
          const { workflowId } = await getRun(trx, place.runId)
          return { kind: 'begun', runId: place.runId, workflowId, ...begun }
        }
        const missing = isTest ? [] : await listMissingPrerequisites(trx, member)
        if (missing.length > 0) {
          const reason = describeMissing(missing)
          await updateImportSetRun(trx, place, { reason })
          return { kind: 'leftOut', reason }
        }
        const runId = randomUUID()
        const workflowId = deriveRunWorkflowId(district, member.dataType, runId)
        await insertRun(trx, { ...toNewRun(set), id: runId, dataType: member.dataType, workflowId })
        await updateImportSetRun(trx, place, { runId })
        return { kind: 'begun', runId, workflowId, ...begun }
      })
    }),
    leaveOutSetRun: guard(async ({ reason, ...member }) => {
      await inDistrict(member, async (trx) => {
        const place = await lockImportSetRun(trx, member)
        if (place.runId === null && place.reason === null) await updateImportSetRun(trx, place, { reason })
      })
    }),
    readSetRun: guard(async (run) => {
      const { state } = await inDistrict(run, (trx) => getRun(trx, run.runId))
      return { state }
    }),
    closeImportSet: guard((ref) => inDistrict(ref, (trx) => finishImportSet(trx, ref.setId, now()))),
  }
}

/** In words, why a data type cannot begin. */
function describeMissing(missing: readonly string[]): string {
  return `it needs ${missing.join(' and ')}, of which no import was ever completed`
}

/** Fixes which data types run. The input is looked into before, outside of a transaction. */
async function planSet({ db, getConnector, openSettings }: SetDependencies, { districtId, setId }: ImportSetRef) {
  const { set, connection } = await withDistrict(db, districtId, async (trx) => {
    const found = await getImportSet(trx, setId)
    return { set: found, connection: await findConnection(trx, found.connectionId) }
  })
  if (connection === undefined) throw new Error(`there is no connection ${set.connectionId}`)
  const connector = getConnector(connection.connector)
  // Without one yet each run reads pages of its own, or there will be none at all.
  const input = set.inputFileId === null ? undefined : await openArchivedFile(db, districtId, set.inputFileId)
  const unfed = input && (await connector.findUnfed?.(connector.settings.parse(openSettings(connection)), input))
  const timeZone = (await findDistrict(db, districtId))?.timeZone ?? 'UTC'
  await withDistrict(db, districtId, async (trx) => {
    const configured = (await listConfigurations(trx, connection.id)).filter(
      ({ dataType, isEnabled }) => connector.dataTypes.includes(dataType) && (isEnabled || set.isTest),
    )
    const offSchedule = listOffSchedule(set, configured, timeZone)
    const rows = sortByReferences(configured.map(({ dataType }) => dataType)).map((dataType, place) => {
      const reason = offSchedule.get(dataType) ?? unfed?.get(dataType) ?? null
      return { districtId, setId, place, dataType, runId: null, reason }
    })
    await insertImportSetRuns(trx, rows)
  })
}

/** Of a set that a schedule started: the data types that it leaves out, and why. A person may run all of them on any day. */
function listOffSchedule(
  { dueAt }: ImportSetRow,
  configured: readonly ConfigurationRow[],
  timeZone: string,
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>()
  if (dueAt === null) return reasons
  const { date } = deriveLocalTime(dueAt.getTime(), timeZone)
  for (const { dataType, settings } of configured) {
    if (getDataType(dataType).isByHand === true) reasons.set(dataType, 'it is imported by hand, and by no schedule')
    else if (findRange(settings.blackouts, date) !== undefined) reasons.set(dataType, 'the day is in a blackout range')
  }
  return reasons
}

function toNewRun({
  districtId,
  connectionId,
  isTest,
  approveHold,
  inputFileId,
  inputSha256,
  inputBytes,
  requestedBy,
}: ImportSetRow) {
  return {
    districtId,
    connectionId,
    isTest,
    approveHold,
    inputFileId,
    inputSha256,
    inputBytes,
    requestedBy,
    rerunOf: null,
  }
}
