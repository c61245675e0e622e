import { defineDataType } from './define-data-type.ts'

/** Which school offers which course, so that students see only what their school offers. */
export const courseMapping = defineDataType({
  name: 'courseMapping',
  table: 'course_mapping',
  stagedTable: 'staged_course_mapping',
  label: { one: 'course of a school', many: 'courses of schools' },
  fields: {
    courseId: { type: { references: 'courseCatalog' }, presence: 'required' },
    schoolId: { type: { references: 'orgs' }, presence: 'required' },
    sourceKey: { type: 'text', presence: 'required', isInternal: true },
  },
  matchKeys: ['sourceKey'],
  schoolField: 'schoolId',
  resemblance: [['courseId', 'schoolId']],
  after: [],
  shownBy: 'sourceKey',
  named: [],
})
