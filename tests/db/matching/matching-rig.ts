import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { withDistrict, type Database } from '../../../db/database.ts'
import { findCandidates, type FoundCase } from '../../../db/matching/find-candidates.ts'
import { insertDistrict } from '../../../db/access/districts.ts'
import { students } from '../../../domain/data-types/students.ts'
import type { RosterRig } from '../roster-rig.ts'

export type PlantedValues = Readonly<Record<string, unknown>>

/** An id of a record by its number, so that a test can name the one it expects. */
export function idOf(number: number): string {
  return `01930000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

const school = '00000000-0000-4000-8000-000000000001'

/** Writes records and staged creates straight into the tables: what a search finds depends on nothing else. */
export function createMatchingDistrict(rig: RosterRig, districtId = rig.districtId) {
  const inDistrict = <Result>(step: (trx: Transaction<Database>) => Promise<Result>) =>
    withDistrict(rig.db, districtId, step)
  return {
    districtId,
    inDistrict,
    /** Columns by their names; the record's id is idOf its index from `first`. */
    hold: (rows: readonly PlantedValues[], first = 1) =>
      inDistrict(async (trx) => {
        const records = rows.map((row, index) => ({
          id: idOf(first + index),
          district_id: districtId,
          sis_id: `held-${first + index}`,
          school_id: school,
          status: 'active',
          revision: 1,
          created_at: '2026-01-01',
          updated_at: '2026-01-01',
          ...row,
        }))
        // The keys that records are looked up by follow from the names, and cannot be written.
        const columns = sql.join([...new Set(records.flatMap(Object.keys))].map((name) => sql.ref(name)))
        await sql`insert into students (${columns})
          select ${columns} from jsonb_populate_recordset(null::students, ${JSON.stringify(records)}::jsonb)`.execute(
          trx,
        )
      }),
    /** A run whose plan creates each of the rows, or skips them, `seq` being the index; returns its id. */
    stage: (rows: readonly PlantedValues[], action: 'create' | 'skip' = 'create') =>
      inDistrict(async (trx) => {
        const runId = randomUUID()
        const staged = rows.map((row, seq) => ({
          district_id: districtId,
          run_id: runId,
          seq,
          line: seq + 2,
          kind: 1,
          parts: 1,
          sis_id: `incoming-${seq}`,
          school_id: school,
          ...row,
        }))
        await sql`insert into staged_students
          select * from jsonb_populate_recordset(null::staged_students, ${JSON.stringify(staged)}::jsonb)`.execute(trx)
        if (action === 'skip') {
          await sql`insert into plan_rows (district_id, run_id, plan_no, seq, action)
            select district_id, run_id, 0, seq, 'skip' from staged_students where run_id = ${runId}`.execute(trx)
        }
        return runId
      }),
    find: async (runId: string, pageSize?: number) => {
      const cases: FoundCase[] = []
      const search = await inDistrict((trx) =>
        findCandidates(trx, {
          districtId,
          runId,
          planNo: 0,
          dataType: students,
          keepCases: async (found) => {
            cases.push(...found)
          },
          ...(pageSize !== undefined && { pageSize }),
        }),
      )
      return { cases, ...search }
    },
  }
}

export async function insertOtherDistrict(rig: RosterRig, slug: string): Promise<string> {
  const district = await insertDistrict(rig.db, { slug, name: slug, timeZone: 'UTC' })
  if (district === undefined) throw new Error(`the district ${slug} is there already`)
  return district.id
}
