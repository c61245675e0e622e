import { defineDataType } from './define-data-type.ts'

/** A student's or a staff member's place in a class. */
export const enrollments = defineDataType({
  name: 'enrollments',
  table: 'enrollments',
  stagedTable: 'staged_enrollments',
  label: { one: 'enrollment', many: 'enrollments' },
  fields: {
    sisId: { type: 'text', presence: 'required' },
    classId: { type: { references: 'classes' }, presence: 'required' },
    userId: { type: { references: ['students', 'staff'] }, presence: 'required' },
    role: { type: 'text', presence: 'required', codeSet: 'enrollmentRole' },
    beginDate: { type: 'date' },
    endDate: { type: 'date' },
    primary: { type: 'text', codeSet: 'trueOrFalse' },
    sourceKey: { type: 'text', isInternal: true },
    schoolId: { type: { references: 'orgs' }, isInternal: true },
  },
  matchKeys: ['sisId', 'sourceKey'],
  schoolField: 'schoolId',
  resemblance: [['classId', 'userId', 'role']],
  after: [],
  shownBy: 'sourceKey',
  named: [],
})
