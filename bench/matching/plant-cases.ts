import { randomUUID } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { withDistrict, type Database } from '../../db/database.ts'
import { insertDistrict } from '../../db/access/districts.ts'
import type { MatchingCases } from './make-cases.ts'
import type { Pupil } from './invent-families.ts'

export type PlantedCases = { readonly districtId: string; readonly runId: string }

const pageSize = 10_000

/** A district with the held pupils as records, and a run whose plan would create the incoming ones. */
export async function plantCases(
  db: Kysely<Database>,
  slug: string,
  { held, incoming }: MatchingCases,
): Promise<PlantedCases> {
  const district = await insertDistrict(db, { slug, name: slug, timeZone: 'UTC' })
  if (district === undefined) throw new Error(`the district ${slug} is there already`)
  const districtId = district.id
  const runId = randomUUID()
  await withDistrict(db, districtId, async (trx) => {
    for (let start = 0; start < held.length; start += pageSize) {
      const rows = held.slice(start, start + pageSize).map((pupil, index) => ({
        ...toColumns(pupil),
        id: recordIdOf(districtId, start + index),
        sis_id: `held-${start + index}`,
        district_id: districtId,
        status: 'active',
        revision: 1,
        created_at: '2026-01-01',
        updated_at: '2026-01-01',
      }))
      // The keys that records are looked up by follow from the names, and cannot be written.
      const columns = sql.join([...new Set(rows.flatMap(Object.keys))].map((name) => sql.ref(name)))
      await sql`insert into students (${columns})
        select ${columns} from jsonb_populate_recordset(null::students, ${JSON.stringify(rows)}::jsonb)`.execute(trx)
    }
    await sql`analyze students`.execute(trx)
    for (let start = 0; start < incoming.length; start += pageSize) {
      const rows = incoming.slice(start, start + pageSize).map(({ pupil }, index) => ({
        ...toColumns(pupil),
        district_id: districtId,
        run_id: runId,
        seq: start + index,
        line: start + index + 2,
        kind: 1,
        parts: 1,
        sis_id: `incoming-${start + index}`,
      }))
      await sql`insert into staged_students
        select * from jsonb_populate_recordset(null::staged_students, ${JSON.stringify(rows)}::jsonb)`.execute(trx)
    }
    await sql`analyze staged_students`.execute(trx)
  })
  return { districtId, runId }
}

/** Ids of the records by the index of the pupil, so that what is found can be told from the truth. */
export function recordIdOf(districtId: string, index: number): string {
  return `${districtId.slice(0, 24)}${index.toString(16).padStart(12, '0')}`
}

function toColumns(pupil: Pupil): Record<string, unknown> {
  const columns: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(pupil)) {
    columns[field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value
  }
  // Every record has names and a school; FEBRL leaves some blank, which is then a text without letters.
  columns['given_name'] = pupil['givenName'] ?? ''
  columns['family_name'] = pupil['familyName'] ?? ''
  columns['school_id'] = schoolIdOf(Number(pupil['schoolId'] ?? 0))
  columns['race'] = typeof pupil['race'] === 'string' ? [pupil['race']] : null
  return columns
}

function schoolIdOf(school: number): string {
  return `00000000-0000-4000-8000-${String(school).padStart(12, '0')}`
}
