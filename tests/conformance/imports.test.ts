import assert from 'node:assert/strict'
import type { Page } from '../../api/contract/paging.ts'
import type { RosterRecord } from '../../api/contract/record.ts'
import type { PlanRow } from '../../api/contract/plan.ts'
import { getField, shownFields } from '../../domain/data-types/define-data-type.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import { getFixture } from '../districts/registry.ts'
import { makeWholeRoster, setCell } from '../districts/whole-roster.ts'
import { useConformanceRig } from './conformance-rig.ts'

const rig = useConformanceRig()
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-/

/** Other bytes that say the same of every record. */
const sayAgain = (version: '1.1' | '1.2') => setCell(makeWholeRoster(version), 'orgs', 'district-1', 'name', 'Lincoln')

describe('an import of', () => {
  for (const dataType of dataTypes) {
    for (const version of ['1.1', '1.2'] as const) {
      describe(`${dataType.name} in ${version}`, () => {
        beforeAll(async () => {
          await rig.clear()
          await rig.bringAll(makeWholeRoster(version), dataType.name)
        })

        it('brings in every record of the package, and nothing else', async () => {
          const { keys } = getFixture(dataType.name)
          const expected = Object.fromEntries(keys.map((key) => [key, 'active']))
          assert.deepEqual(await rig.readStatuses(dataType.name), expected)
        })

        it('shows each field as people know it, references too', async () => {
          const records = await rig.readCsv(dataType.name)
          for (const [key, expected] of Object.entries(getFixture(dataType.name).shown(version))) {
            const id = await rig.idOf(dataType.name, key)
            const shown = records.find(({ recordId }) => recordId === id)
            const blank = Object.fromEntries(shownFields(dataType).map((field) => [field, '']))
            assert.deepEqual(shown, { recordId: id, status: 'active', ...blank, ...expected })
          }
          assert.doesNotMatch(JSON.stringify(records.map(({ recordId: _id, ...shown }) => shown)), uuid)
        })

        it('lists the records page by page', async () => {
          const seen: string[] = []
          let cursor = ''
          for (;;) {
            const path = `/api/districts/${rig.district}/records/${dataType.name}?limit=3${cursor}`
            const { items, nextCursor } = await rig.get<Page<RosterRecord>>(path)
            seen.push(...items.map(({ recordId }) => recordId))
            if (nextCursor === null) break
            cursor = `&cursor=${nextCursor}`
          }
          assert.equal(new Set(seen).size, seen.length)
          assert.equal(seen.length, getFixture(dataType.name).keys.length)
        })

        it('lists what the same package in other bytes does: nothing', async () => {
          const { run, state } = await rig.bring(sayAgain(version), dataType.name)
          assert.match(state, /^completed/)
          const { counts } = await rig.readRun(run)
          assert.deepEqual(onlyChanges(counts), {})
          const { items } = await rig.get<Page<PlanRow>>(`/api/runs/${run.runId}/plan`)
          assert.deepEqual(new Set(items.map(({ action }) => action)), new Set(items.map(() => 'unchanged')))
        })

        it('ends at once as unchanged when the very same bytes come again', async () => {
          assert.equal((await rig.bring(sayAgain(version), dataType.name)).state, 'unchanged')
        })

        it('lists a changed field with both its values, and then the record has the new one', async () => {
          const { change, changed, keys } = getFixture(dataType.name)
          const { key, field, before, after } = changed
          const { run } = await rig.bring(change(makeWholeRoster(version)), dataType.name)
          const { items } = await rig.get<Page<PlanRow>>(`/api/runs/${run.runId}/plan?limit=500`)
          const rows = items.filter(({ action }) => action !== 'unchanged')
          assert.equal(rows.length, 1)
          const [row] = rows
          assert.equal(row?.action, keys.includes(key) ? 'update' : 'create')
          const toShown = (value: unknown) => {
            if (Array.isArray(value)) return value.join(';')
            return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
          }
          const { old, new: now } = row.changes?.[field] ?? {}
          assert.deepEqual([toShown(old), toShown(now)], [before, after])
          if (keys.includes(key)) assert.deepEqual(row.fields, [field])
          assert.doesNotMatch(JSON.stringify([row.changes, row.school, row.sisId]), uuid)
          const id = await rig.idOf(dataType.name, key)
          const shown = (await rig.readCsv(dataType.name)).find(({ recordId }) => recordId === id)
          assert.equal(shown?.[field], after)
          assert.ok(getField(dataType, field))
        })
      })
    }
  }
})

/** What a run counts besides the rows it read. */
function onlyChanges(counts: object | null): Record<string, number> {
  const entries = Object.entries(counts ?? {}) as [string, number][] // counts are numbers by name
  return Object.fromEntries(entries.filter(([name, count]) => /^(creat|updat|deactiv|reactiv)/.test(name) && count > 0))
}
