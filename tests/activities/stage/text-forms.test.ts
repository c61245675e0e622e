import assert from 'node:assert/strict'
import type { PackagePupil } from '../../fixtures/pupil-package.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()

const names = [
  ['Zoë', 'Ågren'],
  ['José', 'Ibáñez'],
  ['Søren', 'Łyżwa'],
  ['Trần', 'Nguyễn'],
  ['Hesta', '-'],
  ['가람', '이'],
] as const
const pupils: readonly PackagePupil[] = names.map(([givenName, familyName], at) => ({
  id: `src-é${at}`,
  orgs: 'S1,S2',
  givenName,
  familyName,
  birthDate: '2014-05-21',
}))

async function importPupils(request: { readonly rewrite?: (cell: string) => string; readonly comment?: string }) {
  const run = await rig.giveRun(await rig.givePupils({ pupils, ...request }))
  const closed = await rig.importAll(run)
  return { closed, run: await rig.readRun(run) }
}

describe('a feed whose text is written in another way than the night before', () => {
  beforeAll(async () => {
    const { run } = await importPupils({})
    assert.equal(run.counts.created, pupils.length)
  })

  const spellings: readonly (readonly [string, (cell: string) => string])[] = [
    ['in decomposed characters', (cell) => cell.normalize('NFD')],
    ['with no-break spaces behind the values', (cell) => (cell === '' ? '' : `${cell}\u00a0`)],
    ['with white space of all kinds around them', (cell) => (cell === '' ? '' : `\ufeff\u2003${cell}\u200b\u0085\t `)],
    ['with zero-width spaces around the items of lists', (cell) => cell.replace('S1,S2', '\u200bS1\u00a0,\u200bS2')],
    ['with line breaks behind them', (cell) => (cell.includes('@') || cell.length === 2 ? `${cell}\r\n` : cell)],
  ]
  for (const [how, rewrite] of spellings) {
    it(`changes nobody ${how}`, async () => {
      const { run } = await importPupils({ rewrite, comment: how })
      const { unchanged, updated, created, rejected, deactivated } = run.counts
      assert.deepEqual([unchanged, updated, created, rejected, deactivated], [pupils.length, 0, 0, 0, 0])
      assert.equal(run.findingCounts.error, 0)
    })
  }

  it('is told of the white space that was taken off', async () => {
    const { run } = await importPupils({ rewrite: (cell) => (cell === 'true' ? 'true\u200b' : cell), comment: 'told' })
    assert.equal(run.findingsByRule['C-11']?.count, pupils.length)
  })

  it('has the digests it had, so that decomposed text is not even compared', async () => {
    const before = (await rig.readTables())['students']
    const run = await rig.giveRun(await rig.givePupils({ pupils, rewrite: (cell) => cell.normalize('NFD') }))
    await rig.step('openRun', run)
    const { stagedCount } = await rig.step('stageRun', run)
    assert.equal(stagedCount, 0)
    assert.deepEqual((await rig.readTables())['students'], before)
  })
})
