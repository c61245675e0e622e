import { sql, type Kysely } from 'kysely'
import { withDistrict, type Database } from '../database.ts'
import { deleteUpload } from '../import/inputs/uploads.ts'
import type { PurgeRequest } from './purge-run-logs.ts'

/** For how long an upload waits for its next byte, and a whole one for its import. */
export const uploadPatienceHours = 48

/** Removes uploads that nobody went on with. What came of one that was completed is an input, and is kept as one. Repeatable. */
export async function purgeUploads(
  db: Kysely<Database>,
  { districtId, now, afterBatch }: PurgeRequest,
): Promise<{ readonly uploads: number }> {
  for (let uploads = 0; ; uploads++) {
    const isFound = await withDistrict(db, districtId, async (trx) => {
      const left = await trx
        .selectFrom('uploads')
        .select('id')
        .where('districtId', '=', districtId)
        .where('touchedAt', '<', sql<Date>`${now}::timestamptz - make_interval(hours => ${uploadPatienceHours})`)
        .orderBy('touchedAt')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst()
      if (left !== undefined) await deleteUpload(trx, left.id)
      return left !== undefined
    })
    if (!isFound) return { uploads }
    await afterBatch?.()
  }
}
