import { makeManifest } from '../fixtures/small-package.ts'
import { makeZip } from '../fixtures/zip-maker.ts'

/** One person of the cast on one day; `id` is the sourcedId, and `n-` and `u-` before it identifier and username. */
export type Person = {
  readonly id: string
  readonly givenName: string
  readonly familyName: string
  readonly orgs: string
  readonly grade: string
  readonly role?: 'teacher'
  readonly status?: 'tobedeleted'
  readonly enabledUser?: 'false'
  /** Another one than `n-` and the id, or none. */
  readonly identifier?: string
  /** Another one than `u-` and the id. */
  readonly username?: string
  readonly email?: string
  /** `birthDate,sex` and then the seven flags of demographics.csv; no row without it. */
  readonly demographics?: string
}

const white = 'false,false,false,false,true,false,false'
const asianAndWhite = 'false,true,false,false,true,true,true'

/** Day 1. Each is there for a reason. */
const day1: readonly Person[] = [
  // Goes to two schools: the first of them is hers.
  person('two-schools', 'Ines', 'Rowe', 'north,south', '10', { demographics: `2010-02-28,female,${white}` }),
  // Twins with one e-mail address, and with every flag that a list of races can have at once.
  person('twin-a', 'Theo', 'Vance', 'north', '03', {
    email: 'vance@lincoln.example',
    demographics: `2017-06-01,male,${asianAndWhite}`,
  }),
  person('twin-b', 'Tess', 'Vance', 'north', '03', {
    email: 'vance@lincoln.example',
    demographics: `2017-06-01,female,${asianAndWhite}`,
  }),
  // An apostrophe, an accent, and a comma that the file has to quote.
  person('accent', 'Zoë', "O'Dell, Jr.", 'south', '12'),
  // Moves to the other school on day 2.
  person('mover', 'Luca', 'Selby', 'north', '06'),
  // Leaves on day 2 by being absent, and is back on day 3.
  person('leaver', 'Juno', 'Moss', 'north', '08'),
  // May not sign in from day 2 on, and may again on day 3.
  person('disabled', 'Milo', 'Pike', 'south', '09'),
  // Withdrawn by a status on day 2.
  person('withdrawn', 'Odin', 'Fitch', 'south', '05'),
  // Disabled from the beginning until day 3.
  person('late', 'Una', 'Birch', 'south', '04', { enabledUser: 'false' }),
  // Teaches: not a student.
  person('teacher', 'Selma', 'Vogel', 'north', '', { role: 'teacher' }),
]

/** Day 2: a move, a correction, three ways to leave, and somebody new. */
const day2: readonly Person[] = [
  ...day1.flatMap((who): Person[] => {
    if (who.id === 'leaver') return []
    if (who.id === 'mover') return [{ ...who, orgs: 'south' }]
    if (who.id === 'twin-a') return [{ ...who, givenName: 'Theodore' }]
    if (who.id === 'disabled') return [{ ...who, enabledUser: 'false' }]
    if (who.id === 'withdrawn') return [{ ...who, status: 'tobedeleted' }]
    return [who]
  }),
  person('newcomer', 'Priya', 'Adeyemi', 'south', 'KG'),
]

/** Day 3: as day 1, but one is gone for good, and two have come. */
const day3: readonly Person[] = [
  ...day1.filter(({ id }) => id !== 'withdrawn' && id !== 'late'),
  person('late', 'Una', 'Birch', 'south', '04'),
  person('newcomer', 'Priya', 'Adeyemi', 'south', 'KG'),
]

const days = { 1: day1, 2: day2, 3: day3 } as const

/** Lincoln County's package of a day: two schools, ten people. Invented. */
export function lincolnCounty(day: keyof typeof days): Buffer {
  return packPeople(days[day])
}

/** A package of Lincoln County with these people in it. */
export function packPeople(people: readonly Person[]): Buffer {
  return makeZip([
    { name: 'manifest.csv', data: makeManifest({ orgs: 'bulk', users: 'bulk', demographics: 'bulk' }) },
    { name: 'orgs.csv', data: orgs },
    { name: 'users.csv', data: [usersHeader, ...people.map(userLine), ''].join('\r\n') },
    { name: 'demographics.csv', data: [demographicsHeader, ...people.flatMap(demographicsLine), ''].join('\r\n') },
  ])
}

/** One of the cast. */
export function person(
  id: string,
  givenName: string,
  familyName: string,
  orgs: string,
  grade: string,
  more: Partial<Person> = {},
): Person {
  return { id, givenName, familyName, orgs, grade, ...more }
}

const orgs = [
  'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  'county,,,Lincoln County,district,,',
  'north,,,North School,school,,county',
  'south,,,South School,school,,county',
  '',
].join('\r\n')

const usersHeader =
  'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,' +
  'identifier,email,sms,phone,agentSourcedIds,grades,password'

function userLine(who: Person): string {
  return [
    ...[who.id, who.status ?? '', '', who.enabledUser ?? 'true', quote(who.orgs), who.role ?? 'student'],
    ...[
      who.username ?? `u-${who.id}`,
      '',
      who.givenName,
      quote(who.familyName),
      '',
      who.identifier ?? `n-${who.id}`,
      who.email ?? '',
      '',
      '',
      '',
    ],
    ...[who.grade, ''],
  ].join(',')
}

const demographicsHeader =
  'sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,' +
  'nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,' +
  'countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus'

function demographicsLine(who: Person): string[] {
  return who.demographics === undefined ? [] : [`${who.id},,,${who.demographics},,,,`]
}

function quote(text: string): string {
  return text.includes(',') ? `"${text}"` : text
}
