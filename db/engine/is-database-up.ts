import { setTimeout as sleep } from 'node:timers/promises'
import { sql, type Kysely } from 'kysely'
import type { Database } from '../database.ts'

const patienceMs = 2000

/** Whether the database answers within two seconds. Never throws. */
export async function isDatabaseUp(db: Kysely<Database>): Promise<boolean> {
  const giveUp = new AbortController()
  const late = sleep(patienceMs, false, { signal: giveUp.signal }).catch(() => false)
  const answered = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  )
  const isUp = await Promise.race([answered, late])
  giveUp.abort()
  return isUp
}
