import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Transaction } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { renewFile } from '../../db/import/inputs/archived-files.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { findInputOfRun, findLatestInput, type ArchivedInput } from '../../db/import/find-latest-input.ts'
import { findRun } from '../../db/import/runs.ts'
import { listConfigurations } from '../../db/connect/configurations.ts'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { chooseConnection, getSetConnection } from '../connect/choose-connection.ts'
import { enterConfiguration } from '../connect/configuration-scope.ts'
import { insertDraftForTest } from '../connect/start-configuration.ts'
import { ImportSet } from '../contract/import-set.ts'
import { RerunRun, RunDocument, StartRun } from '../contract/run.ts'
import { Refusal } from '../failures.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { buildRunDocument } from '../import/run-answer.ts'
import { makeRunId } from '../import/run-id.ts'
import { enterConnection, enterRun } from '../access/scope.ts'
import { refuseUnready } from '../import/refuse-unready.ts'
import { buildImportSet } from '../import/import-set-answer.ts'
import { startImportSet } from '../import/start-import-set.ts'
import { startRun } from '../import/start-run.ts'
import { getFetchesInput } from '../connect/fetches-input.ts'

const start = createRoute({
  method: 'post',
  path: '/api/runs',
  summary: 'Start a run of a connection, which fetches its input; one that takes uploads runs its newest again',
  request: { body: { required: true, content: { 'application/json': { schema: StartRun } } } },
  responses: {
    202: jsonAnswer('The run, queued; for `all` the import set', z.union([RunDocument, ImportSet])),
    default: problemAnswer,
  },
})

const rerun = createRoute({
  method: 'post',
  path: '/api/runs/{id}/rerun',
  summary: "Run a run's archived input again, as a new run, with today's mapping or the mapping of then",
  request: {
    params: z.object({ id: z.uuid() }),
    body: { required: true, content: { 'application/json': { schema: RerunRun } } },
  },
  responses: { 202: jsonAnswer('The new run, queued', RunDocument), default: problemAnswer },
})

export function addRunStartRoutes(api: Api): void {
  api.openapi(start, async (context) => {
    const { connection: connectionId, dataType, test, draft } = context.req.valid('json')
    const isForAll = dataType === allDataTypes
    if (draft && (isForAll || !test)) {
      throw new Refusal(
        'REQUEST_INVALID',
        'A draft is tested, for one data type; `rollbook config start` puts it into force.',
      )
    }
    if (!isForAll) getKnownDataType(dataType)
    const scope = await enterConnection(context, connectionId, 'run')
    const parts = context.get('parts')
    const caller = context.get('caller').name
    const input = await withDistrict(parts.db, scope.districtId, async (trx) => {
      if (isForAll) await checkSet(trx, { connectionId, isTest: test, createdBy: caller })
      else {
        await chooseConnection(trx, scope, parts.secrets, { dataType, connectionId, isTest: test, createdBy: caller })
        await refuseUnready(trx, { districtId: scope.districtId, dataType, isTest: test })
      }
      const connection = await findConnection(trx, connectionId)
      if (connection !== undefined && getFetchesInput(connection)) return null
      return await takeInput(trx, await findLatestInput(trx, { connectionId, dataType }))
    })
    if (input === undefined) {
      throw new Refusal('CONFLICT', 'This connection takes uploads and has had none; use `rollbook import`.')
    }
    const mappingVersionId = draft ? await takeDraft(context, { id: connectionId, dataType }) : null
    const wanted = { id: makeRunId(), input, connectionId, isTest: test, approveHold: false, requestedBy: caller }
    context.get('auditNote').subject = {
      connectionId,
      dataType,
      isTest: test,
      [isForAll ? 'setId' : 'runId']: wanted.id,
    }
    if (isForAll) {
      const set = await startImportSet(parts, scope, wanted)
      return context.json(await buildImportSet(context, set, scope.district), 202)
    }
    const run = await startRun(parts, scope, { ...wanted, mappingVersionId, dataType, rerunOf: null })
    return context.json(await buildRunDocument(context, run, scope.district), 202)
  })

  api.openapi(rerun, async (context) => {
    const { id } = context.req.valid('param')
    const scope = await enterRun(context, id, 'run')
    const parts = context.get('parts')
    const requestedBy = context.get('caller').name
    const { test: isTest, mapping } = context.req.valid('json')
    const { run: earlier, input } = await withDistrict(parts.db, scope.districtId, async (trx) => {
      const run = await findRun(trx, id)
      if (run === undefined) throw new Refusal('NOT_FOUND', 'There is no run of this id.')
      if (run.undoOf !== null) throw new Refusal('CONFLICT', 'This run took another one back; undo it instead.')
      const { dataType, connectionId } = run
      await chooseConnection(trx, scope, parts.secrets, { dataType, connectionId, isTest, createdBy: requestedBy })
      await refuseUnready(trx, { districtId: scope.districtId, dataType, isTest })
      return { run, input: await takeInput(trx, await findInputOfRun(trx, id)) }
    })
    if (input === undefined) throw new RollbookFailure('INPUT_MISSING', 'Upload the package again.')
    const { connectionId, dataType } = earlier
    const mappingVersionId = mapping === 'then' ? earlier.mappingVersionId : null
    if (mapping === 'then' && mappingVersionId === null) {
      throw new Refusal('CONFLICT', 'That run ended before it had a mapping.')
    }
    const wanted = { connectionId, dataType, isTest, approveHold: false, rerunOf: id, mappingVersionId, requestedBy }
    const started = await startRun(parts, scope, { id: makeRunId(), input, ...wanted })
    context.get('auditNote').subject = { newRunId: started.id, isTest, mapping }
    return context.json(await buildRunDocument(context, started, scope.district), 202)
  })
}

/** The draft of now, which the run keeps whatever becomes of it. */
async function takeDraft(
  context: Context<AppEnvironment>,
  of: { readonly id: string; readonly dataType: string },
): Promise<string> {
  const scope = await enterConfiguration(context, of, 'run')
  return withDistrict(context.get('parts').db, scope.districtId, (trx) => insertDraftForTest(trx, scope))
}

/** A set that had nothing to run would end without a word. */
async function checkSet(
  trx: Transaction<Database>,
  wanted: { readonly connectionId: string; readonly isTest: boolean; readonly createdBy: string },
): Promise<void> {
  await getSetConnection(trx, wanted)
  if (wanted.isTest) return
  const isEnabled = (await listConfigurations(trx, wanted.connectionId)).some((one) => one.isEnabled)
  if (!isEnabled) {
    throw new Refusal('CONFLICT', 'Other connections are enabled for all its data types; a test import is possible.')
  }
}

/** An input that was found is kept for the run that is to come; undefined when it was removed meanwhile. */
async function takeInput(
  trx: Transaction<Database>,
  input: ArchivedInput | undefined,
): Promise<ArchivedInput | undefined> {
  return input !== undefined && (await renewFile(trx, input.fileId)) ? input : undefined
}
