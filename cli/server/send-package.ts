import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Upload } from '../../api/contract/upload.ts'
import { say } from '../print.ts'
import { ApiFailure, type ApiClient, type Query } from './api-client.ts'

/** A package that is larger is sent in an upload that can go on; a smaller one is sent again as soon as that is told. */
const mostBytesAtOnce = 8 << 20
const outagePatienceMs = 60_000
const outagePauseMs = 500

export type PackageFile = { readonly path: string; readonly name: string; readonly bytes: number }

/**
 * Sends a package to `…/imports` of the district and gives what that started. When the line breaks, or the process behind
 * it dies, it goes on as soon as anybody answers at the address; it starts once, however often it was asked.
 */
export async function sendPackage<Started>(
  api: ApiClient,
  district: string,
  file: PackageFile,
  query: Query,
): Promise<Started> {
  const root = `/api/districts/${encodeURIComponent(district)}`
  if (file.bytes <= mostBytesAtOnce) {
    const type = /\.(csv|tsv|txt)$/i.test(file.path) ? 'text/csv' : 'application/zip'
    const headers = { 'content-type': type, 'idempotency-key': randomUUID() }
    const body = await openAsBlob(file.path)
    const send = () =>
      api.sendForJson<Started>('POST', `${root}/imports`, { query: { ...query, fileName: file.name }, headers, body })
    // Nobody there at all is told at once; somebody who was there and left may come back.
    return await send().catch((error: unknown) => {
      if (!(error instanceof ApiFailure) || !error.isBroken) throw error
      return untilAnswered(send)
    })
  }
  const uploadId = await upload(api, root, file)
  return await untilAnswered(() =>
    api.sendForJson<Started>('POST', `${root}/imports`, {
      query: { ...query, fileName: file.name, upload: uploadId },
      headers: { 'idempotency-key': uploadId },
    }),
  )
}

async function upload(api: ApiClient, root: string, { path, name, bytes }: PackageFile): Promise<string> {
  const announced = { bytes, sha256: await hashFile(path), fileName: name }
  const { uploadId } = await api.post<Upload>(`${root}/uploads`, announced)
  const address = `/api/uploads/${uploadId}`
  const blob = await openAsBlob(path)
  for (let offset = 0; ;) {
    try {
      const part = await api.sendForJson<Upload>('PATCH', address, {
        headers: { 'content-type': 'application/partial-upload', 'upload-offset': String(offset) },
        body: blob.slice(offset),
      })
      if (part.complete) return uploadId
      offset = part.offset
    } catch (error) {
      if (!(error instanceof ApiFailure) || !canGoOn(error)) throw error
      if (error.isOutage) say('The connection broke; the upload goes on where it was.')
      ;({ offset } = await untilAnswered(() => api.get<Upload>(address)))
    }
  }
}

/** Nobody answered, the line broke, or another part of ours was still being written. */
function canGoOn({ isOutage, problem }: ApiFailure): boolean {
  return isOutage || problem?.code === 'REQUEST_BROKEN_OFF' || problem?.code === 'UPLOAD_OFFSET_WRONG'
}

async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof ApiFailure) || !error.isOutage) throw error
      if (performance.now() - startedAt > outagePatienceMs) throw error
      await sleep(outagePauseMs)
    }
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer) // no encoding is set
  return hash.digest('hex')
}
