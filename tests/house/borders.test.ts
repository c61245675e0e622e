import assert from 'node:assert/strict'
import { plantTree, runIn } from './planted-tree.ts'

/** What stands there already and breaks no border; the planted files import from it. */
const skeleton: Record<string, string> = {
  'domain/roster.ts': 'export const roster = 1\nexport type Roster = number\n',
  'domain/errors.ts': 'export const failures = 1\n',
  'db/undo/undo.ts': 'export const undo = 1\nexport type Undo = number\n',
  'domain/parse.ts': "import { z } from 'zod'\nexport const Parsed = z.string()\n",
  'platform/clock.ts': 'export const clock = 1\n',
  'platform/secret-box.ts': 'export const box = 1\n',
  'platform/opener.ts': "import { box } from './secret-box.ts'\nexport const opener = box\n",
  'db/query.ts': "import { sql } from 'kysely'\nexport const query = sql\n",
  'connectors/registry.ts': "import { acme } from './acme/connector.ts'\nexport const registry = [acme]\n",
  'connectors/connector.ts': 'export type Connector = string\n',
  'connectors/kit/paging.ts': 'export const paging = 1\n',
  'connectors/acme/connector.ts': "import { paging } from '../kit/paging.ts'\nexport const acme = paging\n",
  'connectors/other/connector.ts': 'export const other = 1\n',
  'activities/interface.ts': 'export type Activities = number\n',
  'activities/apply.ts': "import { query } from '../db/query.ts'\nexport const apply = query\n",
  'workflows/run.ts': [
    "import { sleep } from '@temporalio/workflow'",
    "import type { Activities } from '../activities/interface.ts'",
    "import { failures } from '../domain/errors.ts'",
    'export type Run = Activities',
    'export const run = [sleep, failures]\n',
  ].join('\n'),
  'api/contract/run.ts': 'export const run = 1\nexport type Run = number\n',
  'workers/main.ts': "import { config } from '../config.ts'\nexport const main = config\n",
  'stack/start.ts': 'export const start = 1\n',
  'simulators/acme.ts': 'export const simulator = 1\n',
  'db/c.ts': "import './b.ts'\n",
  'config.ts': 'export const config = 1\n',
  'tests/harness/fake.ts': 'export const fake = 1\n',
}

