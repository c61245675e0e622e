import { Readable } from 'node:stream'
import { createRoute, z } from '@hono/zod-openapi'
import JSZip from 'jszip'
import { withDistrict } from '../../db/database.ts'
import { openArchivedFile } from '../../db/queries/archived-files.ts'
import { findInputOfRun } from '../../db/queries/find-latest-input.ts'
import type { Api } from '../app-environment.ts'
import { problemAnswer } from '../answers.ts'
import { requireRight } from '../authenticate.ts'
import { streamResponse } from '../csv-stream.ts'
import { buildRunDocument } from '../run-answer.ts'
import { streamFindingsCsv, streamPlanCsv } from '../run-tables.ts'
import { enterRun } from '../scope.ts'
import { getLoggedRun } from './run-data.ts'

const exportRun = createRoute({
  method: 'get',
  path: '/api/runs/{id}/export',
  summary: 'Summary, findings, changes and the original input of a run, as a ZIP; needs the right viewValues',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: {
      description: 'summary.json, findings.csv, changes.csv, input.zip',
      content: { 'application/zip': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    default: problemAnswer,
  },
})

export function addRunExportRoute(api: Api): void {
  api.openapi(exportRun, async (context) => {
    const { id } = context.req.valid('param')
    const { district, districtId } = await enterRun(context, id, 'view')
    // The input is the whole roster as it was sent.
    requireRight(context.get('caller'), 'viewValues')
    const run = await getLoggedRun(context, id)
    const { db } = context.get('parts')
    const summary = await buildRunDocument(context, run, district)
    const input = await withDistrict(db, districtId, (trx) => findInputOfRun(trx, id))

    const zip = new JSZip()
    zip.file('summary.json', `${JSON.stringify(summary, null, 2)}\n`)
    zip.file('findings.csv', Readable.from(streamFindingsCsv(db, run)))
    zip.file('changes.csv', Readable.from(streamPlanCsv(db, run, { mayViewValues: true, changesOnly: true })))
    if (input !== undefined) {
      const file = await openArchivedFile(db, districtId, input.fileId)
      const bytes = Readable.from(file.stream(0, file.sizeBytes))
      zip.file('input.zip', bytes, { compression: 'STORE' })
    }
    // With streamFiles an entry's sizes follow its bytes, so that none of them is held back.
    const stream = zip.generateNodeStream({ streamFiles: true, compression: 'DEFLATE' })
    // JSZip gives a stream of an older make, which cannot be iterated.
    return streamResponse(new Readable().wrap(stream), {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="run-${id}.zip"`,
    })
  })
}
