import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { decideCases } from '../../../db/resolution/decide-cases.ts'
import { listCases } from '../../../db/resolution/list-cases.ts'
import { openResolution } from '../../../db/resolution/open-resolution.ts'
import { withDistrict } from '../../../db/database.ts'
import { closeUndo } from '../../../db/undo/close-undo.ts'
import { openUndo } from '../../../db/undo/open-undo.ts'
import { undoRun } from '../../../db/undo/undo-run.ts'
import { caseActions, type CaseDecision } from '../../../domain/duplicate-case.ts'
import { students } from '../../../domain/data-types/students.ts'
import { packPeople, person, type Person } from '../../districts/lincoln-county.ts'
import { useImportRig } from '../import-rig.ts'

/** Each takes some seconds; the default is for every day, 200 and more for a release. */
const sequences = Number(process.env['ROLLBOOK_TEST_SEQUENCES'] ?? 8)
const rig = useImportRig()

/** Every value of theirs is nobody else's: one look at a record tells whose it is. */
const people = [
  ['Ines', 'Rowe', '2010-03-11'],
  ['Theo', 'Vance', '2011-07-25'],
  ['Juno', 'Moss', '2012-11-02'],
  ['Odin', 'Fitch', '2013-01-30'],
] as const

/** What one feed says of one of them: with which ids she comes, or that she does not. */
type Entry = {
  readonly who: number
  readonly key: number
  readonly identifier: number | null
  readonly isUpper: boolean
}
type Feed = readonly Entry[]

const everybody: Feed = people.map((_, who) => ({ who, key: who, identifier: who, isUpper: false }))

const place = fc.nat({ max: people.length - 1 })
const change = fc.record({
  kind: fc.constantFrom(
    'exchange',
    'exchange',
    'exchange',
    'exchangeKeys',
    'pass',
    'lose',
    'giveBack',
    'leave',
    'return',
    'reuse',
    'recase',
  ),
  one: place,
  other: place,
})
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

function alter(feed: Feed, { kind, one, other }: Change): Feed {
  const a = feed.find(({ who }) => who === one)
  const b = feed.find(({ who }) => who === other)
  const set = (who: number, values: Partial<Entry>) =>
    feed.map((entry) => (entry.who === who ? { ...entry, ...values } : entry))
  switch (kind) {
    case 'exchange':
      return a === undefined || b === undefined
        ? feed
        : feed.map((entry) =>
            entry.who === one
              ? { ...entry, identifier: b.identifier }
              : entry.who === other
                ? { ...entry, identifier: a.identifier }
                : entry,
          )
    case 'exchangeKeys':
      return a === undefined || b === undefined
        ? feed
        : feed.map((entry) =>
            entry.who === one ? { ...entry, key: b.key } : entry.who === other ? { ...entry, key: a.key } : entry,
          )
    case 'pass':
      return feed.map((entry, index) => ({
        ...entry,
        identifier: feed[(index + 1) % feed.length]?.identifier ?? null,
      }))
    case 'lose':
      return set(one, { identifier: null })
    case 'giveBack':
      return everybody.filter(({ who }) => feed.some((entry) => entry.who === who))
    case 'leave':
      return feed.length > 2 ? feed.filter(({ who }) => who !== one) : feed
    case 'return':
      return a === undefined ? [...feed, { who: one, key: one + 10, identifier: one, isUpper: false }] : feed
    case 'reuse':
      return a === undefined || b !== undefined
        ? feed
        : set(one, { identifier: other, ...(one % 2 === 0 && { key: other }) })
    case 'recase':
      return set(one, { isUpper: true })
  }
}

function pack(feed: Feed, night: number): Buffer {
  return packPeople(
    feed.map(({ who, key, identifier, isUpper }): Person => {
      const [givenName = '', familyName = '', birthDate = ''] = people[who] ?? []
      const id = identifier === null ? '' : `n-p${identifier}`
      return person(`p${key}`, givenName, familyName, 'north', `0${(night % 8) + 1}`, {
        username: `u-${who}`,
        identifier: isUpper ? id.toUpperCase() : id,
        email: `e${who}@lincoln.example`,
        demographics: `${birthDate},${who % 2 === 0 ? 'female' : 'male'},false,false,false,false,true,false,false`,
      })
    }),
  )
}

