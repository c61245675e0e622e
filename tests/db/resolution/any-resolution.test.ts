import assert from 'node:assert/strict'
import fc from 'fast-check'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withCases, type CaseRig } from './case-rig.ts'

/** Each takes about a second; the default is for every day, 500 and more for a release. */
const sequences = Number(process.env['ROLLBOOK_TEST_SEQUENCES'] ?? 12)
const district = useEmptyRig()

const people = [
  { givenName: 'Ada', familyName: 'Achterberg', birthDate: '2011-05-17', email: 'ada@north.example' },
  { givenName: 'Bruno', familyName: 'Birch', birthDate: '2012-01-11', email: 'bruno@north.example' },
] as const

/** Two people under two ids each, changed or not, and now and then under an id that was another's. */
const row = fc.record({
  person: fc.nat({ max: 1 }),
  id: fc.constantFrom('1', '2'),
  swapped: fc.boolean(),
  homeroom: fc.constantFrom('A', 'B', null),
  isWeak: fc.boolean(),
})
const roster = fc.array(row, { minLength: 1, maxLength: 4 }).map((rows) => {
  const pupils = new Map<string, Pupil>()
  for (const { person, id, swapped, homeroom, isWeak } of rows) {
    const key = `${(swapped ? 1 - person : person).toString()}-${id}`
    const { birthDate, email, ...names } = people[person] ?? people[0]
    pupils.set(key, { key, sisId: `s-${key}`, homeroom, ...names, ...(isWeak ? {} : { birthDate, email }) })
  }
  return [...pupils.values()]
})

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('import' as const), roster, asHints: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('resolve' as const), match: fc.array(fc.boolean(), { minLength: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unmerge' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit' as const), to: fc.constantFrom('X', 'Y') }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** Does a step; the runs that changed records, in order. */
async function take(rig: CaseRig, one: Step): Promise<readonly string[]> {
  const { owner } = district.rig
  switch (one.kind) {
    case 'import': {
      const questionBudgets = one.asHints ? { likely: 0.001, possible: 1000 } : {}
      return [await rig.import(one.roster, { settings: { questionBudgets } })]
    }
    case 'resolve': {
      for (const [index, { id, candidates }] of (await rig.cases()).entries()) {
        const recordId = candidates[0]?.recordId
        const isMatch = one.match[index % one.match.length] === true && recordId !== undefined
        await rig.decide(isMatch ? { caseId: id, action: 'match', recordId } : { caseId: id, action: 'create' })
      }
      return rig.process()
    }
    case 'unmerge': {
      const { rows } = await owner.query<{ id: string }>(
        `select id from duplicate_cases where state = 'processed' and decision = 'match' order by id desc limit 1`,
      )
      const [matched] = rows
      return matched === undefined ? [] : [await rig.unmerge(matched.id)]
    }
    case 'edit':
      await owner.query(`update students set phone = $1 where id = (select min(id::text)::uuid from students)`, [
        one.to,
      ])
      return []
  }
}

async function readMemory() {
  const read = async (query: string) => (await district.rig.owner.query<Record<string, unknown>>(query)).rows
  return {
    cases: await read(
      `select id, case state when 'open' then 'open' else 'over' end as state from duplicate_cases
       where state in ('open', 'processed', 'unmerged') order by id`,
    ),
    aliases: await read('select field, value, record_id from record_aliases order by 1, 2'),
    strangers: await read('select incoming_key, record_id from known_strangers order by 1, 2'),
  }
}

async function isUndoable(rig: CaseRig, runId: string): Promise<boolean> {
  return !('obstacle' in (await rig.open(runId)))
}

describe('any sequence of imports, edits, decisions and unmerges', () => {
  it('is taken back step by step, and the taking back too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        await district.clear()
        const rig = withCases(district.rig)
        for (const one of steps) {
          const before = await rig.values()
          const runs = await take(rig, one)
          const after = await rig.values()
          const memory = await readMemory()
          const [runId] = runs
          if (runs.length !== 1 || runId === undefined) continue
          if (await isUndoable(rig, runId)) {
            const undone = await rig.undo(runId)
            const created = [...(await rig.values())].filter(([id]) => !before.has(id))
            for (const [, record] of created) assert.equal(record['status'], 'inactive')
            const kept = new Map([...(await rig.values())].filter(([id]) => before.has(id)))
            assert.deepEqual(kept, before, `after the undo of ${one.kind}`)
            await rig.undo(undone.undoId)
            assert.deepEqual(await rig.values(), after, `after the undo of the undo of ${one.kind}`)
            if (one.kind !== 'import') assert.deepEqual(await readMemory(), memory)
          } else assert.deepEqual(after, before)
          await assertSound(rig)
        }
      }),
      { numRuns: sequences },
    )
  })
})

