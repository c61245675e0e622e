import type { SeverityByProfile } from './finding.ts'
import type { RuleEntry } from './rule.ts'
import { valueRuleEntries } from './value-rules.ts'

/**
 * Rules of our own, which only an import run can look at because they need the mapping or the records we hold. They
 * stand beside those of docs/reference/rules.md.
 */
export const importRunRules: readonly RuleEntry[] = [
  ...valueRuleEntries,
  rule('I-01', 'Several records of an input claim the same key or the same held record', 'error'),
  rule('I-03', 'A field that is required has no value', 'error'),
  rule('I-06', 'A student belongs to an org that is no school', 'warning'),
  rule('I-09', 'A row that says who a user is was rejected', 'error'),
  rule('I-11', 'The ids of a row lead to different records, or the rest of the row to another one', 'error'),
  rule('I-12', 'The ids of a row are some that somebody said are wrong', 'error'),
  rule('I-13', 'A record that we hold has lost its first id at the source', 'warning'),
  rule('I-14', 'A record refers to one that we do not hold, and is not imported until we do', 'error'),
  rule('I-15', 'A record names some that we do not hold, and is imported without them', 'warning'),
  rule('I-16', 'Somebody is a teacher who does not come first of too many classes', 'warning'),
  rule('I-17', 'Somebody has no role that is mapped', 'info'),
  rule('I-22', 'A source that is asked for changes alone gives more than these, so that everything is read', 'info'),
  rule('I-23', 'A column that somebody mapped is not in the input', 'block'),
  rule('I-31', 'Rows are of a school of the source that is matched to none of ours', 'warning'),
  rule('I-32', 'Rows are of a school of the source that is left out', 'info'),
  rule('I-18', 'The pages of a collection do not add up, so that absence from it proves nothing', 'warning'),
]

function rule(id: string, title: string, severity: SeverityByProfile['default']): RuleEntry {
  return { id, title, severity: { strict: severity, default: severity }, appliesTo: 'run' }
}
