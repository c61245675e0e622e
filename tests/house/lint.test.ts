import assert from 'node:assert/strict'
import { plantTree, runIn } from './planted-tree.ts'

const planted: Record<string, { rule: string; text: string }> = {
  'domain/floating.ts': {
    rule: '@typescript-eslint/no-floating-promises',
    text: 'export function start(work: () => Promise<void>): void {\n  work()\n}\n',
  },
  'domain/half-a-switch.ts': {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    text: "export function name(kind: 'a' | 'b'): void {\n  switch (kind) {\n    case 'a':\n      break\n  }\n}\n",
  },
  'domain/any.ts': {
    rule: '@typescript-eslint/no-explicit-any',
    text: 'export function read(value: any): string {\n  return String(value)\n}\n',
  },
  'domain/value-import.ts': {
    rule: '@typescript-eslint/consistent-type-imports',
    text: "import { Stats } from 'node:fs'\nexport const size = (stats: Stats): number => stats.size\n",
  },
  'domain/unexplained-assertion.ts': {
    rule: 'house/reasoned-assertion',
    text: 'export const read = (value: unknown): string => value as string\n',
  },
  'domain/says-it.ts': {
    rule: 'no-restricted-globals',
    text: "it('is a test that nobody runs', () => undefined)\nexport {}\n",
  },
  'tests/domain/of-another-runner.test.ts': {
    rule: 'no-restricted-imports',
    text: "import { it } from 'node:test'\nvoid it('is heard by nobody', () => undefined)\n",
  },
  'tests/domain/async-describe.test.ts': {
    rule: '@typescript-eslint/no-misused-promises',
    text: "describe('a', async () => {\n  await Promise.resolve()\n})\n",
  },
  'domain/default-export.ts': { rule: 'no-restricted-exports', text: 'const answer = 42\nexport default answer\n' },
  'domain/console.ts': { rule: 'no-console', text: "console.log('here')\nexport {}\n" },
  'activities/logs-a-record.ts': {
    rule: 'no-restricted-syntax',
    text: logging('log.info({ record }, "staged")'),
  },
  'activities/logs-a-row.ts': { rule: 'no-restricted-syntax', text: logging('log.info(record)') },
  'activities/logs-everything.ts': { rule: 'no-restricted-syntax', text: logging('log.warn({ ...record })') },
  'activities/logs-text.ts': {
    rule: 'no-restricted-syntax',
    text: logging('log.error(`failed for ${JSON.stringify(record)}`)'),
  },
}

const clean: Record<string, string> = {
  'activities/logs-ids.ts': logging('log.info({ runId: record["runId"] }, "staged")'),
  'domain/explained-assertion.ts':
    '// The column is text in every version of the schema.\nexport const read = (value: unknown): string => value as string\n',
  'tests/domain/some.test.ts': "describe('a', () => {\n  it('b', () => undefined)\n})\n",
}

function logging(call: string): string {
  return [
    'type Log = Record<"info" | "warn" | "error", (...given: unknown[]) => void>',
    'export function tell(log: Log, record: Record<string, string>): void {',
    `  ${call}`,
    '}\n',
  ].join('\n')
}

type LintReport = { filePath: string; messages: { ruleId: string | null }[] }[]

describe('the lint rules', () => {
  let tree: Awaited<ReturnType<typeof plantTree>>
  let found: Map<string, (string | null)[]>

  beforeAll(async () => {
    const texts = Object.fromEntries(Object.entries(planted).map(([path, { text }]) => [path, text]))
    tree = await plantTree({ ...texts, ...clean })
    const report = JSON.parse(await runIn(tree.folder, 'eslint', '--format', 'json', '.')) as LintReport
    found = new Map(
      report.map(({ filePath, messages }) => [
        filePath.slice(filePath.indexOf(tree.folder) + tree.folder.length + 1),
        messages.map(({ ruleId }) => ruleId),
      ]),
    )
  })
  afterAll(() => tree[Symbol.asyncDispose]())

  for (const [path, { rule }] of Object.entries(planted)) {
    it(`catch ${path} (${rule})`, () => {
      assert.ok(found.get(path)?.includes(rule), `${path} gave ${JSON.stringify(found.get(path))}`)
    })
  }

  it('leave alone what keeps them', () => {
    for (const path of Object.keys(clean)) assert.deepEqual(found.get(path), [], path)
  })
})
