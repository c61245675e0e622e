import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import { findDistrict } from '../../db/access/districts.ts'
import { findConfiguration } from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { openArchivedFile } from '../../db/import/archived-files.ts'
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
        if (place.reason !== null) return { kind: 'leftOut', reason: place.reason }
        if (place.runId !== null) {
          return { kind: 'begun', runId: place.runId, workflowId: (await getRun(trx, place.runId)).workflowId, isTest }
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
        return { kind: 'begun', runId, workflowId, isTest }
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
  const settings = connector.settings.parse(openSettings(connection))
  const input = await openArchivedFile(db, districtId, set.inputFileId)
  const unfed = (await connector.findUnfed?.(settings, input)) ?? new Map<string, string>()
  await withDistrict(db, districtId, async (trx) => {
    const configured: string[] = []
    for (const dataType of connector.dataTypes) {
      const configuration = await findConfiguration(trx, { connectionId: connection.id, dataType })
      if (configuration !== undefined && (configuration.isEnabled || set.isTest)) configured.push(dataType)
    }
    const rows = sortByReferences(configured).map((dataType, place) => {
      return { districtId, setId, place, dataType, runId: null, reason: unfed.get(dataType) ?? null }
    })
    await insertImportSetRuns(trx, rows)
  })
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
