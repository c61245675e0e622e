import { defineDataType } from './define-data-type.ts'

/** People who work for the district. Who of the source's people that is, their roles say: those that are mapped. */
export const staff = defineDataType({
  name: 'staff',
  table: 'staff',
  stagedTable: 'staged_staff',
  label: { one: 'staff member', many: 'staff' },
  fields: {
    sisId: { type: 'text', presence: 'required' },
    sourceKey: { type: 'text' },
    givenName: { type: 'text', presence: 'required' },
    familyName: { type: 'text', presence: 'required' },
    email: { type: 'text', form: 'emailAddress', presence: 'required' },
    username: { type: 'text' },
    roles: { type: 'text', many: true, presence: 'required', codeSet: 'staffRole', isScope: true },
    schoolIds: { type: { references: 'orgs' }, many: true, presence: 'required' },
    enrollmentStatus: { type: 'text', codeSet: 'enrollmentStatus', isStatus: true },
  },
  matchKeys: ['sisId', 'sourceKey'],
  schoolField: 'schoolIds',
  resemblance: [
    ['givenName', 'familyName', 'email'],
    ['givenName', 'familyName', 'username'],
  ],
  matching: { givenName: 'givenName', familyName: 'familyName', email: 'email', username: 'username' },
  after: [],
  shownBy: 'sourceKey',
  named: ['givenName', 'familyName'],
})
