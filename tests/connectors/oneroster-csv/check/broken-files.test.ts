import assert from 'node:assert/strict'
import { checkPackage } from '../../../../connectors/oneroster-csv/check/check-package.ts'
import { openPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import type { Finding, Profile } from '../../../../domain/import-rules/finding.ts'
import type { OneRosterVersion } from '../../../../connectors/kit/one-roster/format/column.ts'
import { listDataFiles } from '../../../../connectors/kit/one-roster/format/files.ts'
import { memoryFile } from '../../../fixtures/memory-file.ts'
import { RosterPackage, rosterDay } from '../../../fixtures/roster-package.ts'
import { makeZip, type ZipPart } from '../../../fixtures/zip-maker.ts'

/** What can become of one file, and the one rule that may tell of it. */
type Damage = {
  readonly what: string
  readonly rule: string
  /** What else may be said of the same file. */
  readonly beside?: readonly string[]
  /** What becomes of the file; undefined: it is left out. */
  readonly spoil: (text: string) => Partial<ZipPart> | undefined
  /** What the manifest says of the file instead of `bulk`. */
  readonly mode?: string
}

const quoteInLine = (line: number) => (text: string) => {
  const lines = text.split('\r\n')
  return { data: lines.map((one, at) => (at === line ? `"${one}` : one)).join('\r\n') }
}

const damages: readonly Damage[] = [
  { what: 'breaks off in its first row', rule: 'C-04', spoil: quoteInLine(1) },
  { what: 'breaks off in its second row', rule: 'C-04', spoil: quoteInLine(2) },
  { what: 'is in UTF-16', rule: 'C-03', spoil: (text) => ({ data: Buffer.from(`\ufeff${text}`, 'utf16le') }) },
  {
    what: 'is in UTF-16 of the other order',
    rule: 'C-03',
    spoil: (text) => ({ data: Buffer.from(`\ufeff${text}`, 'utf16le').swap16() }),
  },
  { what: 'is in UTF-16 without a mark', rule: 'C-03', spoil: (text) => ({ data: Buffer.from(text, 'utf16le') }) },
  { what: 'is empty', rule: 'H-01', spoil: () => ({ data: '' }) },
  {
    what: 'lacks the column of its ids',
    rule: 'H-02',
    beside: ['H-07'],
    spoil: (text) => ({ data: text.replace('sourcedId', 'other') }),
  },
  { what: 'has a header of another format', rule: 'H-01', spoil: (text) => ({ data: text.replace(/^.*/, 'a,b') }) },
  {
    what: 'has a wrong checksum',
    rule: 'Z-01',
    spoil: (text) => ({ data: text, local: { crc32: 1 }, central: { crc32: 1 } }),
  },
  { what: 'is there and listed as absent', rule: 'M-11', spoil: (text) => ({ data: text }), mode: 'absent' },
  { what: 'is there with a mode of no meaning', rule: 'M-07', spoil: (text) => ({ data: text }), mode: 'full' },
  { what: 'is promised and not there', rule: 'M-10', spoil: () => undefined },
]

/** The strict profile asks most of 1.2, and a table for each profile of each version takes its time. */
const profilesOf: Readonly<Record<OneRosterVersion, readonly Profile[]>> = {
  '1.1': ['default'],
  '1.2': ['strict', 'default'],
}

/** A package in which each file has rows that later ones point to, and none without them. */
function makeRoster(version: OneRosterVersion): RosterPackage {
  const roster = new RosterPackage(version)
    .addRow('orgs', { sourcedId: 'school-2', type: 'school', name: 'North', parentSourcedId: 'district-1' })
    .addRow('classes', { sourcedId: 'class-2', schoolSourcedId: 'school-2' })
    .addRow('enrollments', { sourcedId: 'enrollment-4', classSourcedId: 'class-2', schoolSourcedId: 'school-2' })
    .addRow('enrollments', {
      ...{ sourcedId: 'enrollment-5', classSourcedId: 'class-2', schoolSourcedId: 'school-2' },
      ...{ userSourcedId: 'student-2', role: 'student', primary: '' },
    })
  const parent = { sourcedId: 'parent-1', username: 'par', identifier: 'par', email: '', userIds: '', grades: '' }
  if (version === '1.1') {
    roster.addRow('users', { ...parent, role: 'parent', agentSourcedIds: 'student-2' })
  } else {
    roster
      .addRow('users', { ...parent, agentSourcedIds: 'student-2' })
      .addRow('roles', { sourcedId: 'role-of-parent-1', userSourcedId: 'parent-1', role: 'parent' })
  }
  return roster.set('users', 1, 'agentSourcedIds', 'parent-1')
}

async function check(parts: readonly ZipPart[], profile: Profile): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  const sink = (finding: Finding) => findings.push(finding)
  const opened = await openPackage(memoryFile(makeZip(parts)), { profile, sink })
  await checkPackage(opened, { profile, sink, today: rosterDay })
  return findings
}

function spoilPart(parts: readonly ZipPart[], file: string, { spoil, mode }: Damage): ZipPart[] {
  return parts.flatMap((part) => {
    if (part.name === 'manifest.csv' && mode !== undefined) {
      return [{ ...part, data: String(part.data).replace(`file.${file},bulk`, `file.${file},${mode}`) }]
    }
    if (part.name !== `${file}.csv`) return [part]
    const spoilt = spoil(String(part.data))
    return spoilt === undefined ? [] : [{ ...part, ...spoilt }]
  })
}

