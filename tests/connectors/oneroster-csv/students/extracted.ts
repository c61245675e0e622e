import { oneRosterCsv } from '../../../../connectors/oneroster-csv/connector.ts'
import { OneRosterCsvSettings } from '../../../../connectors/oneroster-csv/settings.ts'
import { inputOf, memoryFile } from '../../../fixtures/memory-file.ts'
import { rosterDay, type PackageMember } from '../../../fixtures/roster-package.ts'
import { makeZip, type ZipPart } from '../../../fixtures/zip-maker.ts'

/** What a package yields, written down as it passes by: `id presence schools` of each student, and what is said of the whole. */
export async function extract(
  members: readonly ZipPart[],
  heldOrgs: readonly { readonly sourceKey: string; readonly type: string }[] = [],
) {
  const orgs: string[] = []
  const students: string[] = []
  const replaced: string[] = []
  const demographics: string[] = []
  const findings: string[] = []
  const report = await oneRosterCsv.extract(
    {
      settings: OneRosterCsvSettings.parse({}),
      dataType: 'students',
      input: inputOf(memoryFile(makeZip(members))),
      columns: { users: ['sourcedId', 'givenName', 'school'], demographics: ['sourcedId', 'birthDate'] },
      heldOrgs,
      today: rosterDay,
      signal: new AbortController().signal,
    },
    {
      org: ({ sourceKey, type }) => orgs.push(`${sourceKey} ${type}`),
      record: (record) => {
        if (record.collection === 'demographics') demographics.push(`${record.key()} ${record.presence}`)
        else students.push(`${record.key()} ${record.presence} ${record.value('school')}`.trim())
      },
      replace: (before, after) =>
        replaced.push(`${before.key()} ${before.presence} -> ${after.presence} ${after.value('school')}`),
      finding: ({ rule, file, line }) => findings.push(`${rule} ${file} ${line}`),
      drain: () => Promise.resolve(),
    },
  )
  return { report, orgs, students, replaced, demographics, findings }
}

/** The same of a package in whose manifest the files have other modes. */
export function withModes(members: readonly PackageMember[], modes: Readonly<Record<string, string>>) {
  return members
    .filter(({ name }) => modes[name.replace('.csv', '')] !== 'absent')
    .map((member) => {
      if (member.name !== 'manifest.csv') return member
      const changed = Object.entries(modes).reduce<string>(
        (text, [file, mode]) => text.replace(new RegExp(`file\\.${file},\\w+`), `file.${file},${mode}`),
        String(member.data),
      )
      return { ...member, data: changed }
    })
}
