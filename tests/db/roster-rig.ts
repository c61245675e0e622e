import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Kysely } from 'kysely'
import pg from 'pg'
import type { z } from 'zod'
import { createDatabase, withDistrict, type Database } from '../../db/database.ts'
import { applyPlan, type ApplyPlanRequest } from '../../db/plan/apply/apply-plan.ts'
import { buildPlan, type StoredPlan } from '../../db/plan/build-plan.ts'
import { isPlannedCreate } from '../../db/staging/planned-creates.ts'
import { insertConnection } from '../../db/connect/connections.ts'
import { insertDistrict } from '../../db/access/districts.ts'
import { noteSourceSchools } from '../../db/records/source-schools.ts'
import { insertRun, updateRunBase, updateRunInput, updateRunStaging } from '../../db/import/runs.ts'
import { readHeldDigests } from '../../db/staging/held-digests.ts'
import { stagedKind, type StagedParts } from '../../db/staging/staged-parts.ts'
import { createStagingSession } from '../../db/staging/staging-session.ts'
import { students } from '../../domain/data-types/students.ts'
import { Hash64 } from '../../domain/hash64.ts'
import { ImportSettings } from '../../domain/plan/import-settings.ts'
import { createTestDatabase } from '../harness/database.ts'

/** A row of the primary collection, and of the supplement where it has a birth date. */
export type Pupil = {
  readonly key: string
  /** Null: blank at the source, which is compared whole in every run. */
  readonly sisId?: string | null
  readonly givenName?: string
  readonly familyName?: string
  readonly email?: string | null
  readonly homeroom?: string | null
  readonly school?: string
  /** All that the source lists, `school` the first of them. */
  readonly schools?: readonly string[]
  readonly bus?: string
  readonly birthDate?: string
  readonly kind?: keyof typeof stagedKind
  /** When the source changed the row, and what the supplement has of it. */
  readonly modifiedAt?: string
  readonly supplementModifiedAt?: string
  /** Only in the supplement: the row of the primary collection is not in the input. */
  readonly isSupplementOnly?: boolean
}

export type InputFacts = {
  readonly isComplete?: boolean
  readonly isDelta?: boolean
  readonly isAdditionsOnly?: boolean
  readonly settings?: z.input<typeof ImportSettings>
  readonly fingerprint?: string
  readonly contestedKeys?: readonly string[]
  readonly sha256?: string
  readonly rejectedCount?: number
}

/** Pupils of a test are named alike, and their test is seldom about who they are. */
const nobodyIsAskedAbout = { questionBudgets: { likely: 0.001, possible: 0.001 } }

/** What the rows of a Pupil feed. */
export const rosterParts: StagedParts = {
  primary: {
    fields: ['sisId', 'sourceKey', 'givenName', 'familyName', 'email', 'schoolId', 'homeroom'],
    customFields: ['bus'],
  },
  supplement: { fields: ['birthDate'], customFields: [] },
  gathered: null,
}

export type StoredStudent = {
  id: string
  sis_id: string
  source_key: string
  given_name: string
  family_name: string
  email: string | null
  homeroom: string | null
  birth_date: string | null
  school: string
  bus: string | null
  status: string
  revision: number
  primary_digest: string | null
}

