import { Readable } from 'node:stream'
import yazl from 'yazl'
import { inventDistrict } from '../invented-district/invent-district.ts'
import type { DistrictRequest } from '../invented-district/layout.ts'
import { listDataFiles, type DataFile, type PackageVersion } from './columns.ts'

export type DistrictPackageRequest = DistrictRequest & {
  readonly version?: PackageVersion
  /** Only these data files, as `users`; the manifest calls the others absent. All that the district fills by default. */
  readonly files?: readonly string[]
  /** Written into the archive's comment: other bytes, the same rows. */
  readonly comment?: string
}

const filesOf11 = (
  'academicSessions categories classes classResources courses courseResources demographics enrollments lineItems orgs ' +
  'resources results users'
).split(' ')
const filesOf12 = [
  ...filesOf11,
  ...(
    'lineItemLearningObjectiveIds lineItemScoreScales resultLearningObjectiveIds resultScoreScales roles scoreScales ' +
    'userProfiles userResources'
  ).split(' '),
]

/**
 * A OneRoster bulk package with every file of an invented district, as a ZIP, streamed: a million users need no memory
 * to speak of. The same request gives the same bytes, and the REST stand-in serves the same district.
 */
export function writeDistrict(request: DistrictPackageRequest): Readable {
  const version = request.version ?? '1.1'
  const files = listDataFiles(inventDistrict(request), version).filter(
    ({ name }) => request.files?.includes(name) ?? true,
  )
  const archive = new yazl.ZipFile()
  // A fixed time: the bytes of a package must not depend on the day it was made.
  const options = { mtime: new Date(Date.UTC(2026, 7, 1)), compressionLevel: 3, forceDosTimestamp: true }
  archive.addBuffer(Buffer.from(manifest(version, files)), 'manifest.csv', options)
  for (const file of files) {
    archive.addReadStreamLazy(`${file.name}.csv`, options, (give) => {
      give(null, Readable.from(blocks(file), { objectMode: false, highWaterMark: 1 << 18 }))
    })
  }
  archive.end({ comment: request.comment ?? '', forceZip64Format: false })
  return Readable.from(archive.outputStream, { objectMode: false })
}

/** Rows joined into pieces of some 64 KiB: a stream of single rows would spend its time in the stream. */
function* blocks(file: DataFile): Generator<Buffer> {
  let block = rowOf(file.header)
  for (let index = 0; index < file.size; index++) {
    for (const cells of file.rowsOf(index)) block += rowOf(cells)
    if (block.length > 65_536) {
      yield Buffer.from(block)
      block = ''
    }
  }
  yield Buffer.from(block)
}

function rowOf(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}

function manifest(version: PackageVersion, files: readonly DataFile[]): string {
  const present = new Set(files.map(({ name }) => name))
  const names = version === '1.1' ? filesOf11 : [...filesOf12].sort()
  return [
    'propertyName,value',
    'manifest.version,1.0',
    `oneroster.version,${version}`,
    ...names.map((name) => `file.${name},${present.has(name) ? 'bulk' : 'absent'}`),
    'source.systemName,Lincoln County invented SIS',
    'source.systemCode,lincoln',
    '',
  ].join('\r\n')
}
