import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceLook } from '../../../connectors/connector.ts'
import { createDropSource } from '../../../connectors/kit/drop/drop-source.ts'
import type { DropSettings } from '../../../connectors/kit/drop/drop-settings.ts'
import { decideCases } from '../../../db/resolution/decide-cases.ts'
import { listCases } from '../../../db/resolution/list-cases.ts'
import { openResolution } from '../../../db/resolution/open-resolution.ts'
import { withDistrict } from '../../../db/database.ts'
import { findConfiguration, insertMappingVersion, upsertConfiguration } from '../../../db/connect/configurations.ts'
import { students } from '../../../domain/data-types/students.ts'
import type { MappingDocument } from '../../../domain/mapping/mapping-document.ts'
import { listDataFiles } from '../../../connectors/kit/one-roster/format/files.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { faultsOfPages, pagesOf, type Page } from '../../conformance/pages-of-a-roster.ts'
import type { PackagePupil } from '../../fixtures/pupil-package.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import type { ImportRig } from '../import-rig.ts'
import { changeSchoolsOf } from './schools/school-changes.ts'
import { bring, bringPages, bringPupils, bringRows, type RunCase, type ShownByRun } from './rule-run.ts'

const whole = () => new RosterPackage()

/** After a package without fault, one that was spoilt. */
const spoilt =
  (spoil: (roster: RosterPackage) => RosterPackage): RunCase['happen'] =>
  async (rig) => {
    await bring(rig, whole())
    return bring(rig, spoil(whole()))
  }

/** Once more, after a decision about the school that all belong to. */
const decided =
  (action: 'unmatch' | 'leaveOut'): RunCase['happen'] =>
  async (rig) => {
    await bring(rig, whole())
    await changeSchoolsOf(rig, [{ action, sourceKey: 'school-1' }])
    return bring(rig, whole())
  }

const pupils = (change: (pupil: PackagePupil, at: number) => PackagePupil | undefined = (pupil) => pupil) =>
  Array.from({ length: 12 }, (_, at) => change({ id: `p${at}`, birthDate: `2015-03-${10 + at}` }, at)).filter(
    (pupil) => pupil !== undefined,
  )

/** After twelve pupils, the same in some other way. */
const changed =
  (change: (pupil: PackagePupil, at: number) => PackagePupil | undefined): RunCase['happen'] =>
  async (rig) => {
    await bringPupils(rig, { pupils: pupils() })
    return bringPupils(rig, { pupils: pupils(change) })
  }

/** The first student alone, changed on a day. */
function delta(day: string, cells: Readonly<Record<string, string>>): RosterPackage {
  const roster = new RosterPackage('1.1', 'delta')
  for (const file of listDataFiles('1.1')) if (file !== 'users') roster.leaveOut(file)
  roster.rows('users').splice(1)
  for (const [column, value] of Object.entries({ dateLastModified: `${day}T08:00:00.000Z`, ...cells })) {
    roster.set('users', 0, column, value)
  }
  return roster
}

const newStudent = (roster: RosterPackage, id: string, cells: Readonly<Record<string, string>>) =>
  roster.addRow('users', { sourcedId: id, username: id, email: '', userIds: '', identifier: `no-${id}`, ...cells })

const exchange = (roster: RosterPackage) =>
  roster.set('users', 0, 'identifier', 'no-student-2').set('users', 1, 'identifier', 'no-student-1')

async function leaveAsHeld(rig: ImportRig): Promise<ShownByRun> {
  await bring(rig, whole())
  await bring(rig, exchange(whole()))
  const { districtId } = rig
  await withDistrict(rig.db, districtId, async (trx) => {
    const cases = await listCases(trx, { districtId })
    const decisions = cases.map(({ id }) => ({ caseId: id, action: 'leave' as const }))
    await decideCases(trx, { districtId, by: 'operator-7', decisions })
    const newRun = () => ({ id: randomUUID(), workflowId: randomUUID() })
    await openResolution(trx, { districtId, by: 'operator-7', dataType: students, newRun })
  })
  // Other bytes with the same ids.
  return bring(rig, exchange(whole()).set('orgs', 0, 'name', 'Lincoln'))
}

/** Under another mapping, which is as it was afterwards. */
const remapped =
  (change: (mapping: MappingDocument) => MappingDocument, dataType = 'students'): RunCase['happen'] =>
  async (rig) => {
    await bring(rig, whole(), dataType)
    const before = await changeMapping(rig, change, dataType)
    try {
      return await bring(rig, whole(), dataType)
    } finally {
      await changeMapping(rig, () => before, dataType)
    }
  }

