import assert from 'node:assert/strict'
import { listDataFiles } from '../../../connectors/kit/one-roster/format/files.ts'
import type { OneRosterVersion } from '../../../connectors/kit/one-roster/format/column.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import { useImportRig } from '../import-rig.ts'

type Row = { readonly time: string; readonly status?: string; readonly grades?: string; readonly phone?: string }

const rig = useImportRig()
const ada = 0
const ben = 1
/** A day of a September. */
const on = (day: number) => `2025-09-${String(day).padStart(2, '0')}T08:00:00.000Z`

function bulk(time = '', version: OneRosterVersion = '1.1'): RosterPackage {
  const roster = new RosterPackage(version)
  for (const row of [ada, ben]) roster.set('users', row, 'dateLastModified', time)
  return roster
}

/** Rows of users.csv alone, by their place in it. */
function delta(rows: Readonly<Record<number, Row>>): RosterPackage {
  const roster = new RosterPackage('1.1', 'delta')
  for (const file of listDataFiles('1.1')) if (file !== 'users') roster.clear(file)
  for (const [at, { time, ...cells }] of Object.entries(rows)) {
    roster.set('users', Number(at), 'dateLastModified', time)
    for (const [column, value] of Object.entries(cells)) roster.set('users', Number(at), column, value)
  }
  const users = roster.rows('users')
  const kept = users.filter((_, at) => at in rows)
  users.splice(0, users.length, ...kept)
  return roster
}

/** As the workflow does: what is not kept back is applied, the rest when somebody approves; otherwise it is discarded. */
async function take(roster: RosterPackage, { isApproved = false } = {}) {
  const run = await rig.giveRun(await rig.giveContent(makeZip(roster.members())))
  const { keptBack, metLimits } = await rig.plan(run)
  if (keptBack !== 'none') {
    if (keptBack === 'deactivations') await rig.step('applyPlan', { ...run, part: 'safe' })
    await rig.step('holdForReview', { ...run, metLimits })
  }
  if (keptBack !== 'none' && !isApproved) await rig.close(run, { kind: 'discarded', reason: 'nobody decided' })
  else {
    await rig.step('applyPlan', { ...run, part: keptBack === 'deactivations' ? 'deactivations' : 'all' })
    await rig.close(run, { kind: 'applied' })
  }
  const { findingsByRule } = await rig.readRun(run)
  return {
    limits: metLimits.map(({ limit, count }) => `${limit} ${count}`),
    keptBack,
    told: Object.keys(findingsByRule).filter((rule) => rule.startsWith('D-')),
  }
}

const nothing = { limits: [], keptBack: 'none', told: [] }
const states = async () =>
  ((await rig.ask('select status from students order by source_key')) as { status: string }[]).map(
    ({ status }) => status,
  )
const phones = async () =>
  ((await rig.ask('select phone from students order by source_key')) as { phone: string }[]).map(({ phone }) => phone)

beforeEach(() => rig.clear())

