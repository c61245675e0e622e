import { byId, chooseId, inOrderOfKeys, isGone, listOf, type RosterFiles, type Row } from './roster-files.ts'

/** What a record is printed as, by column; a column that is not named is blank. */
export type Fields = Readonly<Record<string, string>>
/** By what the comparison knows a record by. */
export type Expected = ReadonlyMap<string, Fields>

type Post = { readonly role: string; readonly isPrimary: boolean; readonly org: string }
type Person = { readonly row: Row; readonly posts: readonly Post[] }

const kin = ['parent', 'guardian', 'relative']
const working = [
  ...['teacher', 'aide', 'counselor', 'principal', 'proctor', 'administrator'],
  ...['siteAdministrator', 'districtAdministrator', 'systemAdministrator'],
]
const races = [
  ...['americanIndianOrAlaskaNative', 'asian', 'blackOrAfricanAmerican', 'nativeHawaiianOrOtherPacificIslander'],
  ...['white', 'demographicRaceTwoOrMoreRaces'],
]
const gradesUpToTheLast = ['TK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']

export type People = { readonly students: Expected; readonly staff: Expected; readonly guardians: Expected }

/** `today` (`YYYY-MM-DD`) says in which academic year it is, and how old somebody is. */
export function expectPeople(files: RosterFiles, today: string): People {
  const people = listPeople(files)
  const types = new Map(files.rows('orgs').map((org) => [org('sourcedId'), org('type').toLowerCase()]))
  const students = expectStudents(files, people, types, today)
  const guardians = expectGuardians(people, new Set(students.keys()))
  return { students, staff: expectStaff(people, types), guardians }
}

/** In 1.1 everybody has one role, at each of the orgs; in 1.2 roles.csv says as what somebody is where. */
function listPeople(files: RosterFiles): Person[] {
  const users = files.rows('users').filter((user) => !isGone(user))
  if (files.version === '1.1') {
    return users.map((row) => {
      const orgs = listOf(row('orgSourcedIds'))
      return {
        row,
        posts: (orgs.length === 0 ? [''] : orgs).map((org) => ({ role: row('role'), isPrimary: true, org })),
      }
    })
  }
  const posts = Map.groupBy(
    files.rows('roles').filter((role) => !isGone(role)),
    (role) => role('userSourcedId'),
  )
  return users.map((row) => ({
    row,
    posts: (posts.get(row('sourcedId')) ?? []).map((post) => ({
      ...{ role: post('role'), isPrimary: post('roleType') === 'primary', org: post('orgSourcedId') },
    })),
  }))
}

const mayComeIn = ({ row }: Person): boolean => row('enabledUser').toLowerCase() !== 'false'
const namesOf = (row: Row) => ({
  ...{ sourceKey: row('sourcedId'), givenName: row('givenName'), familyName: row('familyName') },
  ...{ username: row('username'), email: row('email') },
})

function expectStudents(
  files: RosterFiles,
  people: readonly Person[],
  types: ReadonlyMap<string, string>,
  today: string,
): Expected {
  const isStudentsPost = ({ role, isPrimary }: Post) => role === 'student' && isPrimary
  const students = people.filter((person) => mayComeIn(person) && person.posts.some(isStudentsPost))
  const idOf = chooseId(
    students.map(({ row }) => row),
    'identifier',
  )
  const demographics = byId(files.rows('demographics').filter((row) => !isGone(row)))
  const told = students.map(({ row, posts }): [string, Fields] => {
    const own = row('primaryOrgSourcedId')
    const orgs = own === '' ? posts.filter(isStudentsPost).map(({ org }) => org) : [own]
    const grade = readGrade(listOf(row('grades'))[0] ?? '')
    return [
      row('sourcedId'),
      {
        ...{ ...namesOf(row), sisId: idOf(row), middleName: row('middleName'), phone: row('phone') },
        federatedId: readFirstUserId(row('userIds')),
        schoolId: orgs.find((org) => types.get(org) === 'school') ?? orgs[0] ?? '',
        ...{ gradeLevel: grade, classYear: findClassYear(grade, today), enrollmentStatus: 'active' },
        ...tellDemographics(demographics.get(row('sourcedId')), today),
      },
    ]
  })
  return new Map(told.filter(([, { schoolId = '' }]) => types.has(schoolId)))
}

