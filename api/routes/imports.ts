import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { findImportSet } from '../../db/import/import-sets.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { archiveUpload, hashUpload } from '../import/archive-upload.ts'
import { requireRight } from '../access/authenticate.ts'
import { chooseSetConnection, chooseUploadConnection } from '../connect/choose-connection.ts'
import { Flag } from '../contract/flag.ts'
import { freeText } from '../contract/free-text.ts'
import { ImportSet } from '../contract/import-set.ts'
import { RunDocument } from '../contract/run.ts'
import { Refusal } from '../failures.ts'
import { deriveRunId, makeRunId } from '../import/run-id.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { buildRunDocument } from '../import/run-answer.ts'
import { enterDistrict } from '../access/scope.ts'
import { buildImportSet } from '../import/import-set-answer.ts'
import { refuseUnready } from '../import/refuse-unready.ts'
import { startImportSet } from '../import/start-import-set.ts'
import { startRun } from '../import/start-run.ts'

const upload = createRoute({
  method: 'post',
  path: '/api/districts/{slug}/imports',
  summary: 'Upload a package and start its import; the body is the ZIP itself',
  request: {
    params: z.object({ slug: z.string() }),
    query: z.object({
      dataType: z.string(),
      connection: z.uuid().optional(),
      test: Flag,
      approveHold: Flag,
      /** For people; what the package is called in the log of the run. */
      fileName: freeText(255).default('upload.zip'),
    }),
    headers: z.object({
      /** The same request a second time gives the run that the first one started; another one is refused. */
      'idempotency-key': freeText(200).min(1).optional(),
    }),
    // No schema: the bytes go straight into the archive and are never in memory at once.
    body: {
      required: true,
      content: { 'application/zip': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
  responses: {
    200: jsonAnswer('What this idempotency key started before', z.union([RunDocument, ImportSet])),
    202: jsonAnswer('The run, queued; for `all` the import set', z.union([RunDocument, ImportSet])),
    default: problemAnswer,
  },
})

export function addImportRoute(api: Api): void {
  api.openapi(upload, async (context) => {
    const { dataType, connection, test, approveHold, fileName } = context.req.valid('query')
    const scope = await enterDistrict(context, context.req.valid('param').slug, 'run')
    const caller = context.get('caller')
    if (approveHold) requireRight(caller, 'approveHold')
    const isSet = dataType === 'all'
    if (!isSet) getKnownDataType(dataType)
    const parts = context.get('parts')

    const key = context.req.valid('header')['idempotency-key']
    const id = key === undefined ? makeRunId() : deriveRunId([scope.districtId, caller.name, key])
    // A file of no byte at all is a package that is not one: its run says so, like every other's.
    const body = context.req.raw.body ?? new Blob([]).stream()
    const announcedBytes = Number(context.req.header('content-length') ?? 0)
    if (isSet) {
      const known = await withDistrict(parts.db, scope.districtId, (trx) => findImportSet(trx, id))
      if (known !== undefined) {
        refuseOther(
          { ...known, dataType },
          {
            dataType,
            isTest: test,
            approveHold,
            connectionId: connection,
            inputSha256: await hashUpload({ announcedBytes, body }),
          },
        )
        return context.json(await buildImportSet(context, known, scope.district), 200)
      }
      const set = { connectionId: connection, createdBy: caller.name }
      const chosen = await withDistrict(parts.db, scope.districtId, (trx) =>
        chooseSetConnection(trx, scope, parts.secrets, set),
      )
      const input = await archiveUpload(parts.db, scope.districtId, { name: fileName, announcedBytes, body })
      const facts = { id, connectionId: chosen, isTest: test, approveHold, input, requestedBy: caller.name }
      return context.json(await buildImportSet(context, await startImportSet(parts, scope, facts), scope.district), 202)
    }
    const wanted = { connectionId: connection, dataType, isTest: test, approveHold }
    const repeated = await withDistrict(parts.db, scope.districtId, (trx) => findRun(trx, id))
    if (repeated !== undefined) {
      refuseOther(repeated, { ...wanted, inputSha256: await hashUpload({ announcedBytes, body }) })
      return context.json(await buildRunDocument(context, repeated, scope.district), 200)
    }

    const choice = { dataType, connectionId: connection, isTest: test, createdBy: caller.name }
    const connectionId = await withDistrict(parts.db, scope.districtId, async (trx) => {
      const chosen = await chooseUploadConnection(trx, scope, parts.secrets, choice)
      await refuseUnready(trx, { districtId: scope.districtId, dataType, isTest: test })
      return chosen
    })
    const input = await archiveUpload(parts.db, scope.districtId, { name: fileName, announcedBytes, body })
    const run = await startRun(parts, scope, {
      id,
      connectionId,
      dataType,
      isTest: test,
      approveHold,
      input,
      rerunOf: null,
      requestedBy: caller.name,
    })
    // Two that came at once: the later one finds the run of the other.
    refuseOther(run, { ...wanted, inputSha256: input.sha256 })
    return context.json(await buildRunDocument(context, run, scope.district), 202)
  })
}

type WantedImport = Pick<RunRow, 'dataType' | 'isTest' | 'approveHold' | 'inputSha256'> & {
  readonly connectionId: string | undefined
}

/** What a key asked for stands in the run that it started; the name of the file is for people and may differ. */
function refuseOther(
  run: Pick<RunRow, 'id' | 'connectionId' | 'dataType' | 'isTest' | 'approveHold' | 'inputSha256'>,
  { connectionId = run.connectionId, ...wanted }: WantedImport,
): void {
  const isSame =
    run.connectionId === connectionId &&
    run.dataType === wanted.dataType &&
    run.isTest === wanted.isTest &&
    run.approveHold === wanted.approveHold &&
    run.inputSha256 === wanted.inputSha256
  if (!isSame) throw new Refusal('IDEMPOTENCY_KEY_REUSED', `It started the run ${run.id}; send another key.`)
}
