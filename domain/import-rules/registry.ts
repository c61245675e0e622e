import { changeSafetyRules } from './change-safety-rules.ts'
import { importRunRules } from './import-run-rules.ts'
import { listById, type RuleEntry } from './rule.ts'

/**
 * The rules that hold for a roster whatever wire it came by, by family and by id within it. What a wire has besides is
 * listed in its connector.
 */
export const rulesOfRosters: readonly RuleEntry[] = [changeSafetyRules, importRunRules].flatMap(listById)
