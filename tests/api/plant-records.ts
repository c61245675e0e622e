import { withDistrict } from '../../db/database.ts'
import { plantOrg } from '../fixtures/plant-org.ts'
import type { ApiRig, TestDistrict } from './api-rig.ts'

export type PlantedStudent = {
  readonly id: string
  readonly sisId: string
  readonly givenName?: string
  readonly familyName?: string
  readonly email?: string
  readonly gradeLevel?: string
  readonly race?: readonly string[]
  readonly isInactive?: boolean
  readonly customFields?: Readonly<Record<string, string>>
}

/** Students written straight into the table, all at one school with the source key `org-7`. Returns the school's id. */
export async function plantStudents(
  rig: ApiRig,
  district: TestDistrict,
  students: readonly PlantedStudent[],
): Promise<string> {
  return await withDistrict(rig.db, district.id, async (trx) => {
    const schoolId = await plantOrg(trx, district.id, { sourceKey: 'org-7', name: 'Franklin High' })
    for (const student of students) {
      const row = {
        id: student.id,
        districtId: district.id,
        sisId: student.sisId,
        sourceKey: `key-${student.sisId}`,
        givenName: student.givenName ?? 'Ada',
        familyName: student.familyName ?? 'Quist',
        email: student.email ?? null,
        gradeLevel: student.gradeLevel ?? null,
        birthDate: '2010-02-28',
        race: student.race ?? null,
        schoolId,
        classYear: 2028,
        gpaWeighted: '3.50',
        customFields: student.customFields === undefined ? null : JSON.stringify(student.customFields),
        status: student.isInactive === true ? ('inactive' as const) : ('active' as const),
      }
      // The columns of a data type are not in the schema's TypeScript, where the registry is their one home.
      await trx.insertInto('students').values(row).execute()
    }
    return schoolId
  })
}

export function recordId(number: number): string {
  return `01930000-0000-7000-8000-${String(number).padStart(12, '0')}`
}
