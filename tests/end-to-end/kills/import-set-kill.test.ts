import assert from 'node:assert/strict'
import { createHash, randomInt } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportSet } from '../../../api/contract/import-set.ts'
import { columnOf, targetsOf } from '../../../domain/data-types/define-data-type.ts'
import { dataTypes } from '../../../domain/data-types/registry.ts'
import { createRandom } from '../../../simulators/oneroster-package/invented-people.ts'
import { writeDistrict } from '../../../simulators/oneroster-package/write-district.ts'
import type { Stack } from '../../../stack/stack.ts'
import { startTestStack } from '../../harness/stack.ts'
import { untilItWorks } from '../../harness/until.ts'
import { DistrictOnStack } from '../district-on-stack.ts'
import { killProcess } from './stack-killer.ts'

const wantedKills = Number(process.env['ROLLBOOK_TEST_SET_KILLS'] ?? 12)
const seed = Number(process.env['ROLLBOOK_TEST_SEED'] ?? randomInt(1_000_000))

/** The server of the workflows and the API once each, at two of the kills; else in turn. */
function chooseVictim(kill: number): string {
  if (kill === 4) return 'temporal'
  if (kill === 7) return 'api'
  return kill % 3 === 2 ? 'postgres' : 'worker'
}

describe(`an import set under ${wantedKills} kills at random moments (ROLLBOOK_TEST_SEED=${seed})`, () => {
  let stack: Stack
  let content: Buffer
  let expected: Outcome
  let states: Readonly<Record<string, string>> = {}
  let usualMs = 0
  const random = createRandom(seed, 1)

  beforeAll(async () => {
    stack = await startTestStack()
    content = await buffer(writeDistrict({ students: 600, seed: 29 }))
  })

  it('is compared with one that nobody disturbs', async () => {
    const district = await DistrictOnStack.create(stack, 'calm')
    const begun = performance.now()
    const set = await importAll(district)
    usualMs = performance.now() - begun
    states = statesOf(set)
    // Rows that repeat or lack something are in every district.
    for (const { name } of dataTypes) assert.match(states[name] ?? '', /^completed/, name)
    expected = await readOutcome(district)
    const empty = dataTypes.filter(({ name }) => expected.records[name]?.count === 0).map(({ name }) => name)
    assert.deepEqual(empty, [])
  })

  it('ends with every run completed once, and with the same tables', async () => {
    const kills: Record<string, number> = {}
    let count = 0
    let rounds = 0
    while (count < wantedKills) {
      const round = (rounds += 1)
      const district = await untilItWorks(() => DistrictOnStack.create(stack, `round-${round}`))
      const rest = { isOver: false }
      const imported = importAll(district).finally(() => {
        rest.isOver = true
      })
      while (count < wantedKills) {
        // About four kills in the time that an undisturbed one takes; what is killed makes it longer.
        await Promise.race([sleep(random() * (usualMs / 2)), imported.catch(() => undefined)])
        if (rest.isOver) break
        const victim = chooseVictim(count)
        await killProcess(stack, victim)
        kills[victim] = (kills[victim] ?? 0) + 1
        count += 1
      }
      const set = await imported
      assert.deepEqual(statesOf(set), states, district.slug)
      assert.deepEqual(set.waiting, [])
      const outcome = await untilItWorks(() => readOutcome(district))
      assert.deepEqual(outcome, expected, district.slug)
    }
    console.log(`kills in ${rounds} import sets: ${JSON.stringify(kills)}`)
    for (const victim of ['worker', 'postgres', 'temporal', 'api']) {
      if (wantedKills >= 8) assert.ok((kills[victim] ?? 0) > 0, `${victim} was killed`)
    }
  })

  /** Uploads until it is taken, with one idempotency key, and waits for the end of the set through every outage. */
  async function importAll({ slug }: DistrictOnStack): Promise<ImportSet> {
    const key = crypto.randomUUID()
    const started = await untilItWorks(() =>
      askApi(`/api/districts/${slug}/imports?dataType=all&approveHold=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/zip', 'idempotency-key': key },
        body: content,
      }),
    )
    for (;;) {
      const set = await untilItWorks(() => askApi(`/api/import-sets/${started.setId}`))
      if (set.finished) return set
      await sleep(100)
    }
  }

  async function askApi(path: string, request: RequestInit = {}): Promise<ImportSet> {
    const headers = { ...Object.fromEntries(new Headers(request.headers)), authorization: `Bearer ${stack.token}` }
    const response = await fetch(stack.url + path, { ...request, headers })
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return (await response.json()) as ImportSet // checked by the server against its contract
  }

  type Outcome = {
    readonly records: Readonly<Record<string, { readonly count: number; readonly digest: string }>>
    readonly runs: readonly unknown[]
    readonly set: readonly unknown[]
  }

  /** All that an import of all data types leaves, without what differs from district to district. */
  async function readOutcome(district: DistrictOnStack): Promise<Outcome> {
    const records: Record<string, { count: number; digest: string }> = {}
    for (const { name, table, fields } of dataTypes) {
      const references = Object.entries(fields).flatMap(([field, type]) =>
        targetsOf(type).length > 0 ? [columnOf(field)] : [],
      )
      const other = [
        'id',
        'district_id',
        'connection_id',
        'created_run_id',
        'updated_run_id',
        'created_at',
        'updated_at',
      ]
      const rows = await district.query<{ row: string }>(
        `select (to_jsonb(t) - $1::text[])::text as row from ${table} t order by t.source_key collate "C"`,
        [[...other, 'edited_xid', ...references]],
      )
      const hash = createHash('sha256')
      for (const { row } of rows) hash.update(row)
      // What they refer to is compared by its keys, as it is shown.
      hash.update(await readShown(district, name))
      records[name] = { count: rows.length, digest: hash.digest('hex') }
    }
    return {
      records,
      runs: await district.query(
        `select r.data_type, r.state, r.counts, r.planned_counts, r.finding_counts, r.findings_by_rule, r.staging,
           r.failure, r.closed_reason, r.input_sha256, r.roster_version, r.mapping_fingerprint,
           (select count(*)::int from journal j where j.run_id = r.id) as journal,
           (select coalesce(sum(b.rows), 0)::int from applied_batches b where b.run_id = r.id) as applied,
           (select count(*)::int from run_findings f where f.run_id = r.id) as findings,
           (select count(*)::int from events e where e.run_id = r.id) as events
         from import_runs r order by r.data_type, r.id`,
      ),
      set: await district.query(
        `select m.place, m.data_type, m.reason, r.data_type as run_of, s.finished_at is null as is_open
         from import_sets s join import_set_runs m on m.set_id = s.id left join import_runs r on r.id = m.run_id
         order by m.place`,
      ),
    }
  }

  async function readShown({ slug }: DistrictOnStack, dataType: string): Promise<string> {
    const response = await fetch(`${stack.url}/api/districts/${slug}/records/${dataType}?all=true`, {
      headers: { authorization: `Bearer ${stack.token}`, accept: 'text/csv' },
    })
    assert.equal(response.status, 200)
    const lines = (await response.text()).split('\n')
    // Without our own id in the first column.
    return lines.map((line) => line.slice(line.indexOf(',') + 1)).join('\n')
  }
})

function statesOf({ runs }: ImportSet): Readonly<Record<string, string>> {
  return Object.fromEntries(runs.map(({ dataType, state }) => [dataType, state]))
}
