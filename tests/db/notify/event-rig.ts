import { randomUUID } from 'node:crypto'
import { sql, type Kysely, type Transaction } from 'kysely'
import { createDatabase, withDistrict, type Database } from '../../../db/database.ts'
import { insertDistrict } from '../../../db/access/districts.ts'
import { insertEvent, type NewEvent } from '../../../db/notify/events.ts'
import { upsertNotificationSettings } from '../../../db/notify/notification-settings.ts'
import { routeEvents } from '../../../db/notify/route-events.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'

/** Districts with an outbox, on a database of their own. Call it at the top of a test file. */
export function useEventRig() {
  let testDatabase: TestDatabase
  let db: Kysely<Database>
  beforeAll(async () => {
    testDatabase = await createTestDatabase()
    db = createDatabase({ url: testDatabase.appUrl, maxConnections: 5 })
  })
  afterAll(async () => {
    await db.destroy()
    // A file that is run alone stops its server first, and the database is gone with it.
    await testDatabase.dispose().catch(() => undefined)
  })
  return {
    get db() {
      return db
    },
    /** A new district whose recipients of students are these. */
    giveDistrict: async (recipients: readonly string[] = ['data@lincoln.example']) => {
      const slug = `lincoln-${randomUUID().slice(0, 8)}`
      const district = await insertDistrict(db, { slug, name: 'Lincoln County', timeZone: 'America/Chicago' })
      if (district === undefined) throw new Error('the district is there already')
      const outbox = new Outbox(db, district.id, slug)
      await outbox.in((trx) =>
        upsertNotificationSettings(trx, {
          districtId: district.id,
          dataType: 'students',
          recipients,
          reminderDays: [3, 10],
        }),
      )
      return outbox
    },
  }
}

export class Outbox {
  readonly districtId: string
  readonly slug: string
  readonly #db: Kysely<Database>

  constructor(db: Kysely<Database>, districtId: string, slug: string) {
    this.#db = db
    this.districtId = districtId
    this.slug = slug
  }

  in<Result>(fn: (trx: Transaction<Database>) => Promise<Result>): Promise<Result> {
    return withDistrict(this.#db, this.districtId, fn)
  }

  /** Something that happened to students; give what matters to the test. */
  happens(event: Pick<NewEvent, 'kind'> & Partial<NewEvent>): Promise<boolean> {
    return this.in((trx) =>
      insertEvent(trx, { districtId: this.districtId, onceKey: randomUUID(), dataType: 'students', ...event }),
    )
  }

  async route(): Promise<void> {
    while ((await this.in((trx) => routeEvents(trx, this.districtId))) > 0);
  }

  /** `kind → recipient` of each mail and `kind → name` of each webhook, in the order of the events. */
  deliveries(): Promise<string[]> {
    return this.in(async (trx) => {
      const { rows } = await sql<{ text: string }>`
        select e.kind || ' → ' || coalesce(d.recipient, w.name) as text
        from deliveries d join events e on e.id = d.event_id left join webhooks w on w.id = d.webhook_id
        order by e.id, text`.execute(trx)
      return rows.map(({ text }) => text)
    })
  }

  events() {
    return this.in((trx) => trx.selectFrom('events').selectAll().orderBy('id').execute())
  }
}
