import assert from 'node:assert/strict'
import JSZip from 'jszip'
import { startTestStack } from '../../harness/stack.ts'
import { DistrictOnStack, packageOfDistrict, type SetEnd } from '../district-on-stack.ts'
import { compareRecords } from '../oracle/compare-records.ts'
import { expectRoster, keyOf } from '../oracle/expect-roster.ts'
import { readTables, withCreatedInactive, type HeldTables } from './tables-of-records.ts'

const stackStarted = startTestStack()
const today = new Date().toISOString().slice(0, 10)

/** Other bytes with the same rows in them. */
async function repack(content: Buffer): Promise<Buffer> {
  return (await JSZip.loadAsync(content)).generateAsync({ type: 'nodebuffer', comment: 'packed once more' })
}

for (const version of ['1.1', '1.2'] as const) {
  describe(`a package of OneRoster ${version}, imported for all data types`, () => {
    const request = { students: 90, seed: 7, version, today }
    let district: DistrictOnStack
    let first: SetEnd
    let held: HeldTables
    beforeAll(async () => {
      district = await DistrictOnStack.create(await stackStarted, `roster-${version.replace('.', '-')}`)
      first = await district.importAll(await packageOfDistrict(request))
      held = await readTables(district)
    })

    it('becomes the records that its files tell of, all of them and column by column', async () => {
      const roster = await expectRoster(await packageOfDistrict(request), today)
      assert.deepEqual(Object.keys(roster).sort(), first.runs.map(({ dataType }) => dataType).sort())
      const comparisons = await compareRecords(roster, async (dataType) => {
        const { stdout } = await district.command('records', dataType, '--district', district.slug, '--csv')
        return stdout
      })
      for (const { dataType, expected, printed, differences } of comparisons) {
        assert.ok(expected > 0, `the package has no ${dataType}`)
        assert.deepEqual(differences, [])
        assert.equal(printed, expected, dataType)
      }
      assert.deepEqual(Object.keys(roster).sort(), Object.keys(keyOf).sort())
    })

    it('is unchanged when it comes again, by its bytes or row by row', async () => {
      const content = await packageOfDistrict(request)
      for (const run of (await district.importAll(content)).runs) {
        // What was left out for somebody who is not held is looked at again: she may be held by now.
        if (run.state !== 'unchanged') assertUnchanged(run)
        if (run.state !== 'unchanged') assert.ok('counts' in run && run.counts.skipped > 0, run.dataType)
      }
      for (const run of (await district.importAll(await repack(content))).runs) assertUnchanged(run)
      assert.deepEqual(await readTables(district), held)
    })

    it('is as it was when the runs of the next day are taken back, the last one first', async () => {
      const { runs } = await district.importAll(await packageOfDistrict({ ...request, day: 2 }))
      const later = await readTables(district)
      for (const table of ['students', 'guardians', 'classes', 'enrollments'])
        assert.notDeepEqual(later[table], held[table], `nothing happened to ${table}`)
      await undo(runs)
      assert.deepEqual(await readTables(district), withCreatedInactive(held, later))
    })

    it('leaves records that are as they were and inactive when its own runs are taken back', async () => {
      const before = await readTables(district)
      await undo(first.runs)
      const { orgs, ...types } = before
      assert.deepEqual(await readTables(district), { orgs, ...withCreatedInactive({}, types) })
    })

    function assertUnchanged(run: SetEnd['runs'][number]): void {
      assert.ok('counts' in run, run.dataType)
      const { unchanged, read, skipped, ...changed } = run.counts
      assert.ok(unchanged > 0, run.dataType)
      assert.equal(unchanged, read - skipped, run.dataType)
      assert.deepEqual(new Set(Object.values(changed)), new Set([0]), run.dataType)
    }

    async function undo(runs: SetEnd['runs']): Promise<void> {
      for (const run of runs.toReversed()) {
        assert.ok('counts' in run, run.dataType)
        const { created, updated, deactivated, reactivated } = run.counts
        if (created + updated + deactivated + reactivated === 0) continue
        const { exitCode, stderr } = await district.command('undo', run.runId, '--json')
        assert.equal(exitCode, 0, `${run.dataType}: ${stderr}`)
      }
    }
  })
}