const step = fc.record({
  // An undo makes the next import compare every record whole; most nights nobody undoes anything.
  isUndone: fc.constantFrom(true, false, false),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  decisions: fc.array(
    fc.record({ action: fc.constantFrom('match', 'match', 'match', ...caseActions), candidate: fc.nat({ max: 1 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
})

const inDistrict = <Result>(work: Parameters<typeof withDistrict<Result>>[2]) =>
  withDistrict(rig.db, rig.districtId, work)

async function importFeed(feed: Feed, night: number): Promise<string> {
  const run = await rig.giveRun(await rig.giveContent(pack(feed, night)))
  await rig.importAll(run)
  return run.runId
}

/** Decides what is open in some way, and carries it out; the run that did. */
async function resolve(decisions: readonly { action: CaseDecision['action']; candidate: number }[]) {
  const request = { districtId: rig.districtId, by: 'operator-7' }
  const runs = await inDistrict(async (trx) => {
    for (const [index, { id, candidates }] of (await listCases(trx, { districtId: rig.districtId })).entries()) {
      const { action, candidate } = decisions[index % decisions.length] ?? { action: 'leave' as const, candidate: 0 }
      const recordId = candidates[candidate % candidates.length]?.recordId
      const decision = { caseId: id, action, ...(action === 'match' && recordId !== undefined && { recordId }) }
      await decideCases(trx, { ...request, decisions: [decision] })
    }
    const newRun = () => ({ id: randomUUID(), workflowId: `import/test/students/${randomUUID()}` })
    return (await openResolution(trx, { ...request, dataType: students, newRun })).runs
  })
  const [opened] = runs
  if (opened === undefined) return undefined
  const run = { districtId: rig.districtId, runId: opened.id }
  await rig.step('openRun', run)
  await rig.step('buildPlan', run)
  await rig.step('applyPlan', { ...run, part: 'all' })
  await rig.close(run, { kind: 'applied' })
  return opened.id
}

/** Takes the run back, if it changed anything; false when it could not be. */
async function undo(runId: string): Promise<string | undefined> {
  const now = new Date('2026-11-22T11:00:00Z')
  const opened = await inDistrict((trx) => openUndo(trx, { runId, by: 'operator-7', reason: 'a test', now }))
  if ('obstacle' in opened) return undefined
  const undoId = opened.undo.id
  const { obstacle } = await undoRun(rig.db, { districtId: rig.districtId, runId: undoId, dataType: students })
  assert.equal(obstacle, undefined)
  const undoUntil = new Date('2026-11-25T11:00:00Z')
  await inDistrict((trx) => closeUndo(trx, { runId: undoId, end: { kind: 'done' }, now, undoUntil }))
  return undoId
}

type Row = Readonly<Record<string, string | null>> & { readonly id: string }

async function readRecords(): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await inDistrict((trx) =>
    sql<Row>`select id::text, sis_id, source_key, given_name, family_name, birth_date, email, username, sex, grade_level,
      status from students order by id`.execute(trx),
  )
  return new Map(rows.map((row) => [row.id, row]))
}

function assertOneEach(records: ReadonlyMap<string, Row>, feeds: string): void {
  const active = new Set<string>()
  for (const row of records.values()) {
    const owners = [
      people.findIndex(([givenName]) => givenName === row['givenName']),
      people.findIndex(([, familyName]) => familyName === row['familyName']),
      people.findIndex(([, , birthDate]) => birthDate === row['birthDate']),
      Number(/^e(\d)@/.exec(row['email'] ?? '')?.[1]),
      Number(/^u-(\d)$/.exec(row['username'] ?? '')?.[1]),
    ]
    assert.equal(new Set(owners).size, 1, `a record with values of ${owners.join(', ')} after ${feeds}`)
    const key = row['sourceKey'] ?? null
    if (row['status'] !== 'active' || key === null) continue
    assert.ok(!active.has(key), `two active records under ${key} after ${feeds}`)
    active.add(key)
  }
}

describe('feeds in which ids are exchanged, passed on, reused, lost, given back and re-cased', () => {
  it('never give a record values of two people, and an undo brings back what was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), async (steps) => {
        await rig.clear()
        await importFeed(everybody, 0)
        let feed = everybody
        for (const [night, { changes, decisions, isUndone }] of steps.entries()) {
          feed = changes.reduce(alter, feed)
          const told = JSON.stringify(feed)
          for (const act of [() => importFeed(feed, night + 1), () => resolve(decisions)]) {
            const before = await readRecords()
            const runId = await act()
            const after = await readRecords()
            assertOneEach(after, told)
            const undoId = runId === undefined || !isUndone ? undefined : await undo(runId)
            if (undoId === undefined) continue
            const undone = await readRecords()
            for (const [id, row] of undone) {
              if (before.has(id)) assert.deepEqual(row, before.get(id), `after the undo of ${told}`)
              else assert.equal(row['status'], 'inactive')
            }
            await undo(undoId)
            assert.deepEqual(await readRecords(), after, `after the undo of the undo of ${told}`)
          }
        }
      }),
      { numRuns: sequences },
    )
  })
})
