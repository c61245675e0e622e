import assert from 'node:assert/strict'
import fc from 'fast-check'
import { columnOf, storedFields } from '../../../domain/data-types/define-data-type.ts'
import { students } from '../../../domain/data-types/students.ts'
import { useEmptyRig } from '../empty-rig.ts'
import type { Pupil } from '../roster-rig.ts'
import { withUndo, type UndoRig } from './undo-rig.ts'

/** Each takes about a second; the default is for every day, 500 and more for a release. */
const sequences = Number(process.env['ROLLBOOK_TEST_SEQUENCES'] ?? 25)
const district = useEmptyRig()

const value = fc.constantFrom('A', 'B', 'C')
const pupil = fc.record({
  homeroom: fc.option(value, { nil: null }),
  bus: fc.option(value, { nil: undefined }),
  email: fc.option(value, { nil: null }),
  school: fc.constantFrom('north', 'south'),
})
type Roster = readonly Pupil[]

const roster: fc.Arbitrary<Roster> = fc
  .array(fc.option(pupil, { nil: null, freq: 4 }), { minLength: 2, maxLength: 2 })
  .map((rows) =>
    rows.flatMap((row, index): Pupil[] => {
      if (row === null) return []
      const { bus, ...rest } = row
      return [{ key: `k${index}`, sisId: `s${index}`, ...rest, ...(bus !== undefined && { bus }) }]
    }),
  )
const edit = fc.record({
  who: fc.integer({ min: 0, max: 1 }),
  what: fc.oneof(
    value.map((text) => `homeroom = '${text}'`),
    value.map((text) => `email = '${text}', phone = '${text}'`),
    value.map((text) => `custom_fields = '{"bus": "${text}"}'`),
    fc.constantFrom(`status = 'active'`, `status = 'inactive'`),
  ),
})
const importStep = fc.record({ kind: fc.constant('import' as const), roster, overwriteWithBlank: fc.boolean() })
const againStep = fc.record({ kind: fc.constant('again' as const) })
const editStep = fc.record({ kind: fc.constant('edit' as const), edit })
const undoStep = fc.record({
  kind: fc.constantFrom('undo' as const, 'through' as const),
  back: fc.integer({ min: 0, max: 2 }),
})

