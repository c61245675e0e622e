import { defineDataType } from './define-data-type.ts'

/**
 * What the district teaches, course by course. Credits, grades and subject area are expected and not required: OneRoster
 * has no place for the first (docs/decisions/0031-what-a-course-may-lack.md).
 */
export const courseCatalog = defineDataType({
  name: 'courseCatalog',
  table: 'course_catalog',
  stagedTable: 'staged_course_catalog',
  label: { one: 'course', many: 'courses' },
  fields: {
    courseId: { type: 'text', presence: 'required' },
    academicYear: { type: 'integer', presence: 'expected' },
    name: { type: 'text', presence: 'required' },
    subjectArea: { type: 'text', presence: 'expected' },
    credits: { type: 'decimal', presence: 'expected' },
    gradeLow: { type: 'text', presence: 'expected', codeSet: 'gradeLevel' },
    gradeHigh: { type: 'text', presence: 'expected', codeSet: 'gradeLevel' },
    stateId: { type: 'text' },
    scedSubject: { type: 'text' },
    scedCourse: { type: 'text' },
    status: { type: 'text', codeSet: 'courseStatus', isStatus: true },
    description: { type: 'text', isProse: true },
    instructionalLevel: { type: 'text', codeSet: 'instructionalLevel' },
    cte: { type: 'text', codeSet: 'trueOrFalse' },
    prerequisiteNote: { type: 'text', isProse: true },
    prerequisites: { type: 'text', many: true },
    corequisites: { type: 'text', many: true },
    recommended: { type: 'text', many: true },
    repeatable: { type: 'text', codeSet: 'trueOrFalse' },
    equivalencies: { type: 'text', many: true },
    creditType: { type: 'text' },
    gpaWeight: { type: 'decimal' },
    sourceKey: { type: 'text', isInternal: true },
  },
  matchKeys: ['courseId', 'sourceKey'],
  schoolField: null,
  resemblance: [['name', 'subjectArea']],
  after: [],
  isByHand: true,
  shownBy: 'courseId',
  named: ['name'],
})
