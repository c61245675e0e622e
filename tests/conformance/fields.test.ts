import assert from 'node:assert/strict'
import type { RunRef } from '../../activities/interface.ts'
import { connectors } from '../../connectors/registry.ts'
import { columnOf } from '../../domain/data-types/define-data-type.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { createEnvironment } from '../activities/import-rig.ts'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { fieldSources } from './field-sources.ts'
import { useConformanceRig } from './conformance-rig.ts'

const bringFields = connectors.filter((one) =>
  one.dataTypes.some((name) => one.collections(name).some(({ bringsFieldsOnly }) => bringsFieldsOnly)),
)

describe('the sources of fields', () => {
  for (const { id } of bringFields) {
    it(`have one for the connector ${id}`, () => {
      assert.ok(fieldSources.some(({ connector }) => connector === id))
    })
  }
})

for (const connector of bringFields) {
  const source = fieldSources.find((known) => known.connector === connector.id)
  if (source === undefined) continue

  describe(`the connector ${connector.id}`, () => {
    const rig = useConformanceRig()

    for (const name of connector.dataTypes) {
      const { table, matchKeys } = getDataType(name)
      const [firstKey] = matchKeys
      const key = columnOf(firstKey)
      let connectionId = ''
      const readNotes = async () => {
        const rows = await rig.ask(`select ${key} as id, custom_fields ->> 'note' as note from ${table}
          where custom_fields ? 'note' order by 1`)
        return Object.fromEntries((rows as { id: string; note: string }[]).map(({ id, note }) => [id, note]))
      }
      const readOthers = () =>
        rig.ask(`select to_jsonb(r) - array['revision', 'updated_at', 'updated_run_id', 'custom_fields'] as row
          from ${table} r order by ${key}`)
      const listIds = async () => {
        const rows = await rig.ask(`select ${key} as id from ${table} where status = 'active' order by 1 limit 2`)
        return (rows as { id: string }[]).map(({ id }) => id)
      }
      const giveRun = async (rows: readonly (readonly [string, string])[]) => {
        const input = await rig.giveContent(source.write(rows))
        return rig.giveRun(input, { dataType: name, connectionId })
      }

      describe(`of ${name}`, () => {
        beforeAll(async () => {
          await rig.clear()
          await rig.bringAll(makeWholeRoster(source.version), name)
          connectionId = await rig.addConnection({
            ...{ connector: connector.id, name: `notes of ${name}` },
            settings: source.settingsFor(name, firstKey, 'note'),
          })
        })

        it('changes the field of whom it names, creates nobody, and is taken back', async () => {
          const before = await readOthers()
          const [one = '', two = ''] = await listIds()
          const run = await giveRun([
            [one, 'first'],
            ['nobody at all', 'x'],
            [two, 'second'],
          ])
          const closed = await rig.importAll(run)
          assert.equal(closed.state, 'completedWithAlerts')
          const expected = two === '' ? { [one]: 'first' } : { [one]: 'first', [two]: 'second' }
          assert.deepEqual(await readNotes(), expected)
          assert.deepEqual(await readOthers(), before)
          const { counts } = await rig.readRun(run)
          assert.deepEqual([counts.created, counts.deactivated, counts.reactivated], [0, 0, 0])
          await rig.undo(run)
          assert.deepEqual(await readNotes(), {})
        })

        it('leaves the same behind when reading it is broken off anywhere, and begun again', async () => {
          const [one = ''] = await listIds()
          const rows = [
            [one, 'first'],
            ['nobody at all', 'x'],
          ] as const
          const undisturbed = await giveRun(rows)
          await rig.plan(undisturbed)
          const run = await giveRun(rows)
          await rig.step('openRun', run)
          let deaths = 0
          while (!(await stageUntil(run, deaths))) deaths += 1
          assert.ok(deaths > 0, 'it was never broken off')
          await rig.step('buildPlan', run)
          const [expected, found] = [await readLeft(undisturbed), await readLeft(run)]
          assert.notDeepEqual(expected, [[], []])
          assert.deepEqual(found, expected)
        })
      })

      /** Reads a file, and dies behind so many blocks of it; says whether it came to its end. */
      const stageUntil = async (run: RunRef, blocks: number): Promise<boolean> => {
        const environment = createEnvironment()
        let beats = 0
        environment.on('heartbeat', () => {
          if (beats++ === blocks) environment.cancel()
        })
        try {
          await rig.step('stageRun', run, environment)
          return true
        } catch {
          return false
        }
      }

      const readLeft = async ({ runId }: RunRef) => {
        const findings = await rig.ask(
          `select step, rule, line from run_findings where run_id = '${runId}' order by seq`,
        )
        const planned = await rig.ask(`select action, record_id, reason, changes from plan_rows
          where run_id = '${runId}' order by seq`)
        return [findings, planned]
      }
    }
  })
}