function expectStaff(people: readonly Person[], types: ReadonlyMap<string, string>): Expected {
  const isStaffsPost = ({ role }: Post) => role !== '' && role !== 'student' && !kin.includes(role)
  const staff = people.filter((person) => mayComeIn(person) && person.posts.some(isStaffsPost))
  const idOf = chooseId(
    staff.map(({ row }) => row),
    'identifier',
  )
  const told = staff.map(({ row, posts }): [string, Fields] => {
    const roles = new Set(posts.filter(isStaffsPost).map(({ role }) => role))
    const orgs = [row('primaryOrgSourcedId'), ...posts.filter(isStaffsPost).map(({ org }) => org)]
    return [
      row('sourcedId'),
      {
        ...{ ...namesOf(row), sisId: idOf(row), enrollmentStatus: 'active' },
        roles: [...roles].filter((role) => working.includes(role)).join(';'),
        schoolIds: inOrderOfKeys(orgs.filter((org) => types.has(org))).join(';'),
      },
    ]
  })
  return new Map(told.filter(([, { email, roles, schoolIds }]) => email !== '' && roles !== '' && schoolIds !== ''))
}

function expectGuardians(people: readonly Person[], students: ReadonlySet<string>): Expected {
  const childrenOf = new Map<string, Set<string>>()
  for (const { row } of people) {
    for (const agent of listOf(row('agentSourcedIds'))) {
      for (const [elder, child] of [
        [agent, row('sourcedId')],
        [row('sourcedId'), agent],
      ] as const) {
        if (students.has(child)) childrenOf.set(elder, (childrenOf.get(elder) ?? new Set()).add(child))
      }
    }
  }
  const guardians = people.filter(({ posts }) => posts.some(({ role }) => kin.includes(role)))
  const idOf = chooseId(
    guardians.map(({ row }) => row),
    'identifier',
  )
  const told = guardians.map(({ row, posts }): [string, Fields] => [
    row('sourcedId'),
    {
      ...{ ...namesOf(row), sisId: idOf(row), phone: row('phone') },
      relationship: posts.find(({ role }) => kin.includes(role))?.role ?? '',
      studentIds: inOrderOfKeys(childrenOf.get(row('sourcedId')) ?? []).join(';'),
    },
  ])
  return new Map(told.filter(([, { studentIds }]) => studentIds !== ''))
}

function tellDemographics(row: Row | undefined, today: string): Fields {
  if (row === undefined) return {}
  const isTrue = (column: string) => row(column).toLowerCase() === 'true'
  const born = row('birthDate')
  const age = Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0)
  return {
    birthDate: born !== '' && age >= 2 && age <= 30 ? born : '',
    sex: row('sex'),
    ethnicity: isTrue('hispanicOrLatinoEthnicity') ? 'hispanicOrLatino' : '',
    race: races.filter(isTrue).join(';'),
  }
}

/** A spreadsheet makes 9 of 09. */
export function readGrade(grade: string): string {
  return /^\d$/.test(grade) ? `0${grade}` : grade
}

/** The first of `{type:id},{type:id}` as `type:id`. */
function readFirstUserId(userIds: string): string {
  const [, type = '', id = ''] = /^\{([^:}]*):([^}]*)\}/.exec(userIds) ?? []
  return id === '' ? '' : `${type.trim()}:${id.trim()}`
}

/** An academic year turns over on 1 July; the twelfth grade leaves at its end. */
function findClassYear(grade: string, today: string): string {
  const place = gradesUpToTheLast.indexOf(grade)
  if (place < 0) return ''
  const yearsLeft = gradesUpToTheLast.length - 1 - place
  return String(Number(today.slice(0, 4)) + (today.slice(5) >= '07-01' ? 1 : 0) + yearsLeft)
}
