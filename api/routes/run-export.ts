import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { openInput } from '../../db/import/inputs/input-parts.ts'
import { findInputOfRun } from '../../db/import/find-latest-input.ts'
import type { Api } from '../app-environment.ts'
import { problemAnswer } from '../answers/json-answer.ts'
import { requireValues } from '../access/grants.ts'
import { streamResponse } from '../answers/csv-stream.ts'
import { buildRunDocument } from '../import/run-answer.ts'
import { streamFindingsCsv, streamPlanCsv } from '../import/run-tables.ts'
import { enterRun } from '../access/scope.ts'
import { streamZip, type ZipMember } from '../answers/zip-stream.ts'
import { getLoggedRun } from './run-data.ts'

const exportRun = createRoute({
  method: 'get',
  path: '/api/runs/{id}/export',
  summary: 'Summary, findings, changes and the original input of a run, as a ZIP; needs the right viewValues',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: {
      description: 'summary.json, findings.csv, changes.csv, input.zip or the pages below input/',
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
    requireValues(context.get('caller'), districtId)
    const run = await getLoggedRun(context, id)
    const { db } = context.get('parts')
    const summary = await buildRunDocument(context, run, district)
    const input = await withDistrict(db, districtId, (trx) => findInputOfRun(trx, id))

    const members: ZipMember[] = [
      { name: 'summary.json', pieces: once(`${JSON.stringify(summary, null, 2)}\n`), isCompressed: true },
      { name: 'findings.csv', pieces: streamFindingsCsv(db, run, { isRaw: false }), isCompressed: true },
      {
        name: 'changes.csv',
        pieces: streamPlanCsv(db, run, { mayViewValues: true, changesOnly: true, isRaw: false }),
        isCompressed: true,
      },
    ]
    if (input !== undefined) {
      const { parts } = await openInput(db, districtId, input.fileId)
      for (const { collection, name, file } of parts) {
        const pieces = file.stream(0, file.sizeBytes)
        // A package is an archive itself; pages keep the names that messages call them by.
        if (collection === '') members.push({ name: 'input.zip', pieces, isCompressed: false })
        else members.push({ name: `input/${name}`, pieces, isCompressed: true })
      }
    }
    return streamResponse(streamZip(members), {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="run-${id}.zip"`,
    })
  })
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text)
}
