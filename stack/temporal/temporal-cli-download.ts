import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { runCommand } from '../processes/run-command.ts'

const DownloadInfo = z.object({ archiveUrl: z.url(), fileToExtract: z.string() })
const firstByteTimeoutMs = 10_000
const silenceTimeoutMs = 20_000

/**
 * Downloads the Temporal CLI from where Temporal's SDKs download theirs. Gives up after ten seconds without an answer,
 * so that a machine behind a wall soon goes on to the next way. Returns the path of the executable.
 */
export async function downloadFromTemporal(options: {
  readonly directory: string
  readonly version: string
  readonly site?: string
}): Promise<string> {
  const { directory, version, site = 'https://temporal.download' } = options
  const query = new URLSearchParams({
    arch: process.arch === 'x64' ? 'amd64' : process.arch,
    platform: process.platform,
    format: 'tar.gz',
  })
  const answer = await request(`${site}/cli/v${version}?${query.toString()}`)
  const { archiveUrl, fileToExtract } = DownloadInfo.parse(await answer.json())
  const archive = join(directory, 'archive.tar.gz')
  await save(await request(archiveUrl), archive)
  await runCommand('tar', ['-xzf', archive, '-C', directory, fileToExtract], { timeoutMs: 120_000 })
  return join(directory, fileToExtract)
}

async function request(url: string): Promise<Response> {
  const { host } = new URL(url)
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), firstByteTimeoutMs)
  try {
    const response = await fetch(url, { signal: patience.signal })
    if (!response.ok) throw new Error(`answered ${response.status}`)
    return response
  } catch (error) {
    const reason = patience.signal.aborted ? 'did not answer in time' : describe(error)
    throw new Error(`${host} ${reason}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** `fetch failed` says nothing; the code of its cause (ENOTFOUND, ECONNREFUSED) does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? `is not reached (${String(cause.code)})` : error.message
}

async function save(response: Response, file: string): Promise<void> {
  if (response.body === null) throw new Error('the download was empty')
  const silence = new AbortController()
  const giveUp = () => silence.abort(new Error('the download stopped half-way'))
  let timer = setTimeout(giveUp, silenceTimeoutMs)
  const watch = new Transform({
    transform(chunk, _encoding, done) {
      clearTimeout(timer)
      timer = setTimeout(giveUp, silenceTimeoutMs)
      done(null, chunk)
    },
  })
  try {
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(file), { signal: silence.signal })
  } finally {
    clearTimeout(timer)
  }
}