describe('an older delta that arrives late', () => {
  it('deactivates nobody who came back since', async () => {
    await take(bulk())
    await take(delta({ [ada]: { time: on(10), phone: '1' } }))
    assert.deepEqual(await take(delta({ [ada]: { time: on(5), status: 'tobedeleted' } })), {
      ...nothing,
      told: ['D-05'],
    })
    assert.deepEqual(await states(), ['active', 'active'])
  })

  it('lets whom it withdraws wait for a person where nothing newer is known of them', async () => {
    await take(bulk())
    await take(delta({ [ada]: { time: on(10), phone: '1' } }))
    const late = delta({ [ada]: { time: on(5), phone: '0' }, [ben]: { time: on(5), status: 'tobedeleted' } })
    assert.deepEqual(await take(late), { limits: ['lateDelta 1'], keptBack: 'deactivations', told: ['D-05'] })
    assert.deepEqual(await states(), ['active', 'active'])
    assert.equal((await phones())[ada], '1')
    await take(late, { isApproved: true })
    assert.deepEqual(await states(), ['active', 'inactive'])
  })

  it('changes whom nothing newer is known of, and says that it is late', async () => {
    await take(bulk())
    await take(delta({ [ada]: { time: on(10), phone: '1' } }))
    assert.deepEqual(await take(delta({ [ben]: { time: on(5), phone: '2' } })), { ...nothing, told: ['D-05'] })
    assert.deepEqual(await phones(), ['1', '2'])
  })

  it('says nothing new after a complete package whose rows have times', async () => {
    await take(bulk(on(10)))
    assert.deepEqual(
      await take(delta({ [ada]: { time: on(5), phone: '0' }, [ben]: { time: on(5), status: 'tobedeleted' } })),
      {
        ...nothing,
        told: ['D-05'],
      },
    )
    assert.deepEqual(await states(), ['active', 'active'])
    assert.equal((await phones())[ada]?.startsWith('+1'), true)
    assert.deepEqual(await take(delta({ [ben]: { time: on(11), status: 'tobedeleted' } })), nothing)
    assert.deepEqual(await states(), ['active', 'inactive'])
  })

  it('is judged by times that can be: one that lies ahead makes nothing old', async () => {
    await take(bulk('2031-01-01T00:00:00.000Z'))
    assert.deepEqual(await take(delta({ [ben]: { time: on(5), status: 'tobedeleted' } })), nothing)
  })

  it('is late no more when what was newer is taken back', async () => {
    await take(bulk())
    const roster = delta({ [ada]: { time: on(10), phone: '1' } })
    const run = await rig.giveRun(await rig.giveContent(makeZip(roster.members())))
    await rig.importAll(run)
    const opened = await rig.step('openUndo', { ...run, by: 'operator-7', reason: 'wrong' })
    assert.ok(opened.kind === 'opened')
    const undo = { districtId: rig.districtId, runId: opened.undoRunId }
    await rig.step('carryOutUndo', undo)
    await rig.step('closeUndo', { ...undo, outcome: { kind: 'done' } })
    assert.deepEqual(await take(delta({ [ada]: { time: on(5), status: 'tobedeleted' } })), nothing)
    assert.deepEqual(await states(), ['inactive', 'active'])
  })

  it('is none where deltas come in their order, or come from the same moment', async () => {
    await take(bulk(on(1)))
    for (const [phone, day] of Object.entries([2, 3, 3])) {
      const next = await take(delta({ [ada]: { time: on(day), phone } }))
      assert.deepEqual(next, nothing, `on day ${day}`)
    }
    assert.equal((await phones())[ada], '2')
  })
})

describe('another kind of package than the last one', () => {
  const withoutBen = () => {
    const roster = bulk()
    for (const file of ['users', 'demographics', 'enrollments', 'results']) {
      const rows = roster.rows(file)
      rows.splice(0, rows.length, ...rows.filter((cells) => !cells.includes('student-2')))
    }
    return roster
  }

  it('lets whom the first complete one after deltas removes wait, once', async () => {
    await take(bulk())
    await take(delta({ [ada]: { time: on(10), phone: '1' } }))
    assert.deepEqual(await take(withoutBen()), { limits: ['otherMode 1'], keptBack: 'deactivations', told: [] })
    assert.deepEqual(await states(), ['active', 'active'])
    await take(withoutBen(), { isApproved: true })
    assert.deepEqual(await states(), ['active', 'inactive'])
    await take(bulk())
    await take(delta({ [ada]: { time: on(12), phone: '3' } }))
    assert.deepEqual(await take(withoutBen()), nothing)
  })

  it('of which nobody is removed is no matter, nor is a delta after a complete one', async () => {
    await take(bulk())
    assert.deepEqual(await take(delta({ [ada]: { time: on(10), phone: '1' } })), nothing)
    assert.deepEqual(await take(bulk()), nothing)
  })

  it('in another version is held, once for each turn', async () => {
    await take(bulk())
    const changed = (version: OneRosterVersion, phone: string) => bulk('', version).set('users', ada, 'phone', phone)
    const other = await take(changed('1.2', '1'))
    assert.deepEqual([other.limits.map((limit) => limit.split(' ')[0]), other.keptBack], [['otherVersion'], 'all'])
    assert.equal((await phones())[ada]?.startsWith('+1'), true)
    await take(changed('1.2', '1'), { isApproved: true })
    assert.deepEqual(await take(changed('1.2', '2')), nothing)
    assert.equal((await take(changed('1.1', '3'))).keptBack, 'all')
  })
})
