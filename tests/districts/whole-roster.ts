import type { FileMode, OneRosterVersion } from '../../connectors/kit/one-roster/format/column.ts'
import { RosterPackage } from '../fixtures/roster-package.ts'

type Cells = Readonly<Record<string, string>>

/** So many students, staff, guardians, courses and classes: enough that five of them are a reason to ask. */
const wholeRosterSize = 8
const numbers = countTo(wholeRosterSize)

const names = [
  ...[
    ['Ada', 'Quill'],
    ['Ben', "O'Neil"],
    ['Cora', 'Whitlock'],
    ['Dario', 'Fenn'],
    ['Edda', 'Marsh'],
  ],
  ...[
    ['Falk', 'Osterhaus'],
    ['Greta', 'Pym'],
    ['Hugo', 'Zeller'],
  ],
]
const teacherNames = [
  ...[
    ['Cleo', 'Márquez'],
    ['Ivo', 'Brandt'],
    ['Jutta', 'Kowal'],
    ['Kasimir', 'Dent'],
    ['Livia', 'Ashdown'],
  ],
  ...[
    ['Mats', 'Engel'],
    ['Nadia', 'Trask'],
    ['Otto', 'Vimes'],
  ],
]
const parentNames = [
  ...[
    ['Paula', 'Quill'],
    ['Quentin', "O'Neil"],
    ['Rosa', 'Whitlock'],
    ['Silvan', 'Fenn'],
    ['Tilda', 'Marsh'],
  ],
  ...[
    ['Ugo', 'Osterhaus'],
    ['Vera', 'Pym'],
    ['Wanda', 'Zeller'],
  ],
]

/** The last two of everything are of the other school. */
export const schoolOf = (number: number): string => (number > wholeRosterSize - 2 ? 'school-2' : 'school-1')

/** The id of the enrollment of a student. */
export const takingOf = (number: number): string => (number < 3 ? `enrollment-${number + 1}` : `taking-${number}`)
const relationships = ['parent', 'guardian', 'relative']

/**
 * A district of everything that can be imported: eight students with a guardian each, eight teachers, eight courses with
 * a class each, the last of them for next year, and results with credits. Class 1 has two teachers, the second one the
 * primary one. No rule finds anything wrong in it. What `RosterPackage` has is the first of each.
 */
export function makeWholeRoster(version: OneRosterVersion = '1.1', mode: FileMode = 'bulk'): RosterPackage {
  const roster = new RosterPackage(version, mode)
  roster.addRow('orgs', {
    sourcedId: 'school-2',
    name: 'Lincoln Middle',
    identifier: '',
    parentSourcedId: 'district-1',
  })
  roster.set('orgs', 2, 'type', 'school')
  const nextYear = { schoolYear: '2027', startDate: '2026-08-01', endDate: '2027-07-01' }
  roster.addRow('academicSessions', { sourcedId: 'year-2027', title: 'School year 2026-27', ...nextYear })
  const fall = { title: 'Next fall', type: 'term', parentSourcedId: 'year-2027', endDate: '2027-01-01' }
  roster.addRow('academicSessions', { sourcedId: 'fall-2026', ...nextYear, ...fall })
  for (const number of numbers) addPeople(roster, number)
  for (const number of numbers) addTeaching(roster, number)
  for (const [column, values] of Object.entries({ creditsAttempted: '1.0', creditsEarned: '0.5', gradeLevel: '09' })) {
    roster.addColumn('results', `metadata.${column}`, values)
  }
  if (version === '1.2') roster.rows('results').forEach((_, at) => roster.set('results', at, 'textScore', 'B'))
  return roster
}

function addPeople(roster: RosterPackage, number: number): void {
  const [student, teacher, parent] = [`student-${number}`, `teacher-${number}`, `parent-${number}`]
  const school = schoolOf(number)
  const relationship = relationships[number % relationships.length] ?? ''
  putUser(roster, student, names[number - 1], { role: 'student', school, grades: '09', agents: parent })
  putUser(roster, teacher, teacherNames[number - 1], { role: 'teacher', school })
  putUser(roster, parent, parentNames[number - 1], { role: relationship, school, agents: student })
  if (number > 2) {
    roster.addRow('demographics', { sourcedId: student, birthDate: `2010-03-${10 + number}`, sex: 'female' })
  }
}

type Person = { readonly role: string; readonly school: string; readonly grades?: string; readonly agents?: string }

function putUser(roster: RosterPackage, sourcedId: string, name: readonly string[] | undefined, person: Person): void {
  const [given = '', family = ''] = name ?? []
  const { role, school, grades = '', agents = '' } = person
  const username = `${given}.${family}`.toLowerCase().replaceAll("'", '')
  const cells: Cells = {
    ...{ sourcedId, username, grades, givenName: given, familyName: family, identifier: `no-${sourcedId}` },
    ...{ userIds: `{Fed:${username}},{LDAP:${sourcedId}}`, email: `${sourcedId}@example.org`, agentSourcedIds: agents },
    // Two people with one telephone would be one household.
    phone: `+15035551${{ s: 1, t: 2, p: 3 }[sourcedId[0] ?? '']}0${sourcedId.at(-1)}`,
  }
  const ofVersion: Cells =
    roster.version === '1.1' ? { role, orgSourcedIds: school } : { primaryOrgSourcedId: school, pronouns: 'they' }
  put(roster, 'users', { ...cells, ...ofVersion })
  if (roster.version === '1.2') {
    put(roster, 'roles', { sourcedId: `role-of-${sourcedId}`, userSourcedId: sourcedId, role, orgSourcedId: school })
  }
}

