import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makePackage } from '../simulators/oneroster-package/make-package.ts'

export type BenchPackages = {
  readonly fresh: string
  /** The same rows in other bytes, so that no shortcut for identical input hits. */
  readonly resync: string
  /** One row in a hundred differs. */
  readonly delta: string
  readonly freshBytes: number
}

const seed = 20261122

/** Writes the three packages of a benchmark into a folder. Invented people, the same for the same number of rows. */
export async function makeBenchPackages(folder: string, rows: number): Promise<BenchPackages> {
  const write = async (name: string, request: { comment: string; changedEvery?: number }) => {
    const path = join(folder, name)
    await pipeline(makePackage({ seed, students: rows, ...request }), createWriteStream(path))
    return path
  }
  const fresh = await write('fresh.zip', { comment: 'a' })
  const resync = await write('resync.zip', { comment: 'b' })
  const delta = await write('delta.zip', { comment: 'c', changedEvery: 100 })
  return { fresh, resync, delta, freshBytes: (await stat(fresh)).size }
}
