import assert from 'node:assert/strict'
import { openPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import type { OpenedPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import { PackageDamage } from '../../../../connectors/oneroster-csv/package/package-damage.ts'
import type { Finding, Profile } from '../../../../domain/import-rules/finding.ts'
import { memoryFile } from '../../../fixtures/memory-file.ts'
import { makeManifest, smallFiles, smallPackage } from '../../../fixtures/small-package.ts'
import { makeZip } from '../../../fixtures/zip-maker.ts'
import type { ZipPart } from '../../../fixtures/zip-maker.ts'

type Checked = { opened: OpenedPackage; findings: Finding[]; told: string[] }

/** Opens a package and reads its files to the end, as the check of rows does; `told` is `rule severity` of each. */
async function check(parts: readonly ZipPart[] | Buffer, profile: Profile = 'default'): Promise<Checked> {
  const findings: Finding[] = []
  const file = memoryFile(Buffer.isBuffer(parts) ? parts : makeZip(parts))
  const opened = await openPackage(file, { profile, sink: (finding) => findings.push(finding) })
  for (const entry of opened.files) {
    try {
      for await (const piece of entry.stream()) assert.ok(piece.length > 0)
    } catch (error) {
      assert.ok(error instanceof PackageDamage)
      findings.push(error.finding)
    }
  }
  assert.equal(file.openStreams(), 0)
  return { opened, findings, told: findings.map(({ rule, severity }) => `${rule} ${severity}`) }
}

async function assertTold(parts: readonly ZipPart[], expected: Record<Profile, readonly string[]>): Promise<void> {
  for (const profile of ['default', 'strict'] as const) {
    const { told } = await check(parts, profile)
    assert.deepEqual(told, expected[profile], profile)
  }
}

const both = (...told: string[]): Record<Profile, string[]> => ({ default: told, strict: told })
const beneath = (folder: string): ZipPart[] => smallPackage().map(({ name, data }) => ({ name: folder + name, data }))
const headers = (files: Readonly<Record<string, string>>): ZipPart[] =>
  Object.entries(files).map(([name, header]) => ({ name, data: `${header}\n` }))

describe('a package without fault', () => {
  it('opens in both profiles with its files in reading order', async () => {
    for (const profile of ['default', 'strict'] as const) {
      const { opened, findings } = await check(smallPackage(), profile)
      assert.deepEqual(findings, [])
      assert.equal(opened.isBlocked, false)
      assert.equal(opened.version, '1.1')
      assert.deepEqual(
        opened.files.map(({ name, fileName, mode }) => [name, fileName, mode]),
        [
          ['orgs', 'orgs.csv', 'bulk'],
          ['users', 'users.csv', 'bulk'],
        ],
      )
    }
  })

  it('may be 1.2 and carry changes', async () => {
    const manifest = makeManifest({ orgs: 'bulk', users: 'delta' }, { version: '1.2' })
    const { opened, findings } = await check(smallPackage({ 'manifest.csv': manifest }), 'strict')
    assert.deepEqual(findings, [])
    assert.equal(opened.version, '1.2')
    assert.equal(opened.files[1]?.mode, 'delta')
  })
})

describe('an archive that is broken or hostile', () => {
  const users = smallFiles['users.csv'] ?? ''
  const withUsers = (part: Partial<ZipPart>): ZipPart[] => [
    ...smallPackage({ 'users.csv': undefined }),
    { name: 'users.csv', data: users, ...part },
  ]

  it('is Z-01 when it is no archive, encrypted, or wrong in size or checksum', async () => {
    assert.deepEqual((await check(Buffer.from('not a ZIP'))).told, ['Z-01 block'])
    await assertTold(withUsers({ central: { flags: 1 } }), both('Z-01 block'))
    await assertTold(withUsers({ local: { crc32: 1 }, central: { crc32: 1 } }), both('Z-01 block'))
    await assertTold(withUsers({ local: { expandedBytes: 1 }, central: { expandedBytes: 1 } }), both('Z-01 block'))
    await assertTold(withUsers({ compressed: Buffer.alloc(99, 0xff) }), both('Z-01 block'))
  })

  it('is Z-01 when a file that is not read is damaged', async () => {
    const parts = [...smallPackage(), { name: '.DS_Store', data: 'x', local: { crc32: 1 }, central: { crc32: 1 } }]
    await assertTold(parts, { default: ['Z-07 info', 'Z-01 block'], strict: ['Z-07 block', 'Z-01 block'] })
  })

  it('is Z-01 when the manifest is damaged, and nothing is said of what it holds', async () => {
    const [, ...others] = smallPackage()
    const manifest = { name: 'manifest.csv', data: makeManifest(), local: { crc32: 1 }, central: { crc32: 1 } }
    await assertTold([manifest, ...others], both('Z-01 block'))
  })

  it('is Z-02 over 1 GiB, without being read', async () => {
    const findings: Finding[] = []
    const file = { ...memoryFile(Buffer.alloc(0)), sizeBytes: 2 ** 30 + 1 }
    await openPackage(file, { profile: 'default', sink: (finding) => findings.push(finding) })
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['Z-02'],
    )
  })

  it('is Z-03 when it is a bomb, even with a small size in its directory', async () => {
    const zeroes = Buffer.alloc(12 * 2 ** 20)
    const lie = { expandedBytes: 100 }
    await assertTold(withUsers({ data: zeroes }), both('Z-03 block'))
    await assertTold(withUsers({ data: zeroes, local: lie, central: lie }), both('Z-03 block'))
    const twin = {
      name: 'manifest2.csv',
      data: makeManifest(),
      isDirectoryOnly: true,
      central: { name: 'manifest.csv' },
    }
    await assertTold([...smallPackage(), twin], both('Z-03 block', 'Z-05 block'))
  })

  it('is Z-03 with too many entries', async () => {
    const parts = Array.from({ length: 1001 }, (_, i) => ({ name: `${String(i)}.csv` }))
    await assertTold(parts, both('Z-03 block'))
  })

  const dangerous = ['../x.csv', 'a/../../x.csv', '/x.csv', 'C:x.csv', 'a\\x.csv', '', 'a//x.csv', './x.csv', 'x\0.csv']
  for (const name of dangerous) {
    it(`is Z-04 with an entry named ${JSON.stringify(name)}`, async () => {
      await assertTold([...smallPackage(), { name }], both('Z-04 block'))
    })
  }

  it('is Z-04 with a symbolic link', async () => {
    const link = { name: 'results.csv', data: '/etc/passwd', central: { attributes: (0o120777 << 16) >>> 0 } }
    await assertTold([...smallPackage(), link], both('Z-04 block'))
  })

  it('is Z-05 with a name twice, also in other capitals', async () => {
    await assertTold([...smallPackage(), { name: 'users.csv', data: users }], both('Z-05 block'))
    await assertTold([...smallPackage(), { name: 'Users.CSV', data: users }], both('Z-05 block'))
  })

  it('tells every one of such faults', async () => {
    await assertTold(
      [...smallPackage(), { name: '../x' }, { name: 'orgs.csv' }, { name: 'y', central: { flags: 1 } }],
      both('Z-01 block', 'Z-04 block', 'Z-05 block'),
    )
  })
})

describe('the files of a package', () => {
  it('may lie in one folder, with a warning (Z-06), and keep their names', async () => {
    await assertTold(beneath('export/'), { default: ['Z-06 warning'], strict: ['Z-06 block'] })
    await assertTold([{ name: 'export/' }, ...beneath('export/')], {
      default: ['Z-06 warning'],
      strict: ['Z-06 block'],
    })
    const { opened } = await check(beneath('export/'))
    assert.deepEqual(
      opened.files.map(({ fileName }) => fileName),
      ['orgs.csv', 'users.csv'],
    )
  })

  it('may not lie in several folders, nor deeper (Z-06), and are then not called missing', async () => {
    await assertTold(beneath('a/b/'), both('Z-06 block'))
    await assertTold([...smallPackage(), { name: 'docs/' }], both('Z-06 block'))
    const [manifest, ...others] = smallPackage()
    assert.ok(manifest)
    await assertTold([manifest, ...others.map((part) => ({ ...part, name: `data/${part.name}` }))], both('Z-06 block'))
  })

  it('may have beside them what operating systems leave (Z-07), folder or not', async () => {
    const litter = [
      { name: '__MACOSX/' },
      { name: '__MACOSX/._users.csv', data: 'x' },
      { name: 'Thumbs.db', data: 'x' },
    ]
    await assertTold([...smallPackage(), ...litter], {
      default: ['Z-07 info', 'Z-07 info'],
      strict: ['Z-07 block', 'Z-07 block'],
    })
    const wrapped = await check([...beneath('export/'), { name: '__MACOSX/export/._users.csv' }])
    assert.deepEqual(wrapped.told, ['Z-06 warning', 'Z-07 info'])
  })

  it('may not have a ZIP among them, by name or by its first bytes (Z-08)', async () => {
    const inner = makeZip(smallPackage())
    await assertTold([...smallPackage(), { name: 'old.zip', data: 'x' }], both('Z-08 block'))
    await assertTold([...smallPackage(), { name: 'notes.csv', data: inner, isStored: true }], both('Z-08 block'))
    await assertTold([{ name: 'oneroster.zip', data: inner }], both('Z-08 block'))
  })

  it('are known by name (Z-09), to the version too (Z-10), and to the capitals (Z-11)', async () => {
    await assertTold([...smallPackage(), { name: 'notes.txt' }], { default: ['Z-09 warning'], strict: ['Z-09 block'] })
    await assertTold([...smallPackage(), { name: 'roles.csv', data: 'sourcedId\n' }], {
      default: ['Z-10 warning'],
      strict: ['Z-10 block'],
    })
    const renamed = smallPackage({ 'users.csv': undefined, 'Users.CSV': smallFiles['users.csv'] })
    await assertTold(renamed, { default: ['Z-11 warning'], strict: ['Z-11 block'] })
    assert.deepEqual(
      (await check(renamed)).opened.files.map(({ name, fileName }) => [name, fileName]),
      [
        ['orgs', 'orgs.csv'],
        ['users', 'Users.CSV'],
      ],
    )
  })
})

describe('a look-alike is named in one finding (Z-12)', () => {
  const oldFiles = {
    'users.csv':
      'sourcedId,status,dateLastModified,orgSourcedIds,role,username,userId,givenName,familyName,identifier,email,sms,phone,agents',
    'classes.csv':
      'sourcedId,status,dateLastModified,title,grade,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedId,subjects',
    'enrollments.csv': 'sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,status,dateLastModified,primary',
  }
  const lookAlikes: Record<string, [Record<string, string>, RegExp]> = {
    'OneRoster 1.0': [oldFiles, /OneRoster 1\.0/],
    'OneRoster 1.0 under a manifest of 1.1': [{ ...oldFiles, 'manifest.csv': makeManifest() }, /OneRoster 1\.0/],
    'OneRoster 1.0 with its enrollments alone': [{ 'enrollments.csv': oldFiles['enrollments.csv'] }, /OneRoster 1\.0/],
    'Microsoft SDS v2': [
      {
        'orgs.csv': 'sourcedId,name,type,parentSourcedId',
        'users.csv': 'sourcedId,orgSourcedIds,givenName,familyName,username,password,role,grade',
        'classes.csv': 'sourcedId,orgSourcedId,title',
        'enrollments.csv': 'classSourcedId,userSourcedId,role',
      },
      /School Data Sync v2,/,
    ],
    'Microsoft SDS v2.1': [
      {
        'orgs.csv': 'sourcedId,name,type,parentSourcedId',
        'users.csv': 'sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms',
        'roles.csv': 'userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate',
        'relationships.csv': 'userSourcedId,relationshipUserSourcedId,relationshipRole',
      },
      /School Data Sync v2\.1,/,
    ],
    'a database dump': [
      { 'classes.csv': 'classId_cl,sourcedId_cl,status_cl,term_cl', 'orgs.csv': 'orgId,sourcedId,status,name' },
      /database/,
    ],
    'something else': [
      { 'readme.txt': 'hello', 'students.csv': 'id,name', 'enrollments.csv': 'School_id,Id' },
      /no OneRoster/,
    ],
  }
  for (const [what, [files, message]] of Object.entries(lookAlikes)) {
    it(`as ${what}`, async () => {
      for (const profile of ['default', 'strict'] as const) {
        for (const extra of [[], [{ name: '__MACOSX/._x' }]]) {
          const { opened, told, findings } = await check([...headers(files), ...extra], profile)
          assert.deepEqual(told, ['Z-12 block'])
          assert.match(findings[0]?.message ?? '', message)
          assert.deepEqual(opened.files, [])
        }
      }
    })
  }

  it('and not when a 1.1 package has a slip of the pen, or lacks its manifest', async () => {
    const users = smallFiles['users.csv']?.replace('userIds', 'userId')
    assert.deepEqual((await check(smallPackage({ 'users.csv': users }))).told, [])
    await assertTold(smallPackage({ 'manifest.csv': undefined }), both('M-01 block'))
    const utf16 = Buffer.from(`\ufeff${smallFiles['orgs.csv'] ?? ''}`, 'utf16le')
    await assertTold([{ name: 'orgs.csv', data: utf16 }], both('M-01 block'))
  })
})

describe('a manifest', () => {
  it('is read by the rules on CSV as well', async () => {
    const withMark = smallPackage({ 'manifest.csv': `\ufeff${makeManifest()}` })
    await assertTold(withMark, both('C-02 info'))
    const utf16 = Buffer.from(`\ufeff${makeManifest()}`, 'utf16le')
    await assertTold(smallPackage({ 'manifest.csv': utf16 }), both('C-03 block'))
    await assertTold(smallPackage({ 'manifest.csv': `${makeManifest()}"` }), both('C-04 block'))
    const padded = makeManifest().replace('version,1.0', 'version, 1.0')
    await assertTold(smallPackage({ 'manifest.csv': padded }), { default: ['C-11 warning'], strict: ['M-04 block'] })
  })

  it('that is no manifest gets one finding', async () => {
    await assertTold(smallPackage({ 'manifest.csv': '' }), both('M-02 block'))
    await assertTold(
      smallPackage({ 'manifest.csv': '\n\n' }).map((part) => part),
      {
        default: ['C-08 info', 'C-08 info', 'M-02 block'],
        strict: ['C-08 error', 'C-08 error', 'M-02 block'],
      },
    )
    await assertTold(smallPackage({ 'manifest.csv': makeManifest().replaceAll(',', ';') }), both('M-02 block'))
    await assertTold(smallPackage({ 'manifest.csv': `${makeManifest()}${'x,y\n'.repeat(50_000)}` }), both('M-02 block'))
  })

  it('decides which files are read', async () => {
    const modes = { orgs: 'bulk', users: 'absent', courses: 'Bulk', classes: 'delta' }
    const { opened, told } = await check(
      smallPackage({ 'manifest.csv': makeManifest(modes), 'courses.csv': 'sourcedId\n' }),
    )
    assert.deepEqual(told, ['M-07 error', 'M-10 block', 'M-11 error'])
    assert.deepEqual(
      opened.files.map(({ name }) => name),
      ['orgs'],
    )
    assert.equal(opened.isBlocked, true)
  })
})
