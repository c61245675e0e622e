import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RunDocument } from '../../../api/contract/run.ts'
import { readPeakMemoryMiB } from '../../../bench/peak-memory.ts'
import { createDatabase, withDistrict } from '../../../db/database.ts'
import { findDistrictBySlug } from '../../../db/access/districts.ts'
import { startTestStack } from '../../harness/stack.ts'
import { untilItWorks } from '../../harness/until.ts'
import { makeFolder } from '../../cli/make-folder.ts'
import { runCommand } from '../../cli/run-command.ts'
import { killProcess } from './stack-killer.ts'

const megabytes = Number(process.env['ROLLBOOK_TEST_UPLOAD_MB'] ?? 150)
const mostMiB = 300

describe(`an upload of ${megabytes} MB (ROLLBOOK_TEST_UPLOAD_MB) whose API process is killed at 60 %`, () => {
  it('goes on at the next process and begins its run by itself, in little memory', async () => {
    const stack = await startTestStack()
    const db = createDatabase({ url: stack.appDatabaseUrl, maxConnections: 2 })
    const path = join(makeFolder(), 'large.zip')
    const sha256 = await writeInvented(path)
    const env = { ...stack.environment }
    const made = await runCommand(['district', 'create', 'large', '--name', 'Large'], { env })
    assert.equal(made.exitCode, 0, made.stderr)
    const districtId = (await findDistrictBySlug(db, 'large'))?.id ?? ''
    const readUpload = () =>
      withDistrict(db, districtId, (trx) => trx.selectFrom('uploads').selectAll().executeTakeFirstOrThrow())

    const importing = runCommand(['import', path, '--district', 'large', '--data-type', 'students', '--json'], { env })
    await untilItWorks(async () => {
      const { receivedBytes } = await readUpload()
      assert.ok(receivedBytes > megabytes * 600_000, 'not so far yet')
    })
    const pidOf = (): number => (JSON.parse(readFileSync(stack.pidsFile, 'utf8')) as { api: number }).api // the stack wrote it
    const peaks = [await readPeakMemoryMiB(pidOf())]
    await killProcess(stack, 'api')
    const atKill = await readUpload()
    assert.equal(atKill.completedAt, null)
    const ended = await importing
    peaks.push(await readPeakMemoryMiB(pidOf()))

    // Bytes by chance are no package: the run says so, and that it was asked at all is what counts here.
    assert.equal(ended.exitCode, 3, ended.stderr)
    const run = JSON.parse(ended.stdout) as RunDocument
    assert.deepEqual(run.input, { sha256, bytes: megabytes * 1_000_000 })
    assert.match(ended.stderr, /goes on where it was/)
    process.stderr.write(`peaks of the API: ${peaks.join(' and ')} MiB; ${atKill.receivedBytes} bytes at the kill\n`)
    for (const peak of peaks) assert.ok(peak === undefined || peak <= mostMiB, `${peak} MiB`)
    await db.destroy()
    await stack.stop()
  })
})

async function writeInvented(path: string): Promise<string> {
  const piece = randomBytes(1_000_000)
  const hash = createHash('sha256')
  function* pieces() {
    for (let at = 0; at < megabytes; at++) {
      piece.writeUInt32BE(at)
      hash.update(piece)
      yield Buffer.from(piece)
    }
  }
  await pipeline(Readable.from(pieces()), createWriteStream(path))
  return hash.digest('hex')
}
