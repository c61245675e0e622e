import type { RuleEntry } from '../../../../domain/import-rules/rule.ts'
import { agents } from './agents.ts'
import { targetFile, targetRecord, targetStays } from './targets.ts'
import { orgParent, parentChain } from './trees.ts'
import { caseTwin, repeatedId, sharedIds, splitRecord } from './unique-ids.ts'

/** The rules on ids and references (R in docs/reference/rules.md). */
export const referenceRules: readonly RuleEntry[] = [
  ...[repeatedId, caseTwin, sharedIds, targetFile, targetRecord, targetStays],
  ...[parentChain, orgParent, agents, splitRecord],
]
