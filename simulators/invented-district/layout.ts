import { inventStudent, type InventedStudent } from '../oneroster-package/invented-people.ts'
import { schoolSourcedId } from '../oneroster-package/make-package.ts'

export type DistrictRequest = {
  readonly seed: number
  readonly students: number
  /** One school for so many students on average; 600 by default. */
  readonly studentsPerSchool?: number
  /** Day 1 by default; on each later day some people come, some leave and some values change. */
  readonly day?: number
  /** Which school year is the present one (YYYY-MM-DD); 2 November 2026 by default. */
  readonly today?: string
}

export const grades = ['KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const
export const gradesBefore = ['PK', ...grades.slice(0, -1)]

/** The first is the homeroom. Codes are invented in the form of SCED. */
export const subjects = [
  { title: 'Homeroom', subject: 'Homeroom', code: '22106' },
  { title: 'English', subject: 'English Language Arts', code: '01001' },
  { title: 'Mathematics', subject: 'Mathematics', code: '02001' },
  { title: 'Science', subject: 'Science', code: '03001' },
  { title: 'Social Studies', subject: 'Social Studies', code: '04001' },
  { title: 'Français', subject: 'World Languages', code: '06121' },
  { title: 'Art & Music', subject: 'Fine Arts', code: '05154' },
  { title: 'Physical Education', subject: 'Physical Education', code: '08001' },
] as const

/** How many of what there are, and who is where: every number of the district follows from the request. */
export type Layout = {
  readonly seed: number
  readonly day: number
  readonly schools: number
  /** With those who came on later days. */
  readonly students: number
  readonly firstDayStudents: number
  readonly sections: number
  /** In a school, of this year. */
  readonly classesPerSchool: number
  readonly teachersPerSchool: number
  /** Students 1 and 2 are a family, 3 and 4, and so on. */
  readonly families: number
  /** The calendar year in which the present school year began. */
  readonly startYear: number
  /** 04:00 of day 1, in milliseconds since 1970: what is of that day was there by then. */
  readonly firstNight: number
  studentOf(number: number): InventedStudent
}

/** Sisters and brothers have numbers next to each other. */
export const childrenPerFamily = 2

export function layOut(request: DistrictRequest): Layout {
  const perSchool = request.studentsPerSchool ?? 600
  const day = request.day ?? 1
  const schools = Math.max(2, Math.ceil(request.students / perSchool))
  const sections = Math.max(1, Math.ceil(perSchool / grades.length / 25))
  const classesPerSchool = grades.length * subjects.length * sections
  const startYear = startYearOf(request.today ?? '2026-11-02')
  const students = request.students + (day - 1) * Math.ceil(request.students / 100)
  let last: { readonly number: number; readonly student: InventedStudent } | undefined
  return {
    seed: request.seed,
    day,
    schools,
    students,
    firstDayStudents: request.students,
    sections,
    classesPerSchool,
    teachersPerSchool: Math.max(2, Math.ceil(classesPerSchool / 6)),
    families: Math.ceil(students / childrenPerFamily),
    startYear,
    firstNight: Date.UTC(startYear, 8, 1, 4),
    studentOf(number) {
      // The nine enrollments of a student follow each other.
      if (last?.number !== number) last = { number, student: inventStudent(request.seed, number, schools) }
      return last.student
    },
  }
}

/** A school year turns over on 1 July, in which nobody is at school. */
function startYearOf(today: string): number {
  const year = Number(today.slice(0, 4))
  return Number(today.slice(5, 7)) >= 7 ? year : year - 1
}

/** School `index` from 0. */
export function schoolAt(layout: Layout, index: number): string {
  return schoolSourcedId(1 + (index % layout.schools))
}

export function gradeIndexOf(student: InventedStudent): number {
  return grades.findIndex((grade) => grade === student.grade)
}

/** Somebody at two schools is at this one too; every 40th student. */
export function secondSchoolIndexOf(layout: Layout, number: number): number | undefined {
  return number % 40 === 7 ? layout.studentOf(number).schoolNumber % layout.schools : undefined
}
