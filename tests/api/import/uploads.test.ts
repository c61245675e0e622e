import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Problem } from '../../../api/contract/problem.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import type { Upload } from '../../../api/contract/upload.ts'
import { withDistrict } from '../../../db/database.ts'
import { openArchivedFile } from '../../../db/import/inputs/archived-files.ts'
import { purgeUploads } from '../../../db/retention/purge-uploads.ts'
import { until } from '../../harness/until.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'

const rig = useApiRig()
const mib = 1 << 20

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function begin(token: string, { slug }: TestDistrict, body: Record<string, unknown>): Promise<Upload> {
  return await readAnswer<Upload>(await rig().sendJson(token, 'POST', `/api/districts/${slug}/uploads`, body), 201)
}

function part(token: string, { uploadId }: Upload, offset: number, body: RequestInit['body']): Promise<Response> {
  const headers = { 'content-type': 'application/partial-upload', 'upload-offset': String(offset) }
  const init: RequestInit = { headers, body: body ?? null, duplex: 'half' }
  return rig().send(token, 'PATCH', `/api/uploads/${uploadId}`, init)
}

async function offsetOf(token: string, { uploadId }: Upload): Promise<number> {
  const answer = await rig().send(token, 'HEAD', `/api/uploads/${uploadId}`)
  assert.equal(await answer.text(), '')
  return Number(answer.headers.get('upload-offset'))
}

async function plant() {
  const token = await rig().makeToken()
  const district = await rig().makeDistrict()
  return { token, district }
}

/** A line on which these bytes come, and which then does as it is told. */
function line(bytes: Buffer<ArrayBuffer>) {
  let end: (last?: Error | Buffer<ArrayBuffer>) => void = () => undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      end = (last) => {
        if (last instanceof Error) controller.error(last)
        else {
          if (last !== undefined) controller.enqueue(last)
          controller.close()
        }
      }
    },
  })
  return {
    body,
    end: (last?: Error | Buffer<ArrayBuffer>) => {
      end(last)
    },
  }
}

async function readKept(district: TestDistrict, sha256: string): Promise<Buffer> {
  const { id } = await withDistrict(rig().db, district.id, (trx) =>
    trx
      .selectFrom('archivedFiles')
      .select('id')
      .where('sha256', '=', sha256)
      .where('isComplete', '=', true)
      .executeTakeFirstOrThrow(),
  )
  const file = await openArchivedFile(rig().db, district.id, id)
  return file.read(0, file.sizeBytes)
}

