import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { tableRules } from '../../../../connectors/csv/rules.ts'
import { importRules } from '../../../../connectors/oneroster-csv/rules/registry.ts'
import type { RuleEntry } from '../../../../domain/import-rules/rule.ts'
import type { Profile } from '../../../../domain/import-rules/finding.ts'
import { runCases } from '../../../activities/import/rules-of-runs.ts'
import { listToldByCases } from '../../../fixtures/firing-cases/package-rules.ts'
import { parseMarkdownTables } from '../../../house/markdown-tables.ts'

const page = new URL('../../../../docs/reference/rules.md', import.meta.url)

function showSeverity(rule: RuleEntry, profile: Profile): string {
  const worst = rule.severity[profile]
  const lesser = rule.lesserSeverity?.[profile]
  if (worst === undefined) return '-'
  return lesser === undefined || lesser === worst ? worst : `${worst} / ${lesser}`
}

describe('the registry of import rules', () => {
  it('has each rule once', () => {
    const ids = importRules.map(({ id }) => id)
    assert.deepEqual([...new Set(ids)], ids)
  })

  it('has every rule of the catalogue', () => {
    const counts = { Z: 14, M: 13, C: 12, H: 10, F: 26, R: 10, S: 25, D: 8 }
    for (const [family, count] of Object.entries(counts)) {
      const expected = Array.from({ length: count }, (_, at) => `${family}-${String(at + 1).padStart(2, '0')}`)
      assert.deepEqual(
        importRules.map(({ id }) => id).filter((id) => id.startsWith(family)),
        expected,
      )
    }
  })

  it('says what docs/reference/rules.md says, in the same order', async () => {
    const rows = parseMarkdownTables(await readFile(page, 'utf8')).flatMap((table) => table.rows)
    const inPage = rows.map((row) => [row['Id'], row['What is wrong'], row['Strict'], row['Default'], row['Looks at']])
    const inCode = [...importRules, ...tableRules].map((rule) => [
      rule.id,
      rule.title.replaceAll('`', ''),
      showSeverity(rule, 'strict'),
      showSeverity(rule, 'default'),
      rule.appliesTo,
    ])
    assert.deepEqual(inPage, inCode)
  })

  it('has a case that fires each rule on packages, for each severity that it names, and no other', () => {
    for (const profile of ['strict', 'default'] as const) {
      const named = importRules
        .filter(({ appliesTo }) => appliesTo !== 'run')
        .flatMap(({ id, severity, lesserSeverity }) =>
          [severity[profile], lesserSeverity?.[profile]].flatMap((one) => (one === undefined ? [] : [`${id} ${one}`])),
        )
      assert.deepEqual([...listToldByCases(profile)].sort(), [...new Set(named)].sort(), profile)
    }
  })

  it('has a case that fires each rule of a run, by its severity or by what it keeps from happening', () => {
    const ofRuns = importRules.filter(({ appliesTo }) => appliesTo === 'run')
    assert.deepEqual([...new Set(runCases.map(({ rule }) => rule))].sort(), ofRuns.map(({ id }) => id).sort())
    const named = ofRuns.flatMap(({ id, severity, lesserSeverity }) =>
      [severity.default, lesserSeverity?.default].flatMap((one) => (one === undefined ? [] : [`${id} ${one}`])),
    )
    const tellings = runCases.flatMap(({ rule, tells }) => (tells === undefined ? [] : [`${rule} ${tells}`]))
    assert.deepEqual([...new Set(tellings)].sort(), named.sort())
    for (const { rule, holds, refuses } of runCases) {
      const severity = ofRuns.find(({ id }) => id === rule)?.severity.default
      const keeps = [holds, refuses].filter((one) => one !== undefined)
      assert.equal(keeps.length, severity === undefined ? 1 : 0, rule)
    }
  })
})
