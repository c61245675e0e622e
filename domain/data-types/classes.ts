import { defineDataType } from './define-data-type.ts'

/** A course taught to a group. One without a teacher whom we hold is not imported. */
export const classes = defineDataType({
  name: 'classes',
  table: 'classes',
  stagedTable: 'staged_classes',
  label: { one: 'class', many: 'classes' },
  fields: {
    sisId: { type: 'text', presence: 'required' },
    title: { type: 'text', presence: 'required' },
    courseCode: { type: 'text', presence: 'required' },
    schoolId: { type: { references: 'orgs' }, presence: 'required' },
    termIds: { type: 'text', many: true, presence: 'required' },
    subject: { type: 'text' },
    grades: { type: 'text', many: true, codeSet: 'gradeLevel' },
    periods: { type: 'text', many: true },
    teacherIds: {
      type: { references: 'staff' },
      many: true,
      presence: 'required',
      mostOfEach: 'coTeacherClasses',
    },
    sourceKey: { type: 'text', isInternal: true },
  },
  matchKeys: ['sisId', 'sourceKey'],
  schoolField: 'schoolId',
  resemblance: [['title', 'courseCode', 'schoolId', 'termIds']],
  after: [],
  shownBy: 'sourceKey',
  named: ['title'],
})
