import { defineDataType } from './define-data-type.ts'

/** What a student has taken, with the credits that it brought. */
export const courseHistory = defineDataType({
  name: 'courseHistory',
  table: 'course_history',
  stagedTable: 'staged_course_history',
  label: { one: 'course taken', many: 'courses taken' },
  fields: {
    studentId: { type: { references: 'students' }, presence: 'required' },
    courseId: { type: { references: 'courseCatalog' }, presence: 'required' },
    gradeLevel: { type: 'text', presence: 'required', codeSet: 'gradeLevel' },
    term: { type: 'text' },
    courseName: { type: 'text' },
    teacher: { type: 'text' },
    creditsAttempted: { type: 'decimal', presence: 'required' },
    creditsEarned: { type: 'decimal', presence: 'required' },
    letterGrade: { type: 'text' },
    score: { type: 'decimal' },
    status: { type: 'text', codeSet: 'courseProgress', always: 'completed' },
    sectionId: { type: 'text' },
    schoolId: { type: { references: 'orgs' } },
    academicYear: { type: 'integer' },
    sourceKey: { type: 'text', presence: 'required', isInternal: true },
  },
  matchKeys: ['sourceKey'],
  schoolField: 'schoolId',
  resemblance: [['studentId', 'courseId', 'term', 'academicYear']],
  after: [],
  shownBy: 'sourceKey',
  named: ['courseName'],
})
