import { defineDataType } from './define-data-type.ts'

/** Those who answer for students: parents, guardians, relatives. They belong to students, and to a school only by these. */
export const guardians = defineDataType({
  name: 'guardians',
  table: 'guardians',
  stagedTable: 'staged_guardians',
  label: { one: 'guardian', many: 'guardians' },
  fields: {
    sisId: { type: 'text', presence: 'required' },
    sourceKey: { type: 'text' },
    givenName: { type: 'text', presence: 'required' },
    familyName: { type: 'text', presence: 'required' },
    email: { type: 'text', form: 'emailAddress' },
    phone: { type: 'text' },
    username: { type: 'text' },
    relationship: { type: 'text', codeSet: 'relationship' },
    studentIds: { type: { references: 'students' }, many: true, presence: 'required' },
  },
  matchKeys: ['sisId', 'sourceKey'],
  schoolField: null,
  resemblance: [
    ['givenName', 'familyName', 'email'],
    ['givenName', 'familyName', 'phone'],
  ],
  matching: {
    givenName: 'givenName',
    familyName: 'familyName',
    email: 'email',
    phone: 'phone',
    username: 'username',
  },
  after: [],
  shownBy: 'sourceKey',
  named: ['givenName', 'familyName'],
})
