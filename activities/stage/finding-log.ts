import { bySeverity, noFindings, type Finding, type Severity } from '../../domain/import-rules/finding.ts'

/** How many findings of a run wait in memory at most; beyond that the reader waits for the database. */
const batchSize = 2_000

/**
 * Collects the findings of a run: counted at once, written in batches. No cap: a file that breaks a rule in each of
 * its million rows has a million findings, and memory stays flat.
 */
export class FindingLog {
  readonly totals: Record<Severity, number> = { ...noFindings }
  readonly byRule: Record<string, { severity: Severity; count: number }> = {}
  #waiting: Finding[] = []
  #written = 0
  readonly #write: (findings: readonly Finding[], firstSeq: number) => Promise<void>

  /** `write` stores a batch whose first finding has the number `firstSeq`, counted from 1. */
  constructor(write: (findings: readonly Finding[], firstSeq: number) => Promise<void>) {
    this.#write = write
  }

  add(finding: Finding): void {
    this.totals[finding.severity]++
    const rule = (this.byRule[finding.rule] ??= { severity: finding.severity, count: 0 })
    rule.count++
    if (bySeverity(finding.severity, rule.severity) < 0) rule.severity = finding.severity
    this.#waiting.push(finding)
  }

  /** Writes what waits, when it is worth a statement. */
  async drain(): Promise<void> {
    if (this.#waiting.length >= batchSize) await this.flush()
  }

  async flush(): Promise<void> {
    for (let first = 0; first < this.#waiting.length; first += batchSize) {
      const batch = this.#waiting.slice(first, first + batchSize)
      await this.#write(batch, this.#written + 1)
      this.#written += batch.length
    }
    this.#waiting = []
  }
}
