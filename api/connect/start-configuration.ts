import { bringsFieldsOnly } from '../../domain/mapping/compile-mapping.ts'
import type { Transaction } from 'kysely'
import { insertAuditEntry } from '../../db/access/audit.ts'
import { lockDistrict } from '../../db/access/lock-district.ts'
import { deleteConfigurationDraft, lockConnection } from '../../db/connect/configuration-drafts.ts'
import {
  findEnabledConfiguration,
  insertMappingVersion,
  upsertConfiguration,
  type ConfigurationRow,
} from '../../db/connect/configurations.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { renewFile } from '../../db/import/inputs/archived-files.ts'
import { findLatestInput } from '../../db/import/find-latest-input.ts'
import type { RunRow } from '../../db/import/runs.ts'
import { findSchedule, pauseSchedule } from '../../db/schedule/schedules.ts'
import { withoutOpenFields } from '../../domain/mapping/lint-configuration.ts'
import { ImportSettings } from '../../domain/plan/import-settings.ts'
import type { AppParts } from '../app-environment.ts'
import { Refusal } from '../failures.ts'
import { refuseUnready } from '../import/refuse-unready.ts'
import { makeRunId } from '../import/run-id.ts'
import { startRun } from '../import/start-run.ts'
import { findDraft, getConfiguration, lintIn, refuseUnclean, type ConfigurationScope } from './configuration-scope.ts'
import { getFetchesInput } from './fetches-input.ts'

/**
 * Makes the draft the version in force, or without one leaves that in force; enabled either way, and its schedule on. Throws a Refusal
 * where something is missing or contradictory, another connection is enabled for the data type, or one that it needs was never imported.
 */
export async function putIntoForce(
  trx: Transaction<Database>,
  scope: ConfigurationScope,
): Promise<{ readonly configuration: ConfigurationRow; readonly isScheduled: boolean }> {
  const { districtId, key, caller } = scope
  await lockDistrict(trx, districtId)
  await lockConnection(trx, key.connectionId)
  const of = { districtId, ...key }
  const { row: draft, ...configuration } = await findDraft(trx, key)
  refuseUnclean(await lintIn(trx, scope, configuration))
  await refuseSecondEnabled(trx, scope)
  await refuseUnready(trx, { districtId, dataType: key.dataType, isTest: false })
  const { mappingVersionId } =
    draft === undefined ? await getConfiguration(trx, key) : await insertDraft(trx, scope, configuration)
  await upsertConfiguration(trx, { ...of, mappingVersionId, isEnabled: true })
  await deleteConfigurationDraft(trx, key)
  const schedule = await findSchedule(trx, key)
  if (schedule?.isPaused === true) await pauseSchedule(trx, key, { isPaused: false, now: new Date() })
  const started = await getConfiguration(trx, key)
  const subject = { ...key, version: started.mappingVersion }
  await insertAuditEntry(trx, { districtId, actor: caller, action: 'startConfiguration', subject })
  return { configuration: started, isScheduled: schedule !== undefined }
}

/** The draft as a version that only a test import works with. Throws a Refusal where something is missing or contradictory. */
export async function insertDraftForTest(trx: Transaction<Database>, scope: ConfigurationScope): Promise<string> {
  const draft = await findDraft(trx, scope.key)
  if (draft.row === undefined) {
    throw new Refusal(
      'NOT_FOUND',
      'There is no draft of this configuration; without --draft the version in force is tested.',
    )
  }
  refuseUnclean(await lintIn(trx, scope, draft))
  return (await insertDraft(trx, scope, draft, true)).mappingVersionId
}

async function insertDraft(
  trx: Transaction<Database>,
  { districtId, key, caller }: ConfigurationScope,
  { mapping, settings }: Pick<Awaited<ReturnType<typeof findDraft>>, 'mapping' | 'settings'>,
  isForTest = false,
): Promise<{ readonly mappingVersionId: string }> {
  const version = await insertMappingVersion(trx, {
    ...{ districtId, ...key, createdBy: caller, isForTest },
    document: withoutOpenFields(mapping),
    settings: ImportSettings.parse(settings),
  })
  return { mappingVersionId: version.id }
}

/** Two sources that both keep the same records in step would undo each other's work; of fields there may be any number. */
async function refuseSecondEnabled(trx: Transaction<Database>, scope: ConfigurationScope): Promise<void> {
  const { districtId, key, connector } = scope
  if (bringsFieldsOnly(connector.collections(key.dataType))) return
  const enabled = await findEnabledConfiguration(trx, { districtId, dataType: key.dataType })
  if (enabled === undefined || enabled.connectionId === key.connectionId) return
  const other = await findConnection(trx, enabled.connectionId)
  throw new Refusal(
    'CONFLICT',
    `Another connection is enabled for ${key.dataType}, and only one can be: ${enabled.connectionId} ("${other?.name ?? ''}"). ` +
      'Disable or reset that one first: `rollbook config disable`, `rollbook config reset`.',
  )
}

/** The run that follows a start; `reason` where there is no input to begin one with. */
export async function startFirstRun(
  parts: AppParts,
  scope: ConfigurationScope,
): Promise<{ readonly run: RunRow | null; readonly reason: string | null }> {
  const { districtId, key, caller } = scope
  const input = await withDistrict(parts.db, districtId, async (trx) => {
    const connection = await findConnection(trx, key.connectionId)
    if (connection !== undefined && getFetchesInput(connection)) return null
    const latest = await findLatestInput(trx, key)
    return latest !== undefined && (await renewFile(trx, latest.fileId)) ? latest : undefined
  })
  if (input === undefined) {
    return { run: null, reason: 'The connection takes uploads and has had none; `rollbook import` brings the first.' }
  }
  const run = await startRun(parts, scope, {
    ...{ id: makeRunId(), ...key, input, isTest: false, approveHold: false, rerunOf: null },
    requestedBy: caller,
  })
  return { run, reason: null }
}
