import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { importRules } from '../../../domain/import-rules/registry.ts'
import type { RuleEntry } from '../../../domain/import-rules/rule.ts'
import type { Profile } from '../../../domain/import-rules/finding.ts'
import { parseMarkdownTables } from '../../house/markdown-tables.ts'

const page = new URL('../../../docs/reference/rules.md', import.meta.url)

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
    const inPage = rows.map((row) => [row['Id'], row['What holds'], row['Strict'], row['Default'], row['Looks at']])
    const inCode = importRules.map((rule) => [
      rule.id,
      rule.title.replaceAll('`', ''),
      showSeverity(rule, 'strict'),
      showSeverity(rule, 'default'),
      rule.appliesTo,
    ])
    assert.deepEqual(inPage, inCode)
  })
})