/** One district on a database of its own, and the steps of an import as the activities take them. */
export async function createRosterRig() {
  const database = await createTestDatabase()
  const db = createDatabase({ url: database.appUrl })
  const owner = new pg.Client(database.superuserUrl)
  owner.on('error', () => undefined)
  await owner.connect()
  const district = await insertDistrict(db, { slug: 'lincoln-county', name: 'Lincoln County', timeZone: 'UTC' })
  if (district === undefined) throw new Error('the district is there already')
  const districtId = district.id
  const connectionId = randomUUID()
  await withDistrict(db, districtId, async (trx) => {
    await insertConnection(trx, {
      id: connectionId,
      districtId,
      connector: 'invented',
      name: 'Invented',
      settingsSealed: Buffer.from('sealed'),
      keyId: 'key-1',
      fetchesInput: false,
    })
    const orgs = ['north', 'south', 'tiny'].map((sourceKey) => ({
      sourceKey,
      name: sourceKey,
      type: 'school',
      identifier: '',
      parentSourceKey: '',
      isActive: true,
    }))
    await noteSourceSchools(trx, { districtId, connectionId, runId: null, orgs, isComplete: true })
  })
  const fixed = { db, districtId, connectionId }
  const plan = async (runId: string, facts: InputFacts = {}): Promise<StoredPlan> =>
    withDistrict(db, districtId, (trx) =>
      buildPlan(trx, {
        runId,
        dataType: students,
        parts: rosterParts,
        settings: ImportSettings.parse({ ...nobodyIsAskedAbout, ...facts.settings }),
        isAdditionsOnly: facts.isAdditionsOnly ?? false,
      }),
    )
  const apply = (runId: string, options: Partial<ApplyPlanRequest> = {}) =>
    applyPlan(db, { districtId, runId, dataType: students, part: 'all', ...options })
  return {
    ...fixed,
    owner,
    stage: (pupils: readonly Pupil[], facts: InputFacts = {}) => stage(fixed, pupils, facts),
    restage: (runId: string, pupils: readonly Pupil[], facts: InputFacts = {}) => stage(fixed, pupils, facts, runId),
    plan,
    apply,
    /** All of it. */
    async import(pupils: readonly Pupil[], facts: InputFacts = {}) {
      const runId = await stage(fixed, pupils, facts)
      const stored = await plan(runId, facts)
      const applied = await apply(runId)
      if (applied.isStale) throw new Error('stale')
      // A delta waits for older runs that are at work.
      await owner.query(`update import_runs set state = 'completed' where id = $1`, [runId])
      return { runId, plan: stored, applied: applied.actions }
    },
    async students(): Promise<StoredStudent[]> {
      const { rows } = await owner.query<StoredStudent>(`
        select s.*, birth_date::text as birth_date, o.source_key as school, custom_fields ->> 'bus' as bus
        from students s join orgs o on o.id = s.school_id order by sis_id`)
      return rows
    },
    async planRows(runId: string) {
      const { rows } = await owner.query<{
        seq: number
        action: string
        reason: string | null
        changes: Record<string, [unknown, unknown]> | null
      }>(
        `select seq, action, reason, changes from (
           select plan_no, seq, action, reason, changes from plan_rows where run_id = $1
           union all
           select run.plan_no, s.seq, 'create', null, null
           from import_runs run join staged_students s on s.run_id = run.id
           where run.id = $1 and ${isPlannedCreate({ run: 'run.id', planNo: 'run.plan_no' })}
         ) as planned order by plan_no, seq`,
        [runId],
      )
      return rows
    },
    async close() {
      await db.destroy()
      await owner.end().catch(() => undefined)
      // The server may be stopped already, and the database with it.
      await database.dispose().catch(() => undefined)
    },
  }
}

export type RosterRig = Awaited<ReturnType<typeof createRosterRig>>

type Values = Readonly<Record<string, string | null | undefined>>

type Fixed = { readonly db: Kysely<Database>; readonly districtId: string; readonly connectionId: string }

