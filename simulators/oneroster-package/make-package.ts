import { Readable } from 'node:stream'
import yazl from 'yazl'
import { inventStudent, type InventedStudent } from './invented-people.ts'

export type PackageRequest = {
  readonly seed: number
  readonly students: number
  /** One school for so many students on average; 600 by default. */
  readonly studentsPerSchool?: number
  /** Every so many-th student has another given name, as after a day of corrections; none by default. */
  readonly changedEvery?: number
  /** Leaves a student out of users.csv and demographics.csv. */
  readonly isLeftOut?: (student: InventedStudent, number: number) => boolean
  /** Written into the archive's comment: other bytes, the same rows. */
  readonly comment?: string
  /** More members, already in the ZIP's form: file name → content; a mode row is added to the manifest for them. */
  readonly moreFiles?: Readonly<Record<string, string>>
  /** Rows appended to users.csv and demographics.csv as they are, for deliberate problems. */
  readonly moreUsers?: readonly string[]
  readonly moreDemographics?: readonly string[]
}

const dataFiles = (
  'academicSessions categories classes classResources courses courseResources demographics enrollments lineItems orgs ' +
  'resources results users'
).split(' ')

const usersHeader =
  'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,' +
  'identifier,email,sms,phone,agentSourcedIds,grades,password'
const demographicsHeader =
  'sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,' +
  'nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,' +
  'countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus'

/**
 * A OneRoster 1.1 bulk package of an invented district as a ZIP, streamed: a million students need no memory to
 * speak of. The same request gives the same bytes.
 */
export function makePackage(request: PackageRequest): Readable {
  const schoolCount = Math.max(2, Math.ceil(request.students / (request.studentsPerSchool ?? 600)))
  const archive = new yazl.ZipFile()
  // A fixed time: the bytes of a package must not depend on the day it was made.
  const options = { mtime: new Date(Date.UTC(2026, 7, 1)), compressionLevel: 3, forceDosTimestamp: true }
  const present = new Set(['orgs', 'users', 'demographics', ...Object.keys(request.moreFiles ?? {})])
  archive.addBuffer(Buffer.from(manifest(present)), 'manifest.csv', options)
  archive.addBuffer(Buffer.from(orgs(schoolCount)), 'orgs.csv', options)
  for (const [name, text] of Object.entries(request.moreFiles ?? {})) {
    archive.addBuffer(Buffer.from(text), `${name}.csv`, options)
  }
  const users = () => blocks(usersHeader, students(request, schoolCount, userRow), request.moreUsers)
  const demographics = () =>
    blocks(demographicsHeader, students(request, schoolCount, demographicsRow), request.moreDemographics)
  archive.addReadStreamLazy('users.csv', options, (give) => {
    give(null, Readable.from(users(), { objectMode: false, highWaterMark: 1 << 18 }))
  })
  archive.addReadStreamLazy('demographics.csv', options, (give) => {
    give(null, Readable.from(demographics(), { objectMode: false, highWaterMark: 1 << 18 }))
  })
  archive.end({ comment: request.comment ?? '', forceZip64Format: false })
  return Readable.from(archive.outputStream, { objectMode: false })
}

/** `sourcedId` of school `number`, as the packages name it. */
export function schoolSourcedId(number: number): string {
  return `school-${String(number).padStart(3, '0')}`
}

function* students(
  request: PackageRequest,
  schoolCount: number,
  row: (student: InventedStudent, isChanged: boolean) => string,
): Generator<string> {
  for (let number = 1; number <= request.students; number++) {
    const student = inventStudent(request.seed, number, schoolCount)
    if (request.isLeftOut?.(student, number) === true) continue
    yield row(student, request.changedEvery !== undefined && number % request.changedEvery === 0)
  }
}

/** Rows joined into pieces of some 64 KiB: a stream of single rows would spend its time in the stream. */
function* blocks(header: string, rows: Iterable<string>, more: readonly string[] = []): Generator<Buffer> {
  let block = `${header}\r\n`
  for (const row of rows) {
    block += row
    if (block.length > 65_536) {
      yield Buffer.from(block)
      block = ''
    }
  }
  yield Buffer.from(block + more.map((row) => `${row}\r\n`).join(''))
}

function userRow(student: InventedStudent, isChanged: boolean): string {
  const givenName = isChanged ? `${student.givenName}a` : student.givenName
  return (
    `${student.sourcedId},,,true,${schoolSourcedId(student.schoolNumber)},student,${student.username},` +
    `{LDAP:${student.identifier}},${givenName},${student.familyName},${student.middleName},${student.identifier},` +
    `${student.email},,${student.phone},,${student.grade},\r\n`
  )
}

function demographicsRow(student: InventedStudent): string {
  const isRace = (name: string) => (student.race === name ? 'true' : 'false')
  return (
    `${student.sourcedId},,,${student.birthDate},${student.sex},${isRace('americanIndianOrAlaskaNative')},` +
    `${isRace('asian')},${isRace('blackOrAfricanAmerican')},false,${isRace('white')},false,` +
    `${String(student.isHispanicOrLatino)},US,,,\r\n`
  )
}

function manifest(present: ReadonlySet<string>): string {
  const rows = dataFiles.map((name) => `file.${name},${present.has(name) ? 'bulk' : 'absent'}`)
  return [
    'propertyName,value',
    'manifest.version,1.0',
    'oneroster.version,1.1',
    ...rows,
    'source.systemName,Lincoln County invented SIS',
    'source.systemCode,lincoln',
    '',
  ].join('\r\n')
}

function orgs(schoolCount: number): string {
  const rows = [
    'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
    'district,,,Lincoln County Schools,district,9900000,',
  ]
  for (let number = 1; number <= schoolCount; number++) {
    rows.push(
      `${schoolSourcedId(number)},,,Lincoln School ${String(number)},school,99${String(number).padStart(5, '0')},district`,
    )
  }
  return `${rows.join('\r\n')}\r\n`
}
