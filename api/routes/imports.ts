import { createRoute, z } from '@hono/zod-openapi'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import type { Api } from '../app-environment.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import { requireRight } from '../access/grants.ts'
import { Flag } from '../contract/flag.ts'
import { freeText } from '../contract/free-text.ts'
import { ImportSet } from '../contract/import-set.ts'
import { RunDocument } from '../contract/run.ts'
import { deriveRunId, makeRunId } from '../import/run-id.ts'
import { getKnownDataType } from '../known-data-type.ts'
import { buildRunDocument } from '../import/run-answer.ts'
import { enterDistrict } from '../access/scope.ts'
import { buildImportSet } from '../import/import-set-answer.ts'
import { packageOfBody } from '../import/archive-upload.ts'
import { packageOfUpload } from '../import/kept-upload.ts'
import { takeUpload } from '../import/take-upload.ts'

const upload = createRoute({
  method: 'post',
  path: '/api/districts/{slug}/imports',
  summary: 'Start an import: the body is the package or table itself, or `upload` names one that was sent in pieces',
  request: {
    params: z.object({ slug: z.string() }),
    query: z.object({
      dataType: z.string(),
      connection: z.uuid().optional(),
      upload: z.uuid().optional().describe('An upload that is complete; the request has no body then'),
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
      required: false,
      content: {
        'application/zip': { schema: z.string().openapi({ format: 'binary' }) },
        'text/csv': { schema: z.string().openapi({ format: 'binary' }) },
      },
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
    const { dataType, connection, upload: uploadId, test, approveHold, fileName } = context.req.valid('query')
    const scope = await enterDistrict(context, context.req.valid('param').slug, 'run')
    const caller = context.get('caller')
    if (approveHold) requireRight(caller, 'approveHold', scope.districtId)
    if (dataType !== allDataTypes) getKnownDataType(dataType)
    const parts = context.get('parts')

    const key = context.req.valid('header')['idempotency-key']
    const id = key === undefined ? makeRunId() : deriveRunId([scope.districtId, caller.name, key])
    const wanted = { id, dataType, isTest: test, approveHold, connectionId: connection, requestedBy: caller.name }
    const given =
      uploadId === undefined
        ? packageOfBody({
            name: fileName,
            announcedBytes: Number(context.req.header('content-length') ?? 0),
            // A file of no byte at all is a package that is not one: its run says so, like every other's.
            body: context.req.raw.body ?? new Blob([]).stream(),
          })
        : await packageOfUpload(parts.db, scope.districtId, uploadId)
    const { isRepeated, ...taken } = await takeUpload(parts, scope, wanted, given)
    const subject = { dataType, isTest: test, ...('set' in taken ? { setId: taken.set.id } : { runId: taken.run.id }) }
    Object.assign(context.get('auditNote'), { subject, isNothingNew: isRepeated })
    const document =
      'set' in taken
        ? await buildImportSet(context, taken.set, scope.district)
        : await buildRunDocument(context, taken.run, scope.district)
    return context.json(document, isRepeated ? 200 : 202)
  })
}