/** The teacher beside another one in so many classes more. */
function teachesBeside(roster: RosterPackage, count: number): RosterPackage {
  newStudent(roster, 'teacher-2', { role: 'teacher', email: 'teacher-2@example.org' })
  for (let at = 0; at < count; at++) {
    const sourcedId = `class-${at + 10}`
    roster.addRow('classes', { sourcedId })
    roster.addRow('enrollments', { sourcedId: `first-${at}`, classSourcedId: sourcedId, userSourcedId: 'teacher-2' })
    roster.addRow('enrollments', { sourcedId: `beside-${at}`, classSourcedId: sourcedId, primary: 'false' })
  }
  return roster
}

async function changeMapping(
  rig: ImportRig,
  change: (mapping: MappingDocument) => MappingDocument,
  dataType = 'students',
): Promise<MappingDocument> {
  const { districtId } = rig
  return withDistrict(rig.db, districtId, async (trx) => {
    const { id: connectionId } = await trx.selectFrom('connections').select('id').executeTakeFirstOrThrow()
    const of = { districtId, connectionId, dataType }
    const configuration = await findConfiguration(trx, of)
    if (configuration === undefined) throw new Error('the connection has no configuration')
    const { mapping, isEnabled } = configuration
    const version = await insertMappingVersion(trx, { ...of, document: change(mapping), createdBy: 'operator-7' })
    await upsertConfiguration(trx, { ...of, mappingVersionId: version.id, isEnabled })
    return mapping
  })
}

/** Half of a package in a watched folder, and no other. */
async function fetchHalf(): Promise<ShownByRun> {
  const directory = makeTemporaryDirectory()
  try {
    const folder = join(directory.path, 'drop')
    mkdirSync(folder)
    writeFileSync(join(folder, 'today.zip'), makeZip(whole().members()).subarray(0, -30))
    const settings: DropSettings = { kind: 'folder', path: '.', settleSeconds: 0.02, patienceMinutes: 0.001 }
    const source = createDropSource((of: DropSettings) => of)
    let earlier: SourceLook | undefined
    for (let minute = 0; ; minute++) {
      const outcome = await source.fetch({
        ...{ settings, surroundings: { folderRoot: folder }, known: undefined, earlier },
        ...{ signal: new AbortController().signal, now: new Date(minute * 60_000) },
        receive: () => Promise.resolve(),
      })
      if (outcome.kind === 'wait') earlier = outcome.look
      else return { told: [], limits: [], refusal: 'reason' in outcome ? outcome.reason : undefined }
    }
  } finally {
    directory.remove()
  }
}

/** Z and M, as far as only a run can look. */
const packageCases: readonly RunCase[] = [
  { rule: 'Z-13', tells: 'info', happen: spoilt((roster) => roster) },
  { rule: 'Z-14', refuses: /Z-14/, happen: fetchHalf },
  { rule: 'M-12', tells: 'warning', happen: spoilt((roster) => roster.leaveOut('courseResources')) },
  { rule: 'M-13', refuses: /no users\.csv that is read/, happen: (rig) => bring(rig, whole().leaveOut('users')) },
]

const changeSafetyCases: readonly RunCase[] = [
  { rule: 'D-01', holds: 'deactivations', happen: changed((pupil, at) => (at < 6 ? pupil : undefined)) },
  {
    rule: 'D-01',
    refuses: /no student in it is usable/,
    happen: async (rig) => {
      await bringPupils(rig, { pupils: pupils() })
      return bringPupils(rig, { pupils: [] })
    },
  },
  { rule: 'D-02', holds: 'idSchemeChange', happen: changed((pupil) => ({ ...pupil, id: `new-${pupil.id}` })) },
  { rule: 'D-03', holds: 'schoolMoves', happen: changed((pupil, at) => (at < 7 ? { ...pupil, orgs: 'S2' } : pupil)) },
  {
    rule: 'D-04',
    holds: 'errorFindings',
    happen: changed((pupil, at) => (at < 6 ? { ...pupil, familyName: '' } : pupil)),
  },
  {
    rule: 'D-05',
    tells: 'warning',
    happen: async (rig) => {
      await bring(rig, whole())
      await bring(rig, delta('2025-09-10', { phone: '1' }))
      return bring(rig, delta('2025-09-05', { phone: '0' }))
    },
  },
  {
    rule: 'D-06',
    tells: 'info',
    happen: async (rig) => {
      await bring(rig, whole())
      return bring(rig, delta('2025-09-10', { sourcedId: 'nobody', identifier: 'no-one', status: 'tobedeleted' }))
    },
  },
  { rule: 'D-07', tells: 'block', happen: (rig) => bring(rig, delta('2025-09-10', {})) },
  {
    rule: 'D-08',
    holds: 'otherMode',
    happen: async (rig) => {
      await bringPupils(rig, { pupils: pupils() })
      await bringPupils(rig, { pupils: [{ id: 'p0', grade: '06' }], isDelta: true })
      return bringPupils(rig, { pupils: pupils().slice(0, -1) })
    },
  },
  {
    rule: 'D-08',
    holds: 'otherVersion',
    happen: async (rig) => {
      await bring(rig, whole())
      return bring(rig, new RosterPackage('1.2').set('users', 0, 'phone', '1'))
    },
  },
]

