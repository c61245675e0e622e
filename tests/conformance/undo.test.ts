import assert from 'node:assert/strict'
import JSZip from 'jszip'
import { parse } from 'csv-parse/sync'
import type { z } from 'zod'
import type { RecordHistory } from '../../api/contract/record.ts'
import type { RunRef } from '../../activities/interface.ts'
import { withDistrict } from '../../db/database.ts'
import { getRun } from '../../db/import/runs.ts'
import { previewUndo } from '../../db/undo/preview-undo.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import { getFixture } from '../districts/registry.ts'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { useConformanceRig, type ShownRecord } from './conformance-rig.ts'

const rig = useConformanceRig()
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-/

describe('what a run did to', () => {
  for (const dataType of dataTypes) {
    describe(dataType.name, () => {
      const { name } = dataType
      let first: RunRef
      let second: RunRef
      let before: Readonly<Record<string, unknown>>
      let after: Readonly<Record<string, unknown>>

      beforeAll(async () => {
        const { change } = getFixture(name)
        await rig.clear()
        first = (await rig.bringAll(makeWholeRoster(), name)).run
        before = await rig.readValues(name)
        second = (await rig.bring(change(makeWholeRoster()), name)).run
        after = await rig.readValues(name)
        assert.notDeepEqual(after, before)
      })

      it('is told by the history of a record, with what people know of a reference', async () => {
        const { changed, keys } = getFixture(name)
        const recordId = await rig.idOf(name, changed.key)
        const path = `/api/districts/${rig.district}/records/${name}/${recordId}/history`
        const { items } = await rig.get<z.infer<typeof RecordHistory>>(path)
        const isUpdate = keys.includes(changed.key)
        assert.deepEqual(
          items.map(({ action, runId }) => ({ action, runId })),
          [
            { action: 'create', runId: isUpdate ? first.runId : second.runId },
            ...(isUpdate ? [{ action: 'update', runId: second.runId }] : []),
          ],
        )
        if (isUpdate) assert.deepEqual(items[1]?.fields, [changed.field])
        assert.doesNotMatch(JSON.stringify(items.map(({ changes }) => changes)), uuid)
      })

      it('is in the export, one line for each field', async () => {
        const { changed } = getFixture(name)
        const zip = await JSZip.loadAsync(await rig.download(`/api/runs/${second.runId}/export`))
        const text = (await zip.file('changes.csv')?.async('string')) ?? ''
        const lines = parse<ShownRecord>(text, { columns: true })
        const line = lines.find(({ field }) => field === changed.field)
        assert.equal(line?.['old'], changed.before)
        assert.equal(line['new'], changed.after)
        assert.doesNotMatch(JSON.stringify(lines.map(({ recordId: _id, ...shown }) => shown)), uuid)
      })

      it('is taken back, field by field, and comes back with the undo of the undo', async () => {
        const preview = await withDistrict(rig.db, rig.districtId, async (trx) =>
          previewUndo(trx, dataType, { run: await getRun(trx, second.runId), limit: 10 }),
        )
        const isUpdate = getFixture(name).keys.includes(getFixture(name).changed.key)
        assert.deepEqual([preview.reverted, preview.madeInactive], isUpdate ? [1, 0] : [0, 1])
        const undo = await rig.undo(second)
        const now = await rig.readValues(name)
        for (const [key, values] of Object.entries(before)) assert.deepEqual(now[key], values)
        const statuses = await rig.readStatuses(name)
        for (const key of Object.keys(now)) if (!(key in before)) assert.equal(statuses[key], 'inactive')
        await rig.undo(undo)
        assert.deepEqual(await rig.readValues(name), after)
      })

      it('is brought again by the same input after it was taken back', async () => {
        const { change } = getFixture(name)
        await rig.clear()
        await rig.bringAll(makeWholeRoster(), name)
        const { run } = await rig.bring(change(makeWholeRoster()), name)
        const values = await rig.readValues(name)
        await rig.undo(run)
        assert.match((await rig.bring(change(makeWholeRoster()), name)).state, /^completed/)
        assert.deepEqual(await rig.readValues(name), values)
      })

      it('is nobody active where the first import is taken back, and everybody with the undo of that', async () => {
        await rig.clear()
        const { run } = await rig.bringAll(makeWholeRoster(), name)
        const values = await rig.readValues(name)
        const undo = await rig.undo(run)
        assert.deepEqual(new Set(Object.values(await rig.readStatuses(name))), new Set(['inactive']))
        await rig.undo(undo)
        assert.deepEqual(await rig.readValues(name), values)
      })
    })
  }
})
