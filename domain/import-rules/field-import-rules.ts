import type { SeverityByProfile } from './finding.ts'
import type { RuleEntry } from './rule.ts'

/** What a field import can only know by the records that we hold, whatever wire the fields came by. */
export const fieldImportRules = {
  unknownId: rule('T-21', 'No record that we hold has the id of the row', 'error'),
  severalRecords: rule('T-22', 'Several records that we hold have the id of the row', 'error'),
  inactiveRecord: rule('T-23', 'The record that the row is about is inactive', 'warning'),
  ownedField: rule('T-24', 'A field of the mapping is fed by another connection', 'block'),
  lostZeros: rule('T-25', 'The id of the row is one that we hold, but for zeros at its beginning', 'error'),
} as const satisfies Readonly<Record<string, RuleEntry>>

function rule(id: string, title: string, severity: SeverityByProfile['default']): RuleEntry {
  return { id, title, severity: { strict: severity, default: severity }, appliesTo: 'run' }
}
