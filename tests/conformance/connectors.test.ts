import assert from 'node:assert/strict'
import { connectors as registered } from '../../connectors/registry.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { compileMapping } from '../../domain/mapping/compile-mapping.ts'
import { decideFirstComplete, findOpenChoice } from '../../domain/mapping/decide-first-complete.ts'
import { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import { createEnvironment } from '../activities/import-rig.ts'
import { getFixture } from '../districts/registry.ts'
import type { RunRef } from '../../activities/interface.ts'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { rosterDay, type RosterPackage } from '../fixtures/roster-package.ts'
import { listNeeded, useConformanceRig } from './conformance-rig.ts'
import { sources } from './sources.ts'

/** Those that bring records; of the others tells tests/conformance/fields.test.ts. */
const connectors = registered.filter(
  (one) => !one.dataTypes.some((name) => one.collections(name).some(({ bringsFieldsOnly }) => bringsFieldsOnly)),
)

describe('the sources of this suite', () => {
  for (const { id } of connectors) {
    it(`have one for the connector ${id}`, () => {
      assert.ok(
        sources.some((source) => source.connector === id),
        `tests/conformance/sources.ts has no source for ${id}`,
      )
    })
  }

  for (const { connector } of sources) {
    it(`have none but of a connector that is registered: ${connector}`, () => {
      assert.ok(
        connectors.some(({ id }) => id === connector),
        `${connector} is in no line of connectors/registry.ts`,
      )
    })
  }
})

for (const connector of connectors) {
  const source = sources.find((known) => known.connector === connector.id)
  if (source === undefined) continue

  describe(`the connector ${connector.id}`, () => {
    const rig = useConformanceRig({ connector: connector.id, settings: source.settings })

    for (const dataType of connector.dataTypes) {
      const { name, fields } = getDataType(dataType)
      const { absence, keys, remove, change } = getFixture(name)
      const whole = () => makeWholeRoster(source.version)
      const bring = async (roster: RosterPackage, fault?: string, { isTest = false } = {}) =>
        rig.follow(await source.give(rig, roster, fault), name, { isTest })

      describe(`of ${name}`, () => {
        beforeAll(async () => {
          await rig.clear()
          for (const needed of listNeeded(name)) {
            if (connector.dataTypes.includes(needed)) await rig.follow(await source.give(rig, whole()), needed)
            else await rig.bring(whole(), needed)
          }
          await bring(whole())
        })

        it('ships a mapping that compiles, and reads columns of its own alone', () => {
          const document = MappingDocument.parse(connector.defaultMapping(name))
          const choice = findOpenChoice(document)
          const decided =
            choice === undefined ? document : decideFirstComplete(document, choice.field, choice.columns[0] ?? '')
          const collections = connector.collections(name)
          for (const { name: collection, columns } of compileMapping(
            getDataType(name),
            decided,
            collections,
            rosterDay,
          )) {
            const known = collections.find((candidate) => candidate.name === collection)?.columns ?? []
            const unknown = columns.filter((column) => !known.includes(column))
            assert.deepEqual(unknown, [], `${collection} has no such column`)
          }
          for (const field of Object.keys(decided.codes)) assert.ok(fields[field], `${field} has codes and is no field`)
        })

        it('is unchanged when the same input comes again', async () => {
          assert.equal((await bring(whole())).state, 'unchanged')
        })

        it('has the same records when every row comes twice', async () => {
          const values = await rig.readValues(name)
          assert.deepEqual(Object.keys(values), [...keys].sort())
          assert.match((await bring(whole(), source.twice)).state, /^completed/)
          assert.deepEqual(await rig.readValues(name), values)
        })

        it('leaves the same behind when reading it is broken off anywhere, and begun again', async () => {
          const { run: undisturbed } = await bring(change(whole()), undefined, { isTest: true })
          const input = await source.give(rig, change(whole()))
          const run = await rig.giveRun(input, { dataType: name, isTest: true })
          await rig.step('openRun', run)
          let deaths = 0
          while (!(await stageUntil(run, deaths))) deaths += 1
          assert.ok(deaths > 0, 'it was never broken off')
          await rig.step('buildPlan', run)
          const [expected, found] = [await readLeft(undisturbed), await readLeft(run)]
          assert.notDeepEqual(expected, [[], []])
          assert.deepEqual(found, expected)
        })

        it('loses nobody and no value without one of its columns', async () => {
          for (const column of source.listColumns(whole(), name)) {
            const { run } = await bring(source.dropColumn(whole(), column), undefined, { isTest: true })
            const lost = await rig.ask(`select action, changes from plan_rows where run_id = '${run.runId}'
              and (action = 'deactivate' or exists (select from jsonb_each(changes) c where c.value -> 1 = 'null'))`)
            assert.deepEqual(lost, [], column)
          }
        })

        it('deactivates nobody where the input is not proved to be whole', async () => {
          for (const fault of source.faults) {
            const { run } = await bring(remove(whole(), absence.key), fault, { isTest: true })
            const gone = await rig.ask(`select from plan_rows where run_id = '${run.runId}' and action = 'deactivate'`)
            assert.equal(gone.length, 0, fault)
          }
        })

        it('deactivates whoever is not in an input that is whole, and that twice as well', async () => {
          await bring(remove(whole(), absence.key), source.twice)
          const gone = Object.entries(await rig.readStatuses(name)).filter(([, status]) => status === 'inactive')
          assert.deepEqual(gone, [[absence.key, 'inactive']])
        })
      })

      /** Reads an input, and dies behind so many blocks of it; says whether it came to its end. */
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

      /** What reading and planning leave behind, without what differs from run to run. */
      const readLeft = async ({ runId }: RunRef) => {
        const { stagedTable } = getDataType(name)
        const staged = await rig.ask(`select to_jsonb(s) - array['run_id', 'seq'] as row from ${stagedTable} s
          where run_id = '${runId}' order by line, source_key`)
        const planned = await rig.ask(`select action, record_id, reason, changes from plan_rows
          where run_id = '${runId}' order by record_id, action, reason`)
        return [staged, planned]
      }
    }
  })
}