/** What an import does, and somebody decides of what it asks; then more imports, and decisions about others. */
const told = fc.record({
  before: fc.array(roster, { minLength: 2, maxLength: 3 }),
  match: fc.array(fc.boolean(), { minLength: 3 }),
  after: fc.array(roster, { minLength: 1, maxLength: 2 }),
})

describe('decisions that were carried out and undone', () => {
  it('leave nothing behind: every import after them does what it would have done without', async () => {
    await fc.assert(
      fc.asyncProperty(told, async ({ before, match, after }) => {
        const ends: unknown[] = []
        for (const isDecided of [false, true]) {
          await district.clear()
          const rig = withCases(district.rig)
          for (const one of before) await rig.import(one)
          if (isDecided) {
            const runs = await take(rig, { kind: 'resolve', match })
            for (const runId of runs.toReversed()) await rig.undo(runId)
            for (const { decision } of await rig.cases()) assert.equal(decision, null)
            assert.deepEqual(await rig.process(), [])
          }
          const roster = [...before, ...after].at(-1) ?? []
          ends.push([await readRecords(), await readAsked()])
          for (const one of [...after, roster]) {
            await rig.import(one)
            ends.push([await readRecords(), await readAsked()])
          }
          await assertSound(rig)
        }
        const half = ends.length / 2
        assert.deepEqual(ends.slice(half), ends.slice(0, half))
      }),
      { numRuns: sequences },
    )
  })

  it('are decided anew, carried out and undone as if it were for the first time', async () => {
    await fc.assert(
      fc.asyncProperty(told, async ({ before, match, after }) => {
        await district.clear()
        const rig = withCases(district.rig)
        for (const one of before) await rig.import(one)
        const first = await take(rig, { kind: 'resolve', match })
        for (const runId of first.toReversed()) await rig.undo(runId)
        for (const one of [undefined, ...after]) {
          if (one !== undefined) await rig.import(one)
          const undecided = await rig.values()
          const runs = await take(rig, { kind: 'resolve', match: match.map((isMatch) => !isMatch) })
          const decided = await rig.values()
          const [runId] = runs
          if (runs.length !== 1 || runId === undefined || !(await isUndoable(rig, runId))) continue
          const memory = await readMemory()
          const { undoId } = await rig.undo(runId)
          const kept = new Map([...(await rig.values())].filter(([id]) => undecided.has(id)))
          assert.deepEqual(kept, undecided)
          await rig.undo(undoId)
          assert.deepEqual(await rig.values(), decided)
          assert.deepEqual(await readMemory(), memory)
          await assertSound(rig)
        }
      }),
      { numRuns: sequences },
    )
  })
})

/** Values of the records, without our ids and without whom undone decisions had made. */
async function readRecords(): Promise<unknown[]> {
  const { rows } = await district.rig.owner.query<Record<string, unknown>>(
    `select s.sis_id, s.source_key, s.given_name, s.family_name, s.birth_date::text, s.email, s.homeroom, s.status from students s
     where not exists (select from duplicate_cases c where c.undone_record_id = s.id and s.status = 'inactive') order by 1`,
  )
  return rows
}

async function readAsked(): Promise<unknown[]> {
  const { rows } = await district.rig.owner.query<Record<string, unknown>>(
    `select incoming_key, strength, reason, decision, jsonb_array_length(candidates) as candidates from duplicate_cases
     where state = 'open' order by 1`,
  )
  return rows
}

/** Whatever happened, ids are unique, nothing is journaled twice, and no case is at work. */
async function assertSound(rig: CaseRig): Promise<void> {
  const { owner } = district.rig
  const { rows } = await owner.query<{ problem: string }>(`
    select 'a freed key stayed' as problem from students where sis_id like '~%'
    union all select 'a case is still at work' from duplicate_cases where processing_run_id is not null
    union all select 'journaled twice' from journal group by run_id, record_id, revision having count(*) > 1
    union all select 'asked about, and imported all the same' from duplicate_cases c join students s on s.sis_id = c.incoming_key
      where c.state = 'open' and c.strength = 'likely' and c.reason = 'resembles' and s.status = 'active'
    union all select 'an alias of nobody' from record_aliases a
      where not exists (select from students s where s.id = a.record_id)`)
  assert.deepEqual(rows, [])
  for (const { candidates } of await rig.cases()) assert.ok(candidates.length > 0)
}
