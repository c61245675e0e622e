import assert from 'node:assert/strict'
import { dataTypes } from '../../domain/data-types/registry.ts'
import type { OneRosterVersion } from '../../connectors/kit/one-roster/format/column.ts'
import { getFixture } from '../districts/registry.ts'
import { makeWholeRoster } from '../districts/whole-roster.ts'
import { useConformanceRig } from './conformance-rig.ts'

/**
 * Absence is evidence only in an input that is proved complete. One table for every data type: each way in which a
 * package can fall short, and nobody is deactivated. Where the package is whole, and only there, whoever is missing from it
 * is. Each package comes as a test import, so that
 * the next one finds the same records: what its plan says is what would be done.
 */
const rig = useConformanceRig()
const both: readonly OneRosterVersion[] = ['1.1', '1.2']

describe('what is missing from an input that is not whole', () => {
  for (const { name, table } of dataTypes) {
    for (const version of both) {
      describe(`of ${name} in ${version}`, () => {
        beforeAll(async () => {
          await rig.clear()
          await rig.bringAll(makeWholeRoster(version), name)
        })

        const { absence, remove } = getFixture(name)
        for (const way of absence.ways.filter(({ versions = both }) => versions.includes(version))) {
          it(`is not deactivated when ${way.name}`, async () => {
            const whole = makeWholeRoster(version)
            const { run } = await rig.bring(
              way.spoil(way.isThere === true ? whole : remove(whole, absence.key)),
              name,
              {
                isTest: true,
              },
            )
            const planned = await rig.ask(
              `select s.source_key as key, p.reason from plan_rows p join ${table} s on s.id = p.record_id
               where p.run_id = '${run.runId}' and p.action = 'deactivate'`,
            )
            assert.deepEqual(planned, [])
          })
        }

        // Last: the package is whole, and the record is gone.
        it('is deactivated where it is whole', async () => {
          await rig.bring(remove(makeWholeRoster(version), absence.key), name)
          const statuses = Object.entries(await rig.readStatuses(name))
          assert.deepEqual(
            statuses.filter(([, status]) => status === 'inactive'),
            [[absence.key, 'inactive']],
          )
        })
      })
    }
  }
})
