import { schoolSourcedId } from '../../../simulators/oneroster-package/make-package.ts'
import { makeManifest } from '../../fixtures/small-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import type { SourcePackage, SourceRow } from '../model/source-row.ts'

const usersHeader =
  'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,' +
  'identifier,email,sms,phone,agentSourcedIds,grades,password'
const demographicsHeader =
  'sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,' +
  'nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,' +
  'countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus'
const orgsHeader = 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId'

/** A package of OneRoster 1.1 as bytes. `changedAt` stands in the rows of a delta; `comment` makes the bytes others. */
export function writePackage(
  source: SourcePackage,
  { schools, changedAt, comment }: { readonly schools: number; readonly changedAt: Date; readonly comment: string },
): Buffer {
  const time = source.mode === 'delta' ? changedAt.toISOString() : ''
  const files: Record<string, readonly string[]> = {
    users: [usersHeader, ...source.rows.map((row) => userRow(row, source.mode, time))],
  }
  const known = source.rows.filter(({ isWithdrawn }) => isWithdrawn !== true)
  if (source.hasDemographics) {
    files['demographics'] = [demographicsHeader, ...known.map((row) => demographicsRow(row, source.mode, time))]
  }
  if (source.mode === 'bulk') files['orgs'] = [orgsHeader, ...orgRows(schools)]
  const modes = Object.fromEntries(Object.keys(files).map((name) => [name, source.mode]))
  const members = Object.entries(files).map(([name, lines]) => ({
    name: `${name}.csv`,
    data: `${lines.join('\r\n')}\r\n`,
  }))
  return makeZip([{ name: 'manifest.csv', data: makeManifest(modes) }, ...members], { comment })
}

function userRow({ person, isWithdrawn, isBroken }: SourceRow, mode: SourcePackage['mode'], time: string): string {
  const status = mode === 'bulk' ? '' : isWithdrawn === true ? 'tobedeleted' : 'active'
  return [
    ...[person.sourcedId, status, time, 'true', schoolSourcedId(person.schoolNumber), 'student', person.username],
    ...[`{LDAP:${person.identifier}}`, person.givenName, isBroken === true ? '' : person.familyName],
    ...[person.middleName, person.identifier, person.email, '', person.phone, '', person.grade, ''],
  ].join(',')
}

function demographicsRow({ person }: SourceRow, mode: SourcePackage['mode'], time: string): string {
  const isRace = (name: string) => String(person.race === name)
  return [
    ...[person.sourcedId, mode === 'bulk' ? '' : 'active', time, person.birthDate, person.sex],
    ...[isRace('americanIndianOrAlaskaNative'), isRace('asian'), isRace('blackOrAfricanAmerican'), 'false'],
    ...[isRace('white'), 'false', String(person.isHispanicOrLatino), 'US', '', '', ''],
  ].join(',')
}

function orgRows(schools: number): string[] {
  const rows = Array.from({ length: schools }, (_, index) => {
    const id = schoolSourcedId(index + 1)
    return `${id},,,Soak School ${index + 1},school,99${String(index + 1).padStart(5, '0')},district`
  })
  return ['district,,,Soak Schools,district,9900000,', ...rows]
}
