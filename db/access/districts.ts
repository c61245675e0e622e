import type { Kysely, Selectable } from 'kysely'
import type { Database } from '../database.ts'
import type { Districts } from '../tables/districts.ts'

export type DistrictRow = Selectable<Districts>

/** All districts by slug; needs no district to be set. */
export function listDistricts(db: Kysely<Database>): Promise<DistrictRow[]> {
  return db.selectFrom('districts').selectAll().orderBy('slug').execute()
}

export function findDistrictBySlug(db: Kysely<Database>, slug: string): Promise<DistrictRow | undefined> {
  return db.selectFrom('districts').selectAll().where('slug', '=', slug).executeTakeFirst()
}

export function findDistrict(db: Kysely<Database>, districtId: string): Promise<DistrictRow | undefined> {
  return db.selectFrom('districts').selectAll().where('id', '=', districtId).executeTakeFirst()
}

/** Undefined when the slug is taken. */
export function insertDistrict(
  db: Kysely<Database>,
  district: { readonly slug: string; readonly name: string; readonly timeZone: string },
): Promise<DistrictRow | undefined> {
  return db
    .insertInto('districts')
    .values(district)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returningAll()
    .executeTakeFirst()
}