describe('an upload in pieces', () => {
  it('is put together byte for byte, wherever it is cut, and an import starts from it', async () => {
    const { token, district } = await plant()
    const bytes = randomBytes(7 * mib + 12_345)
    const sha256 = hashOf(bytes)
    const upload = await begin(token, district, { bytes: bytes.length, sha256, fileName: 'autumn.zip' })
    assert.deepEqual([upload.offset, upload.complete, upload.fileName], [0, false, 'autumn.zip'])
    const cuts = [0, 1, 1000, mib, mib + 1, 6 * mib - 1, bytes.length]
    for (const [at, from] of cuts.slice(0, -1).entries()) {
      assert.equal(await offsetOf(token, upload), from)
      const answer = await part(token, upload, from, bytes.subarray(from, cuts[at + 1]))
      assert.equal(answer.headers.get('upload-offset'), String(cuts[at + 1]))
      const told = await readAnswer<Upload>(answer)
      assert.equal(told.complete, cuts[at + 1] === bytes.length)
    }
    assert.ok((await readKept(district, sha256)).equals(bytes))
    const path = `/api/districts/${district.slug}/imports?dataType=students&upload=${upload.uploadId}`
    const headers = { 'idempotency-key': upload.uploadId }
    const run = await readAnswer<RunDocument>(await rig().send(token, 'POST', path, { headers }), 202)
    assert.deepEqual(run.input, { sha256, bytes: bytes.length })
    assert.equal((await readAnswer<RunDocument>(await rig().send(token, 'POST', path, { headers }))).runId, run.runId)
  })

  it('goes on where its line broke', async () => {
    const { token, district } = await plant()
    const bytes = randomBytes(6 * mib)
    const upload = await begin(token, district, { bytes: bytes.length, sha256: hashOf(bytes) })
    const broken = line(Buffer.from(bytes.subarray(0, 5 * mib + 7)))
    const answer = part(token, upload, 0, broken.body)
    broken.end(new Error('the line broke'))
    await readAnswer<Problem>(await answer, 400)
    const offset = await offsetOf(token, upload)
    const done = await readAnswer<Upload>(await part(token, upload, offset, bytes.subarray(offset)))
    assert.equal(done.sha256, hashOf(bytes))
  })

  it('is the one of the newest sender: whoever was given up for dead writes no more', async () => {
    const { token, district } = await plant()
    const bytes = randomBytes(12 * mib)
    const upload = await begin(token, district, { bytes: bytes.length, sha256: hashOf(bytes) })
    const stuck = line(Buffer.from(bytes.subarray(0, 8 * mib)))
    const first = part(token, upload, 0, stuck.body)
    await until(async () => (await offsetOf(token, upload)) > 0)
    let offset = await offsetOf(token, upload)
    let second = await part(token, upload, offset, bytes.subarray(offset))
    if (second.status === 409) {
      offset = Number(second.headers.get('upload-offset'))
      second = await part(token, upload, offset, bytes.subarray(offset))
    }
    assert.equal((await readAnswer<Upload>(second)).complete, true)
    stuck.end(Buffer.from(bytes.subarray(8 * mib)))
    assert.equal((await readAnswer<Problem>(await first, 409)).code, 'UPLOAD_OFFSET_WRONG')
    assert.ok((await readKept(district, hashOf(bytes))).equals(bytes))
  })

  it('says where it goes on to whoever sends from another place, and keeps none of that', async () => {
    const { token, district } = await plant()
    const upload = await begin(token, district, { bytes: 10 })
    await readAnswer(await part(token, upload, 0, 'abcd'))
    for (const offset of [0, 3, 5]) {
      const answer = await part(token, upload, offset, 'x')
      assert.equal(answer.headers.get('upload-offset'), '4')
      const problem = await readAnswer<Problem>(answer, 409)
      assert.deepEqual([problem.code, problem.offset], ['UPLOAD_OFFSET_WRONG', 4])
    }
    const done = await readAnswer<Upload>(await part(token, upload, 4, 'efghij'))
    assert.equal(done.sha256, hashOf(Buffer.from('abcdefghij')))
  })

  it('may be completed twice: the answer of the first time may have been lost', async () => {
    const { token, district } = await plant()
    const upload = await begin(token, district, { bytes: 3 })
    const first = await readAnswer<Upload>(await part(token, upload, 0, 'abc'))
    const second = await readAnswer<Upload>(await part(token, upload, 3, ''))
    assert.deepEqual([second.complete, second.sha256], [true, first.sha256])
  })

  it('of bytes that are kept already becomes the input that is there', async () => {
    const { token, district } = await plant()
    const ids = new Set<string>()
    for (let time = 0; time < 2; time++) {
      const upload = await begin(token, district, { bytes: 3 })
      await readAnswer(await part(token, upload, 0, 'abc'))
      const rows = await withDistrict(rig().db, district.id, (trx) =>
        trx.selectFrom('uploads').select('fileId').where('id', '=', upload.uploadId).execute(),
      )
      ids.add(rows[0]?.fileId ?? 'none')
    }
    assert.equal(ids.size, 1)
    assert.equal(ids.has('none'), false)
  })

  it('is thrown away when its SHA-256 is another one', async () => {
    const { token, district } = await plant()
    const upload = await begin(token, district, { bytes: 3, sha256: hashOf(Buffer.from('abd')) })
    const problem = await readAnswer<Problem>(await part(token, upload, 0, 'abc'), 422)
    assert.equal(problem.code, 'UPLOAD_MISMATCH')
    assert.equal((await rig().send(token, 'GET', `/api/uploads/${upload.uploadId}`)).status, 404)
    assert.deepEqual(await listFiles(district), [])
  })

  it('takes no more bytes than were announced, and none that is not announced as a part', async () => {
    const { token, district } = await plant()
    const path = `/api/districts/${district.slug}/uploads`
    const large = await rig().sendJson(token, 'POST', path, { bytes: 1_000_000_001 })
    assert.equal((await readAnswer<Problem>(large, 413)).code, 'INPUT_TOO_LARGE')
    const upload = await begin(token, district, { bytes: 3 })
    assert.equal((await readAnswer<Problem>(await part(token, upload, 0, 'abcd'), 422)).code, 'UPLOAD_MISMATCH')
    const init = { headers: { 'content-type': 'application/zip', 'upload-offset': '0' }, body: 'abc' }
    await readAnswer(await rig().send(token, 'PATCH', `/api/uploads/${upload.uploadId}`, init), 400)
    const imports = `/api/districts/${district.slug}/imports?dataType=students&upload=${upload.uploadId}`
    assert.equal((await readAnswer<Problem>(await rig().send(token, 'POST', imports), 409)).code, 'UPLOAD_INCOMPLETE')
  })

  it('is not there for a token of another district, and needs the right to run', async () => {
    const { token, district } = await plant()
    const upload = await begin(token, district, { bytes: 3 })
    const other = await rig().makeToken({ districtId: (await rig().makeDistrict()).id })
    assert.equal((await part(other, upload, 0, 'abc')).status, 404)
    assert.equal((await rig().send(other, 'DELETE', `/api/uploads/${upload.uploadId}`)).status, 404)
    const viewer = await rig().makeToken({ rights: ['view'] })
    assert.equal((await part(viewer, upload, 0, 'abc')).status, 403)
    const elsewhere = await rig().makeDistrict()
    const path = `/api/districts/${elsewhere.slug}/imports?dataType=students&upload=${upload.uploadId}`
    assert.equal((await rig().send(token, 'POST', path)).status, 404)
  })

  it('is given up with what came of it', async () => {
    const { token, district } = await plant()
    const upload = await begin(token, district, { bytes: 5 })
    await readAnswer(await part(token, upload, 0, 'abc'))
    assert.equal((await rig().send(token, 'DELETE', `/api/uploads/${upload.uploadId}`)).status, 204)
    assert.equal((await part(token, upload, 3, 'de')).status, 404)
    assert.deepEqual(await listFiles(district), [])
  })

  it('is removed when nobody goes on with it, and an input that came of it stays', async () => {
    const { token, district } = await plant()
    const abandoned = await begin(token, district, { bytes: 5 })
    await readAnswer(await part(token, abandoned, 0, 'abc'))
    const whole = await begin(token, district, { bytes: 3 })
    await readAnswer(await part(token, whole, 0, 'abc'))
    const purge = (now: Date) => purgeUploads(rig().db, { districtId: district.id, now })
    assert.deepEqual(await purge(new Date(Date.parse(whole.expiresAt) - 60_000)), { uploads: 0 })
    assert.deepEqual(await purge(new Date(Date.parse(whole.expiresAt) + 60_000)), { uploads: 2 })
    assert.equal((await rig().send(token, 'GET', `/api/uploads/${abandoned.uploadId}`)).status, 404)
    assert.deepEqual(await listFiles(district), [true])
  })
})

async function listFiles(district: TestDistrict): Promise<boolean[]> {
  const rows = await withDistrict(rig().db, district.id, (trx) =>
    trx.selectFrom('archivedFiles').select('isComplete').execute(),
  )
  return rows.map(({ isComplete }) => isComplete)
}