const show = (findings: readonly Finding[]) =>
  findings.map(({ rule, severity, file, line, column }) => `${rule} ${severity} ${file} ${line} ${column}`).sort()

describe('a file that cannot be read, or not to its end,', () => {
  for (const version of ['1.1', '1.2'] as const) {
    it(`has nothing said against it while it is whole (${version})`, async () => {
      for (const profile of profilesOf[version]) {
        assert.deepEqual(show(await check(makeRoster(version).members(), profile)), [])
      }
    })
    for (const damage of damages) {
      it(`and ${damage.what} is told once, and nothing follows for the others (${version})`, async () => {
        for (const profile of profilesOf[version]) {
          for (const file of listDataFiles(version)) {
            // The only row of some files cannot break off in a second one.
            if (makeRoster(version).rows(file).length < 2 && damage.what.includes('second')) continue
            const findings = await check(spoilPart(makeRoster(version).members(), file, damage), profile)
            const place = damage.rule.startsWith('M') ? 'manifest.csv' : `${file}.csv`
            const told = findings.map(({ rule, file: where }) => `${rule} ${String(where)}`)
            const beside = (damage.beside ?? []).map((rule) => `${rule} ${place}`)
            assert.deepEqual(
              [...new Set(told)].filter((one) => !beside.includes(one)),
              [`${damage.rule} ${place}`],
              `${profile} ${file}: ${show(findings).join('; ')}`,
            )
          }
        }
      })
    }
  }
})

describe('a file without one of its columns', () => {
  for (const version of ['1.1', '1.2'] as const) {
    it(`has nothing follow for the others (${version})`, async () => {
      for (const file of listDataFiles(version)) {
        for (const column of makeRoster(version).header(file)) {
          const parts = makeRoster(version).dropColumn(file, column).members()
          for (const profile of profilesOf[version].slice(0, 1)) {
            const others = (await check(parts, profile)).filter((finding) => finding.file !== `${file}.csv`)
            assert.deepEqual(show(others), [], `${profile} ${file}.${column}`)
          }
        }
      }
    })
  }
})

describe('a manifest that cannot be read', () => {
  const ways: readonly (readonly [rule: string, part: (data: string) => Partial<ZipPart>])[] = [
    ['C-03', (data) => ({ data: Buffer.from(`\ufeff${data}`, 'utf16le') })],
    ['C-03', (data) => ({ data: Buffer.from(data, 'utf16le') })],
    ['C-04', (data) => ({ data: data.replace('oneroster.version', '"oneroster.version') })],
    ['Z-01', (data) => ({ data, local: { crc32: 1 }, central: { crc32: 1 } })],
  ]
  for (const [rule, spoil] of ways) {
    it(`is told by ${rule} alone`, async () => {
      const parts = makeRoster('1.1')
        .members()
        .map((part) => (part.name === 'manifest.csv' ? { ...part, ...spoil(String(part.data)) } : part))
      assert.deepEqual(
        (await check(parts, 'default')).map((finding) => `${finding.rule} ${String(finding.file)}`),
        [`${rule} manifest.csv`],
      )
    })
  }
})

describe('a row that is refused', () => {
  const follows = async (roster: RosterPackage) =>
    (await check(roster.members(), 'default')).filter(({ rule }) => !rule.startsWith('F-'))

  it('is said to be refused where others point to it, and not to be unknown', async () => {
    const refused = await follows(makeRoster('1.1').set('orgs', 2, 'type', 'circus'))
    assert.ok(refused.length > 0)
    for (const { rule, message } of refused) {
      assert.equal(rule, 'R-05')
      assert.match(message, /was refused/)
    }
    const unknown = await follows(makeRoster('1.1').set('classes', 1, 'schoolSourcedId', 'nowhere'))
    const inClasses = unknown.find(({ file }) => file === 'classes.csv')
    assert.match(inClasses?.message ?? '', /There is no record of this id/)
  })

  it('is said to be refused where demographics belong to it', async () => {
    const findings = await follows(makeRoster('1.1').set('users', 0, 'enabledUser', 'yes'))
    assert.match(findings.find(({ rule }) => rule === 'S-19')?.message ?? '', /was refused/)
  })

  it('counts as sent where the question is who has none', async () => {
    const roster = makeRoster('1.1')
    for (const [row] of roster.rows('enrollments').entries()) roster.set('enrollments', row, 'endDate', 'soon')
    assert.deepEqual(show(await follows(roster)), [])
  })

  it('of roles.csv leaves its user with a role', async () => {
    const roster = makeRoster('1.2').set('roles', 0, 'beginDate', 'soon')
    assert.deepEqual(show(await follows(roster)), [])
  })

  it('says nothing of who else lists it as an agent', async () => {
    const roster = makeRoster('1.1')
      .set('users', 2, 'agentSourcedIds', 'student-2')
      .set('users', 3, 'enabledUser', 'yes')
    const rules = (await follows(roster)).map(({ rule, line }) => `${rule} ${String(line)}`)
    assert.deepEqual(
      rules.filter((rule) => rule.startsWith('R-09')),
      ['R-09 4'],
    )
  })
})
