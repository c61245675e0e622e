import pg from 'pg'

/** What the database has of one firing of a round, by the district's slug; instants in epoch milliseconds. */
export type RecordedFiring = {
  readonly district: string
  readonly outcome: string
  readonly decidedMs: number
  readonly startedMs: number | null
  readonly doneMs: number | null
  readonly state: string | null
}

/** Reads what became of all districts at once, which the wall between them keeps every other program from. */
export class FleetRecord {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }

  /** Takes the URL of the owner of a throw-away database, and opens a door in it for this reader. */
  static async connect(ownerUrl: string): Promise<FleetRecord> {
    const client = new pg.Client({ connectionString: ownerUrl })
    await client.connect()
    for (const table of ['import_runs', 'schedule_firings']) {
      await client.query(`create policy bench on ${table} for select to current_user using (true)`)
    }
    return new FleetRecord(client)
  }

  close(): Promise<void> {
    return this.#client.end()
  }

  /** Districts of which a run has ended. */
  async countServed(): Promise<number> {
    const { rows } = await this.#client.query<{ count: string }>(
      'select count(distinct district_id) from import_runs where finished_at is not null',
    )
    return Number(rows[0]?.count)
  }

  /** Firings that were due in the time, and of which nothing more comes. */
  async countOver(fromMs: number, toMs: number): Promise<number> {
    const { rows } = await this.#client.query<{ count: string }>(
      `select count(*) from schedule_firings f left join import_runs r on r.id = f.run_id
       where f.due_at >= to_timestamp($1) and f.due_at < to_timestamp($2)
         and (r.finished_at is not null or f.outcome <> 'started')`,
      [fromMs / 1000, toMs / 1000],
    )
    return Number(rows[0]?.count)
  }

  async listFirings(fromMs: number, toMs: number): Promise<readonly RecordedFiring[]> {
    const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`
    const { rows } = await this.#client.query<RecordedFiring>(
      `select d.slug as district, f.outcome, r.state, ${milliseconds('f.decided_at')} as "decidedMs",
         ${milliseconds('r.started_at')} as "startedMs", ${milliseconds('r.finished_at')} as "doneMs"
       from schedule_firings f join districts d on d.id = f.district_id left join import_runs r on r.id = f.run_id
       where f.due_at >= to_timestamp($1) and f.due_at < to_timestamp($2)`,
      [fromMs / 1000, toMs / 1000],
    )
    return rows
  }
}
