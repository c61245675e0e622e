import type { Finding } from '../../domain/import-rules/finding.ts'
import type { RuleEntry } from '../../domain/import-rules/rule.ts'

type Place = { readonly line?: number | undefined; readonly column?: string | undefined }

/** Thrown out of the reading of a table that cannot be trusted: nothing of it is imported. */
export class TableDamage extends Error {
  override readonly name = 'TableDamage'
  readonly finding: Omit<Finding, 'file'>

  constructor({ id }: RuleEntry, message: string, place: Place = {}) {
    super(message)
    this.finding = { rule: id, severity: 'block', message, ...place }
  }
}
