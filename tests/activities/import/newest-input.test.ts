import assert from 'node:assert/strict'
import type { ArchivedFile } from '../../../db/import/inputs/archived-files.ts'
import type { PackageRequest } from '../../../simulators/oneroster-package/make-package.ts'
import { inventStudents, userRow } from '../../end-to-end/invented-rows.ts'
import { playEveryOrder, type Actor } from './every-order.ts'
import { useImportRig } from '../import-rig.ts'
import { LastWordModel, type Fate } from './last-word-model.ts'
import { cancelOf, RunActor, undoOfLast, type Decision, type Story } from './run-actor.ts'
import { saveState } from '../saved-state.ts'

const rig = useImportRig()
const county = { seed: 7, students: 12, studentsPerSchool: 12 } as const

const people = inventStudents(county.seed, county.students, county.studentsPerSchool)

/** By what they say, with `'` for other bytes. H gives everybody another name: held wherever they are. */
const packages = {
  A: county,
  "A'": { ...county, comment: 'other bytes' },
  B: { ...county, changedEvery: 3, isLeftOut: (_: unknown, number: number) => number === 2 },
  C: { ...county, changedEvery: 4, isLeftOut: (_: unknown, number: number) => number === 5 },
  "H'": {
    ...county,
    isLeftOut: () => true,
    moreUsers: people.map((who) => userRow(who, { familyName: `Van${who.familyName}` })),
  },
  H: {
    ...county,
    isLeftOut: () => true,
    moreUsers: people.map((who) => userRow(who, { familyName: `${who.familyName}-Hale` })),
  },
} satisfies Record<string, PackageRequest>
type Name = keyof typeof packages

const inputs = new Map<Name, ArchivedFile>()
const tables = new Map<string, readonly unknown[]>([['nothing', []]])
let baseRunId = ''
let restore: () => Promise<void>

const activeStudents = () =>
  rig.ask(`select sis_id, s.source_key, given_name, family_name, email, grade_level, o.source_key as school
    from students s join orgs o on o.id = s.school_id where status = 'active' order by sis_id`)
const inputOf = (name: Name): ArchivedFile => {
  const input = inputs.get(name)
  if (input === undefined) throw new Error(`there is no package ${name}`)
  return input
}

type Cast = {
  /** Oldest first; with how a hold is decided. */
  readonly runs: readonly (Name | readonly [Name, Decision])[]
  readonly cancels?: readonly number[]
  readonly undoes?: boolean
  readonly isCoarse?: boolean
}

/** Every order of the cast's steps; gives how many there are. */
function playAll({ runs, cancels = [], undoes = false, isCoarse = false }: Cast): Promise<number> {
  let story: Story
  const names = runs.map((run) => (typeof run === 'string' ? run : run[0]))
  const begin = async (): Promise<Actor[]> => {
    await restore()
    story = { rig, model: new LastWordModel({ bytes: 'A', content: 'A' }), runs: [], isCoarse }
    for (const [index, run] of runs.entries()) {
      const [name, decision] = typeof run === 'string' ? [run, 'approve' as const] : run
      const isMet = name === 'A' || names.indexOf(name) !== index || names.lastIndexOf(name) !== index
      const input = { bytes: isMet ? name : `unique ${name}`, content: name.slice(0, 1) }
      await RunActor.create(story, await rig.giveRun(inputOf(name)), input, decision)
    }
    const others = cancels.flatMap((index) => {
      const actor = story.runs[index - 1]
      return actor === undefined ? [] : [cancelOf(actor, String(index))]
    })
    return [...story.runs, ...others, ...(undoes ? [undoOfLast(story, baseRunId)] : [])]
  }
  return playEveryOrder(begin, async (order) => {
    const told = `${names.join(', ')}: ${order.join(' → ')}`
    assert.deepEqual(
      story.runs.flatMap(({ surprises }) => surprises),
      [],
      told,
    )
    assert.equal(story.model.content, story.model.newestWord, told)
    assert.deepEqual(await activeStudents(), tables.get(story.model.content), `${told}: not ${story.model.content}`)
    for (const [index, { run, fate }] of story.runs.entries()) {
      const { state, undoUntil } = await rig.readRun(run)
      assert.ok(fatesOf[fate].includes(state), `${told}: run ${index + 1} is ${state}, not ${fate}`)
      if (state === 'unchanged') assert.equal(undoUntil, null)
    }
  })
}

const fatesOf: Readonly<Record<Fate, readonly string[]>> = {
  open: [],
  in: ['completed', 'completedWithAlerts', 'unchanged', 'undone', 'partlyUndone'],
  discarded: ['discarded'],
  cancelled: ['cancelled'],
}

describe('the newest input is the last word in every order', () => {
  beforeAll(async () => {
    for (const name of Object.keys(packages) as Name[]) inputs.set(name, await rig.givePackage(packages[name]))
    const startFresh = await saveState(rig)
    for (const name of ['B', 'C', 'H', 'A'] as const) {
      await startFresh()
      const run = await rig.giveRun(inputOf(name))
      await rig.importAll(run)
      tables.set(name, await activeStudents())
      baseRunId = run.runId
    }
    // A, the last, is what every story finds.
    restore = await saveState(rig)
  })

  /** A cast, and in how many orders its steps can follow each other. */
  const casts: readonly (readonly [about: string, orders: number, Cast])[] = [
    ['the wrong package and the right one again', 4, { runs: ['B', 'A'] }],
    ['the wrong package and the right one in other bytes', 6, { runs: ['B', "A'"] }],
    ['two new packages', 6, { runs: ['B', 'C'] }],
    ['one that is there, and a new one', 4, { runs: ['A', 'B'] }],
    ['one that was held, and a good one', 22, { runs: ['H', 'B'] }],
    ['one that was held and discarded, and a good one', 12, { runs: [['H', 'discard'], 'B'] }],
    ['one that was held, and the one that is there', 6, { runs: ['H', 'A'] }],
    ['a good one, and one that is held', 22, { runs: ['B', 'H'] }],
    ['a good one, and one that is held and discarded', 12, { runs: ['B', ['H', 'discard']] }],
    ['two that are held', 14, { runs: ['H', ["H'", 'discard']], isCoarse: true }],
    ['three new ones', 55, { runs: ['B', 'C', "A'"], isCoarse: true }],
    ['one and the undo of what was there', 10, { runs: ['B'], undoes: true }],
    ['the one that is there and its undo', 3, { runs: ['A'], undoes: true }],
    ['the wrong one, the right one again and an undo', 23, { runs: ['B', 'A'], undoes: true, isCoarse: true }],
    ['two new ones and an undo', 47, { runs: ['B', 'C'], undoes: true, isCoarse: true }],
    ['two new ones, of which the older is cancelled', 10, { runs: ['B', 'C'], cancels: [1], isCoarse: true }],
    ['two new ones, of which the newer is cancelled', 13, { runs: ['B', 'C'], cancels: [2], isCoarse: true }],
    ['the wrong one, and the same again', 16, { runs: ['B', 'B'] }],
    ['a wrong one, the right one again and another', 29, { runs: ['B', 'A', 'C'], isCoarse: true }],
    ['the right one, a wrong one and a rerun of the right one', 12, { runs: ['A', 'B', 'A'], isCoarse: true }],
  ]
  for (const [about, orders, cast] of casts) {
    it(`of ${about}: ${orders}`, async () => {
      assert.equal(await playAll(cast), orders)
    })
  }
})
