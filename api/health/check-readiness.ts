import { compareSchema } from '../../db/engine/compare-schema.ts'
import { isDatabaseUp } from '../../db/engine/is-database-up.ts'
import type { AppParts } from '../app-environment.ts'
import type { Readiness, ReadinessPart } from '../contract/readiness.ts'

type Checked = Pick<AppParts, 'db' | 'workflows' | 'version'>
type Finding = Omit<ReadinessPart, 'name'>

const ok: Finding = { state: 'ok', detail: null }
const failing = (detail: string): Finding => ({ state: 'failing', detail })
const unknown = (detail: string): Finding => ({ state: 'unknown', detail })

/** Looks at everything that a request or an import needs, within a few seconds. Never throws. */
export async function checkReadiness({ db, workflows, version }: Checked): Promise<Readiness> {
  const [isDatabaseAnswering, isTemporalAnswering] = await Promise.all([isDatabaseUp(db), workflows.isReachable()])
  const [migrations, workers] = await Promise.all([
    isDatabaseAnswering ? checkMigrations(db) : unknown('Nobody can tell while the database is away.'),
    isTemporalAnswering ? checkWorkers(workflows) : unknown('Nobody can tell while Temporal is away.'),
  ])
  const parts: ReadinessPart[] = [
    { name: 'database', ...(isDatabaseAnswering ? ok : failing('PostgreSQL does not answer within two seconds.')) },
    { name: 'migrations', ...migrations },
    { name: 'temporal', ...(isTemporalAnswering ? ok : failing('Temporal does not answer within two seconds.')) },
    { name: 'workers', ...workers },
  ]
  return { status: deriveStatus(parts), version, parts }
}

function deriveStatus(parts: readonly ReadinessPart[]): Readiness['status'] {
  const broken = parts.filter(({ state }) => state !== 'ok')
  if (broken.length === 0) return 'ready'
  return broken.every(({ name }) => name === 'workers') ? 'degraded' : 'notReady'
}

async function checkMigrations(db: AppParts['db']): Promise<Finding> {
  try {
    const { missing, unknown: newer } = await compareSchema(db)
    if (missing.length > 0) {
      return failing(`The database lacks ${missing.join(', ')}. Run \`node db/main.ts migrate\` as its owner.`)
    }
    // Migrations run before new code starts, so old code meets new tables for a moment in each upgrade.
    return newer.length === 0 ? ok : failing(`The database is newer than this code: it had ${newer.join(', ')}.`)
  } catch {
    return failing('The list of migrations cannot be read. Run `node db/main.ts migrate` as the owner of the database.')
  }
}

async function checkWorkers(workflows: AppParts['workflows']): Promise<Finding> {
  const pollers = await workflows.countPollers()
  if (pollers === undefined) return unknown('Temporal does not say who takes work.')
  const away = [...(pollers.workflows === 0 ? ['workflows'] : []), ...(pollers.activities === 0 ? ['activities'] : [])]
  if (away.length === 0) return ok
  return failing(
    `No worker asks for ${away.join(' or ')}: imports wait. Start one (\`node workers/main.ts\`), with the ` +
      'ROLLBOOK_TASK_QUEUE and the namespace of this API.',
  )
}
