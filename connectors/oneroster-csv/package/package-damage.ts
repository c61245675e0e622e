import type { Finding } from '../../../domain/import-rules/finding.ts'

/**
 * Thrown from the stream of a package's file when the archive turns out to be broken or hostile half-way. What was
 * read of the file before is not to be used; `finding` (severity `block`) says why.
 */
export class PackageDamage extends Error {
  override readonly name = 'PackageDamage'
  readonly finding: Finding

  constructor(finding: Finding, options?: ErrorOptions) {
    super(finding.message, options)
    this.finding = finding
  }
}
