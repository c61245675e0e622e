import type { Context } from 'hono'
import { createRoute, z } from '@hono/zod-openapi'
import { withDistrict } from '../../db/database.ts'
import { findDistrict } from '../../db/access/districts.ts'
import { deleteUpload, findUploadOwner, insertUpload, type UploadRow } from '../../db/import/inputs/uploads.ts'
import { uploadPatienceHours } from '../../db/retention/purge-uploads.ts'
import { enterDistrict, type Scope } from '../access/scope.ts'
import { jsonAnswer, problemAnswer } from '../answers/json-answer.ts'
import type { Api, AppEnvironment } from '../app-environment.ts'
import { NewUpload, Upload } from '../contract/upload.ts'
import { Refusal } from '../failures.ts'
import { refuseTooLarge } from '../import/archive-upload.ts'
import { getUpload, isGone, takePart } from '../import/kept-upload.ts'

const params = z.object({ uploadId: z.uuid() })
const place = {
  'upload-offset': z.int().openapi({ description: 'So many bytes are kept: go on here' }),
  'upload-complete': z.enum(['?0', '?1']).openapi({ description: '`?1` once every byte came and was right' }),
  'upload-length': z.int().openapi({ description: 'Length of the whole package' }),
}
const answer = (description: string) => ({ ...jsonAnswer(description, Upload), headers: z.object(place) })

const begin = createRoute({
  method: 'post',
  path: '/api/districts/{slug}/uploads',
  summary: 'Announce a package that is to be sent in pieces, over as many connections as it takes',
  request: {
    params: z.object({ slug: z.string() }),
    body: { required: true, content: { 'application/json': { schema: NewUpload } } },
  },
  responses: { 201: answer('The upload, of which no byte has come'), default: problemAnswer },
})

const show = createRoute({
  method: 'get',
  path: '/api/uploads/{uploadId}',
  summary: 'How much of an upload is kept; HEAD tells it in headers alone',
  request: { params },
  responses: { 200: answer('The upload'), default: problemAnswer },
})

const append = createRoute({
  method: 'patch',
  path: '/api/uploads/{uploadId}',
  summary: 'Send the next bytes of an upload, as many as you like; what came is kept when the connection breaks',
  request: {
    params,
    headers: z.object({
      'upload-offset': z
        .string()
        .regex(/^\d{1,15}$/, 'must be a number of bytes')
        .transform(Number)
        .openapi({ type: 'integer', description: 'How many bytes were sent before; others than are kept are refused' }),
    }),
    // No schema: the bytes go straight into the archive and are never in memory at once.
    body: {
      required: true,
      content: { 'application/partial-upload': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
  responses: { 200: answer('The upload with these bytes'), default: problemAnswer },
})

const remove = createRoute({
  method: 'delete',
  path: '/api/uploads/{uploadId}',
  summary: 'Give an upload up; an import that was started from it goes on',
  request: { params },
  responses: { 204: { description: 'It is gone' }, default: problemAnswer },
})

export function addUploadRoutes(api: Api): void {
  api.openapi(begin, async (context) => {
    const { districtId, district } = await enterDistrict(context, context.req.valid('param').slug, 'run')
    const { bytes: expectedBytes, sha256, fileName: name } = context.req.valid('json')
    refuseTooLarge(expectedBytes)
    const wanted = { districtId, name, expectedBytes, expectedSha256: sha256?.toLowerCase() ?? null }
    const createdBy = context.get('caller').name
    const upload = await withDistrict(context.get('parts').db, districtId, (trx) =>
      insertUpload(trx, { ...wanted, createdBy }),
    )
    return context.json(describeUpload(upload, district), 201, {
      ...tellPlace(upload),
      location: `/api/uploads/${upload.id}`,
    })
  })

  api.openapi(show, async (context) => {
    const { uploadId } = context.req.valid('param')
    const { districtId, district } = await enterUpload(context, uploadId)
    const upload = await getUpload(context.get('parts').db, districtId, uploadId)
    return context.json(describeUpload(upload, district), 200, tellPlace(upload))
  })

  api.openapi(append, async (context) => {
    const { uploadId } = context.req.valid('param')
    const { districtId, district } = await enterUpload(context, uploadId)
    const offset = context.req.valid('header')['upload-offset']
    const body = context.req.raw.body ?? new Blob([]).stream()
    const upload = await takePart(context.get('parts').db, { districtId, uploadId, offset }, body)
    return context.json(describeUpload(upload, district), 200, tellPlace(upload))
  })

  api.openapi(remove, async (context) => {
    const { uploadId } = context.req.valid('param')
    const { districtId } = await enterUpload(context, uploadId)
    const { db } = context.get('parts')
    await getUpload(db, districtId, uploadId)
    await withDistrict(db, districtId, (trx) => deleteUpload(trx, uploadId))
    return context.body(null, 204)
  })
}

async function enterUpload(context: Context<AppEnvironment>, uploadId: string): Promise<Scope> {
  const { db } = context.get('parts')
  const ownerId = await findUploadOwner(db, uploadId)
  const district = ownerId === undefined ? undefined : await findDistrict(db, ownerId)
  if (district === undefined) throw isGone()
  return enterDistrict(context, district.slug, 'run').catch((error: unknown) => {
    throw error instanceof Refusal && error.code === 'NOT_FOUND' ? isGone() : error
  })
}

function describeUpload(upload: UploadRow, district: string): Upload {
  const { id: uploadId, name: fileName, expectedBytes: bytes, receivedBytes: offset, sha256, touchedAt } = upload
  const expiresAt = new Date(touchedAt.getTime() + uploadPatienceHours * 3_600_000).toISOString()
  return { uploadId, district, fileName, bytes, offset, complete: upload.completedAt !== null, sha256, expiresAt }
}

/** As the drafts of the IETF on resumable uploads have it. */
function tellPlace({ receivedBytes, expectedBytes, completedAt }: UploadRow) {
  return {
    'upload-offset': String(receivedBytes),
    'upload-complete': completedAt === null ? '?0' : '?1',
    'upload-length': String(expectedBytes),
  }
}