function addTeaching(roster: RosterPackage, number: number): void {
  const [course, rosterClass, school] = [`course-${number}`, `class-${number}`, schoolOf(number)]
  const term = number === wholeRosterSize ? 'fall-2026' : 'fall-2025'
  put(roster, 'courses', {
    ...{ sourcedId: course, title: `Biology ${number}`, courseCode: `BIO-${number}`, orgSourcedId: school },
    schoolYearSourcedId: term === 'fall-2026' ? 'year-2027' : 'year-2026',
  })
  put(roster, 'classes', {
    ...{ sourcedId: rosterClass, title: `Biology ${number}, period 1`, courseSourcedId: course, termSourcedIds: term },
    ...{ classCode: `BIO-${number}-1`, schoolSourcedId: school },
  })
  const inClass = { classSourcedId: rosterClass, schoolSourcedId: school, beginDate: '', endDate: '', primary: '' }
  const teach = (id: string, teacher: string, primary: string) =>
    put(roster, 'enrollments', { ...inClass, sourcedId: id, userSourcedId: teacher, role: 'teacher', primary })
  // Behind the other by the order of the keys, and before it because he is the primary one.
  if (number === 1) {
    teach('teaching-1b', 'teacher-2', 'true')
    put(roster, 'enrollments', { sourcedId: 'enrollment-1', primary: 'false' })
  } else teach(`teaching-${number}`, `teacher-${number}`, 'true')
  const student = `student-${number}`
  const taking = takingOf(number)
  put(roster, 'enrollments', {
    ...{ ...inClass, sourcedId: taking, userSourcedId: student, role: 'student' },
    ...(number === 1 && { beginDate: '2025-08-01', endDate: '2026-01-01' }),
  })
  const item = `item-${number}`
  const ofVersion: Cells = roster.version === '1.1' ? {} : { schoolSourcedId: school }
  const session = { gradingPeriodSourcedId: term, academicSessionSourcedId: term }
  const dates = term === 'fall-2026' ? { assignDate: '2026-09-01', dueDate: '2026-09-12' } : {}
  put(roster, 'lineItems', { sourcedId: item, classSourcedId: rosterClass, ...session, ...dates, ...ofVersion })
  put(roster, 'results', { sourcedId: `result-${number}`, lineItemSourcedId: item, studentSourcedId: student })
}

/** Sets cells of the row with this id, or adds one; columns that the version does not have are left out. */
function put(roster: RosterPackage, file: string, cells: Cells): void {
  const header = roster.header(file)
  const known = roster.rows(file).findIndex(([id]) => id === cells['sourcedId'])
  if (known < 0) roster.addRow(file, cells)
  else
    for (const [column, value] of Object.entries(cells)) {
      if (header.includes(column)) roster.set(file, known, column, value)
    }
}

/** From one. */
export function countTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at + 1)
}

/** The files that have rows of people. */
export const filesOfPeople = [
  'users',
  'demographics',
  'roles',
  'enrollments',
  'results',
  'userProfiles',
  'userResources',
]

/** Sets a cell of the row with this id. Throws where there is none. */
export function setCell(roster: RosterPackage, file: string, id: string, column: string, value: string): RosterPackage {
  const at = roster.rows(file).findIndex(([sourcedId]) => sourcedId === id)
  if (at < 0) throw new Error(`${file} has no ${id}`)
  return roster.set(file, at, column, value)
}

/** Says of a row of a delta that its record is gone, since a day after those of the others. */
export function withdraw(roster: RosterPackage, file: string, id: string): RosterPackage {
  setCell(roster, file, id, 'status', 'tobedeleted')
  return setCell(roster, file, id, 'dateLastModified', '2025-10-01T08:00:00.000Z')
}

/** In 1.2 roles.csv says who somebody is: gives back the role of a user who was taken out. */
export function giveBackRole(roster: RosterPackage, user: string): RosterPackage {
  if (roster.version === '1.1') return roster
  return roster.addRow('roles', { sourcedId: `role-of-${user}`, userSourcedId: user, role: 'student' })
}

/** Takes rows out: those of which any cell is this id, of each of the files. */
export function dropRows(roster: RosterPackage, files: readonly string[], id: string): RosterPackage {
  for (const file of files) {
    const rows = roster.rows(file)
    rows.splice(0, rows.length, ...rows.filter((cells) => !cells.some((cell) => cell.split(',').includes(id))))
  }
  return roster
}
