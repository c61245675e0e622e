import { defineDataType } from './define-data-type.ts'

/** What a student takes now. */
export const currentCourses = defineDataType({
  name: 'currentCourses',
  table: 'current_courses',
  stagedTable: 'staged_current_courses',
  label: { one: 'current course', many: 'current courses' },
  fields: {
    studentId: { type: { references: 'students' }, presence: 'required' },
    courseId: { type: { references: 'courseCatalog' }, presence: 'required' },
    gradeLevel: { type: 'text', codeSet: 'gradeLevel' },
    term: { type: 'text' },
    courseName: { type: 'text' },
    teacher: { type: 'text' },
    creditsAttempted: { type: 'decimal' },
    status: { type: 'text', codeSet: 'courseProgress', always: 'inProgress' },
    sectionId: { type: 'text' },
    schoolId: { type: { references: 'orgs' } },
    beginDate: { type: 'date' },
    endDate: { type: 'date' },
    sourceKey: { type: 'text', presence: 'required', isInternal: true },
  },
  matchKeys: ['sourceKey'],
  schoolField: 'schoolId',
  resemblance: [['studentId', 'courseId', 'sectionId']],
  after: [],
  shownBy: 'sourceKey',
  named: ['courseName'],
})