/** Something to work on, and then what mostly follows each other: an import, what people do, and second thoughts. */
const story = fc
  .tuple(
    importStep,
    fc.array(
      fc.tuple(
        fc.oneof({ weight: 4, arbitrary: importStep }, { weight: 1, arbitrary: againStep }),
        fc.array(editStep, { maxLength: 3 }),
        fc.array(fc.oneof({ weight: 4, arbitrary: undoStep }, { weight: 1, arbitrary: editStep }), {
          minLength: 1,
          maxLength: 3,
        }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([first, episodes]) => [first, ...episodes.flatMap(([run, edits, ends]) => [run, ...edits, ...ends])])

type Steps = typeof story extends fc.Arbitrary<infer Value> ? Value : never

const everybodyIn = (homeroom: string): Roster =>
  [0, 1].map((index) => ({ key: `k${index}`, sisId: `s${index}`, homeroom, email: null, school: 'north' }))
const editHomeroom = (who: number) => ({ kind: 'edit' as const, edit: { who, what: `homeroom = 'C'` } })
/** Chance alone seldom edits the very field that is then taken back: it is told to, in one story of ten. */
const editedSince: Steps = [
  { kind: 'import' as const, roster: everybodyIn('A'), overwriteWithBlank: false },
  { kind: 'import' as const, roster: everybodyIn('B'), overwriteWithBlank: false },
  editHomeroom(0),
  editHomeroom(1),
  { kind: 'undo' as const, back: 0 },
]

type Values = ReadonlyMap<string, Readonly<Record<string, unknown>>>
type Run = { readonly id: string; readonly before: Values; readonly editsBefore: number }

/** Values by field as the journal names them. */
async function readFields(rig: UndoRig): Promise<Values> {
  const records = [...(await rig.values())].map(([id, columns]) => {
    const custom = Object.entries((columns['custom_fields'] ?? {}) as Record<string, unknown>) // a jsonb object or null
    const fields: Record<string, unknown> = { status: columns['status'] }
    for (const field of storedFields(students)) fields[field] = columns[columnOf(field)]
    for (const [name, held] of custom) fields[`customFields.${name}`] = held
    return [id, fields] as const
  })
  return new Map(records)
}

const isEqual = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const fieldsOf = (...records: (Readonly<Record<string, unknown>> | undefined)[]) => [
  ...new Set(records.flatMap((record) => Object.keys(record ?? {}))),
]

/** What an undo must leave: the value before the run, unless somebody edited the field since. */
function expectUndone(now: Values, run: Run, edits: readonly string[]): Values {
  const editedSince = new Set(edits.slice(run.editsBefore))
  return new Map(
    [...now].map(([id, fields]) => {
      const before = run.before.get(id)
      if (before === undefined) {
        return [id, editedSince.has(`${id} status`) ? fields : { ...fields, status: 'inactive' }]
      }
      const values = fieldsOf(fields, before).map((field) => {
        return [field, editedSince.has(`${id} ${field}`) ? fields[field] : before[field]] as const
      })
      // A custom field that is not there is none.
      const expected = Object.fromEntries(values.filter(([, value]) => value !== undefined))
      return [id, expected]
    }),
  )
}

describe(`any sequence of imports, edits, undos and imports again (${sequences} of them)`, () => {
  it('keeps what people edited, restores the rest, journals nothing twice, and can be explained', async () => {
    let undone = 0
    let skipped = 0
    let through = 0
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        const rig = withUndo(district.rig)
        await district.rig.owner.query(`truncate students, staged_students, staged_unseen, plan_rows, plan_counts,
          applied_batches, journal, dataset_versions, import_runs, record_edits, undo_batches, undo_skips, undo_throughs`)
        const runs: Run[] = []
        const edits: string[] = []
        const told = new Map<string, number>()
        let lastRoster: { roster: Roster; overwriteWithBlank: boolean } | undefined
        let before = await readFields(rig)
        for (const next of steps) {
          let expected: Values | undefined
          if (next.kind === 'edit') {
            await rig.edit(`s${next.edit.who}`, next.edit.what)
          } else if (next.kind === 'undo') {
            const run = runs.at(-1 - next.back)
            const opened = run === undefined ? undefined : await rig.open(run.id)
            if (run !== undefined && opened !== undefined && 'undo' in opened) {
              const end = await rig.carryOut(opened.undo.id, { batchRows: 2 })
              assert.equal(end.state, 'completed')
              undone += 1
              skipped += end.skippedCount
              expected = expectUndone(before, run, edits)
              runs.push({ id: end.undoId, before, editsBefore: edits.length })
            } else expected = before
          } else if (next.kind === 'through') {
            const run = runs.at(-1 - next.back)
            const wanted = run === undefined ? [] : await rig.listThrough(run.id).catch((): string[] => [])
            through += wanted.length > 1 ? 1 : 0
            const previews = await rig.previewThrough(wanted)
            expected = before
            for (const [index, id] of wanted.entries()) {
              const now = await readFields(rig)
              const end = await rig.undo(id, { batchRows: 2 })
              const { reverted, madeInactive, skippedCount, skipped: left } = end
              assert.deepEqual(previews[index], { reverted, madeInactive, skippedCount, skipped: left })
              undone += 1
              skipped += end.skippedCount
              const undoneRun = runs.find((one) => one.id === id)
              if (undoneRun !== undefined) expected = expectUndone(expected, undoneRun, edits)
              runs.push({ id: end.undoId, before: now, editsBefore: edits.length })
            }
          } else {
            if (next.kind === 'import') lastRoster = next
            if (lastRoster === undefined) continue
            const { overwriteWithBlank } = lastRoster
            const id = await rig.import(lastRoster.roster, { settings: { overwriteWithBlank } })
            runs.push({ id, before, editsBefore: edits.length })
          }
          const after = await readFields(rig)
          if (expected !== undefined) assert.deepEqual(after, new Map(expected))
          if (next.kind === 'edit') {
            for (const [id, fields] of after)
              for (const field of fieldsOf(fields, before.get(id)))
                if (!isEqual(fields[field], before.get(id)?.[field])) edits.push(`${id} ${field}`)
          }
          await explain(rig, before, after, told)
          before = after
        }
        const { rows } = await district.rig.owner.query(
          'select run_id, record_id from journal group by run_id, record_id having count(*) > 1',
        )
        assert.deepEqual(rows, [], 'journaled twice')
      }),
      { numRuns: sequences, examples: Array.from({ length: Math.ceil(sequences / 10) }, (): [Steps] => [editedSince]) },
    )
    assert.ok(undone >= sequences / 2 && skipped >= sequences / 5, `${undone} undos, ${skipped} fields stayed`)
    assert.ok(through >= sequences / 10, `${through} times several runs were undone at once`)
    console.log(`${undone} undos, ${through} of several runs, ${skipped} fields stayed`)
  })
})

/** Every difference between two moments is told by the entries that the history got in between, and by them alone. */
async function explain(rig: UndoRig, before: Values, after: Values, told: Map<string, number>): Promise<void> {
  for (const [id, fields] of after) {
    const history = (await rig.history(id)) ?? []
    const news = history.slice(told.get(id) ?? 0)
    told.set(id, history.length)
    const held = before.get(id)
    if (held === undefined) {
      assert.deepEqual(
        news.map(({ action }) => action),
        ['create'],
      )
      continue
    }
    const story: Record<string, unknown> = { ...held }
    for (const { changes } of news) {
      for (const [field, [old, value]] of Object.entries(changes ?? {})) {
        assert.ok(isEqual(story[field], old), `${field} was another value`)
        assert.ok(!isEqual(old, value), `${field} did not change`)
        story[field] = value
      }
    }
    for (const field of fieldsOf(story, fields))
      assert.ok(isEqual(story[field], fields[field]), `${field} changed untold`)
  }
}
