import type { Finding } from '../../domain/import-rules/finding.ts'
import type { RuleEntry } from '../../domain/import-rules/rule.ts'

type Place = { readonly line?: number | undefined; readonly column?: string | undefined }

/** Thrown out of the reading of a table that cannot be trusted: nothing of it is imported. */
export class TableDamage extends Error {
  override readonly name = 'TableDamage'
  readonly finding: Omit<Finding, 'file'>
  /** The same as a clause, for whoever sees the run alone. */
  readonly refusal: string

  constructor({ id }: RuleEntry, message: string, place: Place = {}) {
    super(message)
    const where = place.line === undefined ? '' : `line ${place.line}, `
    this.refusal = `${where}${message.charAt(0).toLowerCase()}${message.slice(1).replace(/[.]$/, '')}`
    this.finding = { rule: id, severity: 'block', message, ...place }
  }
}
