import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'

/**
 * Students from OneRoster CSV as they are imported when nobody has mapped anything. `users.school` and
 * `users.federatedId` are computed columns: see README.md beside this file.
 */
export const defaultStudentMapping: MappingDocument = {
  fields: {
    sisId: { firstComplete: ['users.identifier', 'users.sourcedId'] },
    sourceKey: { from: 'users.sourcedId' },
    username: { from: 'users.username' },
    federatedId: { from: 'users.federatedId' },
    givenName: { from: 'users.givenName' },
    middleName: { from: 'users.middleName' },
    familyName: { from: 'users.familyName' },
    email: { from: 'users.email' },
    phone: { from: 'users.phone' },
    schoolId: { from: 'users.school' },
    gradeLevel: { from: 'users.grades', take: 'first' },
    classYear: { classYearFromGrade: 'users.grades' },
    birthDate: { from: 'demographics.birthDate' },
    sex: { from: 'demographics.sex' },
    ethnicity: { from: 'demographics.hispanicOrLatinoEthnicity' },
    race: {
      collect: [
        { code: 'americanIndianOrAlaskaNative', from: 'demographics.americanIndianOrAlaskaNative' },
        { code: 'asian', from: 'demographics.asian' },
        { code: 'blackOrAfricanAmerican', from: 'demographics.blackOrAfricanAmerican' },
        { code: 'nativeHawaiianOrOtherPacificIslander', from: 'demographics.nativeHawaiianOrOtherPacificIslander' },
        { code: 'white', from: 'demographics.white' },
        { code: 'demographicRaceTwoOrMoreRaces', from: 'demographics.demographicRaceTwoOrMoreRaces' },
      ],
    },
  },
  customFields: {},
  codes: { ethnicity: { true: 'hispanicOrLatino', false: '' } },
  academicYearTurnsOn: '07-01',
}
