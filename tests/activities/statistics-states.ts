import { withDistrict } from '../../db/database.ts'
import { until } from '../harness/until.ts'
import { explainingSettings, watchPlans, type ExecutedStatement, type PlanWatch } from './executed-plans.ts'
import type { ImportRig } from './import-rig.ts'

export type State = {
  readonly name: string
  /** What is done to the statistics before each step. */
  readonly beforeStep: (rig: ImportRig) => Promise<void>
  /** And before each run. */
  readonly beforeRun: (rig: ImportRig) => Promise<void>
}

const ourTables = `(select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'i'))`

async function forgetStatistics(rig: ImportRig, rows: number, pages: number): Promise<void> {
  await rig.ask(`delete from pg_statistic where starelid in ${ourTables}`)
  await rig.ask(`update pg_class set reltuples = ${rows}, relpages = ${pages} where oid in ${ourTables}`)
}

export const states: readonly State[] = [
  {
    name: 'knows nothing, as after a crash of PostgreSQL',
    beforeStep: (rig) => forgetStatistics(rig, -1, 0),
    beforeRun: () => Promise.resolve(),
  },
  {
    name: 'takes every table for an empty one, as it was when it was counted',
    beforeStep: (rig) => forgetStatistics(rig, 0, 1),
    beforeRun: () => Promise.resolve(),
  },
  {
    name: 'knows what was there before the run',
    beforeStep: () => Promise.resolve(),
    beforeRun: async (rig) => {
      await rig.ask('analyze')
    },
  },
]

/** Has the database say of every statement how it was carried out, and leaves the statistics to the test. */
export async function watchEveryPlan(rig: ImportRig): Promise<PlanWatch> {
  for (const setting of explainingSettings) {
    await rig.ask(
      `do $$ begin execute format('alter database %I set ${setting.replaceAll(`'`, `''`)}', current_database()); end $$`,
    )
  }
  await rig.ask(`do $$ declare name text; begin
    for name in select relname from pg_class where oid in ${ourTables} and relkind = 'r' loop
      execute format('alter table %I set (autovacuum_enabled = false)', name);
    end loop; end $$`)
  // The settings hold for connections that are opened from now on.
  await rig.ask(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  await until(() => withDistrict(rig.db, rig.districtId, () => Promise.resolve(true)).catch(() => false))
  return watchPlans(rig.db, 6)
}

export const describeFault = ({ step, text, executions, looked, onePass, node }: ExecutedStatement): string =>
  `${step}: ${looked} rows looked at for ${onePass} read, in ${executions} executions; ${node}\n  ${text.slice(0, 1500)}`
