import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { inventDistrict } from '../simulators/invented-district/invent-district.ts'
import { makePackage } from '../simulators/oneroster-package/make-package.ts'
import { writeDistrict } from '../simulators/oneroster-package/write-district.ts'

export type BenchPackages = {
  readonly fresh: string
  /** The same rows in other bytes, so that no shortcut for identical input hits. */
  readonly resync: string
  /** One row in a hundred differs; of a whole roster, the next day. */
  readonly delta: string
  readonly freshBytes: number
}

type Write = (path: string, which: { readonly comment: string; readonly isDelta: boolean }) => Promise<void>

const seed = 20261122

/**
 * Writes the three packages of a benchmark into a folder: of so many rows (about so many of a whole
 * roster, in which some were withdrawn long ago). Invented people, the same for the same number of rows.
 */
export async function makeBenchPackages(folder: string, dataType: string, rows: number): Promise<BenchPackages> {
  const write = dataType === 'students' ? writeStudents(rows) : writeRoster(dataType, rows)
  const into = async (name: string, which: { comment: string; isDelta: boolean }) => {
    await write(join(folder, name), which)
    return join(folder, name)
  }
  const fresh = await into('fresh.zip', { comment: 'a', isDelta: false })
  const resync = await into('resync.zip', { comment: 'b', isDelta: false })
  const delta = await into('delta.zip', { comment: 'c', isDelta: true })
  return { fresh, resync, delta, freshBytes: (await stat(fresh)).size }
}

function writeStudents(students: number): Write {
  return async (path, { comment, isDelta }) => {
    const request = { seed, students, comment, ...(isDelta ? { changedEvery: 100 } : {}) }
    await pipeline(makePackage(request), createWriteStream(path))
  }
}

const files = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments']

function writeRoster(dataType: string, rows: number): Write {
  const students = findStudents(dataType, rows)
  return async (path, { comment, isDelta }) => {
    const request = { seed, students, files, comment, day: isDelta ? 2 : 1 }
    await pipeline(writeDistrict(request), createWriteStream(path))
  }
}

/** The smallest district that has so many classes or enrollments. */
function findStudents(dataType: string, rows: number): number {
  const sizeOf = (students: number) => {
    const district = inventDistrict({ seed, students })
    return (dataType === 'classes' ? district.classes : district.enrollments).size
  }
  let [tooFew, enough] = [0, 1]
  while (sizeOf(enough) < rows) enough *= 2
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (sizeOf(middle) < rows) tooFew = middle
    else enough = middle
  }
  return enough
}
