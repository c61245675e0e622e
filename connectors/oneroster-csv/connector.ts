import type { Connector } from '../connector.ts'
import { createDropSource, findDropProblem, testDrop } from '../kit/drop/drop-source.ts'
import { defaultStudentMapping } from './field-mapping.ts'
import { OneRosterCsvSettings } from './settings.ts'
import { extractStudents } from './students/extract-students.ts'

const demographicColumns = [
  ...['birthDate', 'sex', 'americanIndianOrAlaskaNative', 'asian', 'blackOrAfricanAmerican'],
  ...['nativeHawaiianOrOtherPacificIslander', 'white', 'demographicRaceTwoOrMoreRaces', 'hispanicOrLatinoEthnicity'],
  ...['countryOfBirthCode', 'stateOfBirthAbbreviation', 'cityOfBirth', 'publicSchoolResidenceStatus'],
]

/** OneRoster 1.1 and 1.2 CSV packages: a ZIP that is uploaded, or fetched from a folder or an SFTP server. */
export const oneRosterCsv: Connector<OneRosterCsvSettings> = {
  id: 'oneroster-csv',
  label: 'OneRoster CSV package',
  dataTypes: ['students'],
  settings: OneRosterCsvSettings,
  takesUpload: true,
  collections: () => [
    {
      name: 'users',
      columns: [
        ...['sourcedId', 'school', 'federatedId', 'username', 'givenName', 'familyName', 'middleName', 'identifier'],
        ...['email', 'sms', 'phone', 'grades', 'userMasterIdentifier', 'preferredGivenName', 'preferredMiddleName'],
        ...['preferredFamilyName', 'pronouns'],
      ],
    },
    { name: 'demographics', columns: demographicColumns },
  ],
  defaultMapping: () => defaultStudentMapping,
  findSettingsProblem: async ({ source }, surroundings) =>
    source === undefined ? undefined : await findDropProblem(source, surroundings),
  // A package that comes by upload leaves nobody to call: valid settings are all that can be tested then.
  test: async ({ source }, surroundings = {}) =>
    source === undefined ? { isConnected: true } : await testDrop(source, surroundings),
  source: createDropSource(({ source }) => source),
  extract: extractStudents,
}