const violations: { rule: string; file: string; text: string }[] = [
  { rule: 'domain-stays-inside-its-borders', file: 'domain/a.ts', text: "import '../platform/clock.ts'" },
  { rule: 'domain-is-pure', file: 'domain/b.ts', text: "import 'node:fs'" },
  { rule: 'domain-is-pure', file: 'domain/c.ts', text: "import 'hono'" },
  { rule: 'what-workflows-use-brings-nothing', file: 'domain/import-run.ts', text: "import 'zod'" },
  { rule: 'platform-stays-inside-its-borders', file: 'platform/a.ts', text: "import '../domain/roster.ts'" },
  { rule: 'connectors-stays-inside-its-borders', file: 'connectors/acme/a.ts', text: "import '../../db/query.ts'" },
  {
    rule: 'a-connector-does-not-know-its-neighbours',
    file: 'connectors/acme/b.ts',
    text: "import '../other/connector.ts'",
  },
  { rule: 'the-kit-knows-no-connector', file: 'connectors/kit/a.ts', text: "import '../acme/connector.ts'" },
  { rule: 'db-stays-inside-its-borders', file: 'db/a.ts', text: "import '../connectors/registry.ts'" },
  { rule: 'db-plan-needs-no-later-room', file: 'db/plan/a.ts', text: "import type { Undo } from '../undo/undo.ts'" },
  { rule: 'db-matching-needs-no-later-room', file: 'db/matching/a.ts', text: "import '../undo/undo.ts'" },
  { rule: 'a-room-of-db-has-its-place', file: 'db/nowhere/a.ts', text: "import '../undo/undo.ts'" },
  { rule: 'activities-stays-inside-its-borders', file: 'activities/a.ts', text: "import '../workflows/run.ts'" },
  {
    rule: 'activities-stays-inside-its-borders',
    file: 'activities/e.ts',
    text: "import '../connectors/acme/connector.ts'",
  },
  { rule: 'workflows-takes-types-only', file: 'workflows/a.ts', text: "import '../domain/parse.ts'" },
  { rule: 'workflows-stays-inside-its-borders', file: 'workflows/b.ts', text: "import '../db/query.ts'" },
  { rule: 'workflows-are-deterministic', file: 'workflows/c.ts', text: "import 'node:crypto'" },
  { rule: 'workers-stays-inside-its-borders', file: 'workers/a.ts', text: "import '../api/contract/run.ts'" },
  { rule: 'api-stays-inside-its-borders', file: 'api/a.ts', text: "import '../connectors/acme/connector.ts'" },
  { rule: 'api-takes-types-only', file: 'api/b.ts', text: "import '../workflows/run.ts'" },
  { rule: 'console-stays-inside-its-borders', file: 'console/a.ts', text: "import '../domain/roster.ts'" },
  { rule: 'console-takes-types-only', file: 'console/b.ts', text: "import '../api/contract/run.ts'" },
  { rule: 'cli-stays-inside-its-borders', file: 'cli/a.ts', text: "import '../db/query.ts'" },
  { rule: 'cli-takes-types-only', file: 'cli/b.ts', text: "import '../api/contract/run.ts'" },
  { rule: 'simulators-stays-inside-its-borders', file: 'simulators/a.ts', text: "import '../connectors/registry.ts'" },
  { rule: 'stack-stays-inside-its-borders', file: 'stack/a.ts', text: "import '../activities/apply.ts'" },
  { rule: 'bench-stays-inside-its-borders', file: 'bench/a.ts', text: "import '../activities/apply.ts'" },
  { rule: 'workers-stays-inside-its-borders', file: 'workers/b.ts', text: "import '../stack/start.ts'" },
  { rule: 'tests-are-for-tests', file: 'activities/b.ts', text: "import '../tests/harness/fake.ts'" },
  { rule: 'sql-lives-in-db', file: 'activities/c.ts', text: "import { sql } from 'kysely'\nexport const s = sql" },
  { rule: 'one-log-for-all', file: 'api/c.ts', text: "import 'pino'" },
  { rule: 'settings-enter-by-the-front-door', file: 'activities/d.ts', text: "import '../config.ts'" },
  { rule: 'the-model-of-the-soak-is-its-own', file: 'tests/soak/model/a.ts', text: "import '../../../db/query.ts'" },
  { rule: 'the-oracle-is-its-own', file: 'tests/end-to-end/oracle/a.ts', text: "import '../../../db/query.ts'" },
  { rule: 'the-api-opens-nothing', file: 'api/d.ts', text: "import '../platform/opener.ts'" },
  { rule: 'no-cycles', file: 'db/b.ts', text: "import './c.ts'" },
  { rule: 'no-unresolved-import', file: 'db/d.ts', text: "import './nowhere.ts'" },
  { rule: 'shipped-code-needs-no-dev-dependency', file: 'cli/c.ts', text: "import 'fast-check'" },
]

type CruiseReport = { summary: { violations: { rule: { name: string }; from: string }[] } }

describe('the borders between the folders', () => {
  let tree: Awaited<ReturnType<typeof plantTree>>
  let found: string[]

  beforeAll(async () => {
    const planted = Object.fromEntries(violations.map(({ file, text }) => [file, `${text}\nexport {}\n`]))
    tree = await plantTree({ ...skeleton, ...planted })
    const folders = [...new Set([...Object.keys(skeleton), ...Object.keys(planted)].map((path) => path.split('/')[0]!))]
    const output = await runIn(tree.folder, 'depcruise', '--output-type', 'json', ...folders)
    const report = JSON.parse(output) as CruiseReport
    found = report.summary.violations.map(({ rule, from }) => `${from}: ${rule.name}`)
  })
  afterAll(() => tree[Symbol.asyncDispose]())

  for (const { rule, file, text } of violations) {
    it(`are kept: ${file} may not ${text.split('\n')[0]} (${rule})`, () => {
      assert.ok(found.includes(`${file}: ${rule}`), `not caught; found were:\n${found.join('\n')}`)
    })
  }

  it('leave a tree alone that keeps them', () => {
    assert.deepEqual(
      found.filter((violation) => Object.keys(skeleton).includes(violation.split(':')[0]!)),
      [],
    )
  })
})