/** What stageRun does: leaves out the rows whose digest is held, and writes down the digests that were not met. */
async function stage(
  { db, districtId, connectionId }: Fixed,
  pupils: readonly Pupil[],
  facts: InputFacts,
  earlier?: string,
): Promise<string> {
  const runId = earlier ?? randomUUID()
  const mappingFingerprint = facts.fingerprint ?? '-7000000000000000001'
  const held = new Set<string>()
  const heldSupplements = new Set<string>()
  const base = await readHeldDigests(
    db,
    { districtId, dataType: students, connectionId, mappingFingerprint },
    (hi, lo, hasSupplement, supplementHi, supplementLo) => {
      held.add(toText(hi, lo))
      if (hasSupplement) heldSupplements.add(toText(supplementHi, supplementLo))
    },
  )
  await withDistrict(db, districtId, async (trx) => {
    await insertRun(trx, {
      id: runId,
      districtId,
      connectionId,
      dataType: 'students',
      isTest: false,
      approveHold: false,
      inputFileId: null,
      inputSha256: facts.sha256 ?? runId,
      inputBytes: 1,
      rerunOf: null,
      requestedBy: 'test',
      workflowId: `import/lincoln-county/students/${runId}`,
    })
    await updateRunInput(trx, runId, { mappingFingerprint })
    await updateRunBase(trx, runId, base)
  })
  const isComplete = facts.isComplete ?? true
  const session = await createStagingSession(db, {
    districtId,
    runId,
    fence: 0,
    dataType: students,
    parts: rosterParts,
  })
  const unseen = new Set(held)
  const primary: string[] = []
  const supplement: string[] = []
  pupils.forEach((pupil, index) => {
    const line = index + 2
    const digest = digestOf([
      pupil.key,
      pupil.sisId,
      pupil.givenName,
      pupil.familyName,
      pupil.email,
      pupil.homeroom,
      pupil.school,
      pupil.bus,
    ])
    const values: Values = {
      email: pupil.email,
      homeroom: pupil.homeroom,
      sisId: pupil.sisId === undefined ? pupil.key : pupil.sisId,
      givenName: pupil.givenName ?? 'Ada',
      familyName: pupil.familyName ?? `Family ${pupil.key}`,
      schoolId: pupil.school ?? 'north',
      'schoolId.choices': pupil.schools === undefined ? null : `{${pupil.schools.join(',')}}`,
    }
    const isActive = (pupil.kind ?? 'active') === 'active'
    if (isActive && pupil.isSupplementOnly !== true) unseen.delete(digest)
    const time = pupil.modifiedAt ?? '\\N'
    const isKnown = isActive && held.has(digest) && pupil.modifiedAt === undefined
    if (pupil.isSupplementOnly !== true && !isKnown) {
      // Of a row that is not imported no more is staged than its school, where it is known.
      const kept: Values = isActive ? values : { schoolId: pupil.school }
      const fields = session.primaryColumns.map(({ field }) => kept[field] ?? '\\N')
      const bus = pupil.bus === undefined ? '\\N' : JSON.stringify({ bus: pupil.bus })
      primary.push(
        [
          line,
          stagedKind[pupil.kind ?? 'active'],
          pupil.key,
          isActive && pupil.sisId !== null ? digest : '\\N',
          ...fields,
          bus,
          time,
        ].join('\t'),
      )
    }
    const birthDigest = digestOf([pupil.key, pupil.birthDate])
    const birthTime = pupil.supplementModifiedAt ?? '\\N'
    const isPrimaryStaged = isActive && pupil.isSupplementOnly !== true && !isKnown
    if (
      pupil.birthDate !== undefined &&
      (isPrimaryStaged || birthTime !== '\\N' || !heldSupplements.has(birthDigest))
    ) {
      supplement.push([line, pupil.key, birthDigest, pupil.birthDate, '\\N', birthTime].join('\t'))
    }
  })
  try {
    await copy(primary, session.openPrimaryCopy())
    await copy(supplement, session.openSupplementCopy())
    if (isComplete) await copy([...unseen], session.openUnseenCopy())
    await session.addContestedKeys(facts.contestedKeys ?? [])
    await session.finish()
  } finally {
    session.close()
  }
  await withDistrict(db, districtId, (trx) =>
    updateRunStaging(trx, runId, {
      isComplete,
      isDelta: facts.isDelta ?? false,
      rowsRead: pupils.length,
      rejectedCount: facts.rejectedCount ?? 0,
      comparedDigests: true,
    }),
  )
  return runId
}

function copy(lines: readonly string[], target: NodeJS.WritableStream): Promise<void> {
  return pipeline(Readable.from(lines.map((line) => `${line}\n`)), target)
}

function digestOf(values: readonly (string | null | undefined)[]): string {
  const hash = new Hash64().reset()
  for (const value of values) hash.text(value ?? '').separator()
  hash.finish()
  return toText(hash.hi, hash.lo)
}

function toText(hi: number, lo: number): string {
  return BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)).toString()
}