const importCases: readonly RunCase[] = [
  {
    rule: 'I-01',
    tells: 'error',
    happen: spoilt((roster) =>
      newStudent(newStudent(roster, 'student-8', {}), 'student-9', { identifier: 'no-student-8' }),
    ),
  },
  { rule: 'I-03', tells: 'error', happen: spoilt((roster) => newStudent(roster, 'student-9', { identifier: '' })) },
  {
    rule: 'I-04',
    tells: 'warning',
    happen: remapped((mapping) => ({
      ...mapping,
      fields: { ...mapping.fields, gpaWeighted: { from: 'users.givenName' } },
    })),
  },
  {
    rule: 'I-05',
    tells: 'warning',
    happen: remapped((mapping) => ({ ...mapping, codes: { ...mapping.codes, sex: { female: 'female' } } })),
  },
  { rule: 'I-06', tells: 'warning', happen: spoilt((roster) => roster.set('users', 0, 'orgSourcedIds', 'district-1')) },
  {
    rule: 'I-07',
    tells: 'warning',
    happen: spoilt((roster) => roster.set('demographics', 0, 'birthDate', '1899-05-17')),
  },
  {
    rule: 'I-09',
    tells: 'error',
    happen: (rig) => bring(rig, new RosterPackage('1.2').set('roles', 0, 'role', 'pupil')),
  },
  { rule: 'I-11', tells: 'error', happen: spoilt(exchange) },
  { rule: 'I-12', tells: 'error', happen: leaveAsHeld },
  { rule: 'I-13', tells: 'warning', happen: spoilt((roster) => roster.set('users', 0, 'identifier', '')) },
  { rule: 'I-14', tells: 'error', happen: (rig) => bring(rig, whole(), 'classes') },
  {
    rule: 'I-15',
    tells: 'warning',
    happen: async (rig) => {
      await bring(rig, whole())
      const agents = { role: 'parent', agentSourcedIds: 'student-1,teacher-1' }
      return bring(rig, newStudent(whole(), 'parent-1', agents), 'guardians')
    },
  },
  {
    rule: 'I-16',
    tells: 'warning',
    happen: async (rig) => {
      await bring(rig, teachesBeside(whole(), 26), 'staff')
      return bring(rig, teachesBeside(whole(), 26), 'classes')
    },
  },
  {
    rule: 'I-17',
    tells: 'info',
    happen: remapped((mapping) => ({ ...mapping, codes: { roles: { aide: 'aide' } } }), 'staff'),
  },
  { rule: 'I-31', tells: 'warning', happen: decided('unmatch') },
  { rule: 'I-32', tells: 'info', happen: decided('leaveOut') },
  {
    rule: 'I-18',
    tells: 'warning',
    from: 'pages',
    happen: (rig) => {
      const pages = pagesOf(new RosterPackage('1.2'))
      return bringPages(rig, faultsOfPages['fewerThanItSays']?.(pages) ?? [])
    },
  },
]

const unheard = (page: Page): Page => ({ ...page, facts: page.collection === 'users' ? { changes: 'unheard' } : {} })

const plain = { id: 'k1', no: '1', given: 'Ada', family: 'Quist', school: 'S1' }
const plainRow =
  (change: Readonly<Record<string, string>>): RunCase['happen'] =>
  (rig) =>
    bringRows(rig, { schools: [{ id: 'S1', name: 'Franklin High' }], people: [{ ...plain, ...change }] })

/** More of them: tests/activities/stage/rules-for-every-source.test.ts. */
const valueCases: readonly RunCase[] = [
  { rule: 'I-19', tells: 'error', from: 'rows', happen: plainRow({ id: 'k'.repeat(601) }) },
  { rule: 'I-19', tells: 'warning', happen: spoilt((roster) => roster.set('users', 0, 'middleName', 'x'.repeat(501))) },
  { rule: 'I-20', tells: 'warning', from: 'rows', happen: plainRow({ given: 'A\0da' }) },
  {
    rule: 'I-22',
    tells: 'info',
    from: 'pages',
    happen: (rig) => bringPages(rig, pagesOf(new RosterPackage('1.2')).map(unheard)),
  },
  {
    rule: 'I-23',
    tells: 'block',
    happen: remapped((mapping) => ({ ...mapping, customFields: { lunch: 'users.metadata.lunch' } })),
  },
  { rule: 'I-21', tells: 'warning', from: 'rows', happen: plainRow({ mail: 'ada at home' }) },
]

/** For every rule of scope `run` how it fires; two for one that holds for two reasons. */
export const runCases: readonly RunCase[] = [...packageCases, ...changeSafetyCases, ...importCases, ...valueCases]
