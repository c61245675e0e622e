import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { followUndo } from '../../../db/resolution/settle-resolution.ts'
import { withDistrict } from '../../../db/database.ts'
import { getRun } from '../../../db/import/runs.ts'
import { students } from '../../../domain/data-types/students.ts'
import { until } from '../../harness/until.ts'
import { explainingSettings, watchPlans } from '../executed-plans.ts'
import { useImportRig } from '../import-rig.ts'

const pupilCount = 3000

describe('the ids that a decision leaves to others', () => {
  const rig = useImportRig()

  it('are looked up by their index, however many records there are', async () => {
    const package_ = { seed: 5, students: pupilCount, studentsPerSchool: 300 }
    const run = await rig.giveRun(await rig.givePackage(package_))
    await rig.importAll(run)
    const resolution = await rig.giveRun(await rig.givePackage({ ...package_, students: 1 }))
    await rig.ask(`update import_runs set is_resolution = true where id = '${resolution.runId}'`)
    await rig.ask(`insert into duplicate_cases (district_id, data_type, connection_id, run_id, seq, incoming_key, strength,
        reason, candidates, changes, state, settled_decision, settled_record_id, processed_run_id)
      select district_id, 'students', connection_id, '${run.runId}', 1, 'x', 'likely', 'resembles', '[]',
        jsonb_build_object('sisId', jsonb_build_array('formerly-${randomUUID()}', sis_id)), 'open', 'match', id,
        '${resolution.runId}'
      from students limit 1`)
    await rig.ask('analyze')
    for (const setting of explainingSettings) {
      await rig.ask(
        `do $$ begin execute format('alter database %I set ${setting.replaceAll(`'`, `''`)}', current_database()); end $$`,
      )
    }
    await rig.ask(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`)
    await until(() => withDistrict(rig.db, rig.districtId, () => Promise.resolve(true)).catch(() => false))
    const watch = watchPlans(rig.db, 6)
    await watch.during('settle again', () =>
      withDistrict(rig.db, rig.districtId, async (trx) =>
        followUndo(trx, { root: await getRun(trx, resolution.runId), isUndone: false, dataType: students }),
      ),
    )
    const found = watch.statements().filter(({ text }) => text.startsWith('insert into record_aliases'))
    assert.equal(found.length, students.matchKeys.length)
    for (const { onePass, node } of found) assert.ok(onePass < pupilCount / 10, `${onePass} rows read; ${node}`)
    assert.equal((await rig.ask('select from record_aliases')).length, 1)
  })
})
