import type { RuleEntry } from '../rule.ts'
import { agents } from './agents.ts'
import { targetFile, targetRecord, targetStays } from './targets.ts'
import { orgParent, parentChain } from './trees.ts'
import { caseTwin, repeatedId, sharedIds, splitRecord } from './unique-ids.ts'

/** The rules on ids and references, R of reference/oneroster.md 2.5. */
export const referenceRules: readonly RuleEntry[] = [
  ...[repeatedId, caseTwin, sharedIds, targetFile, targetRecord, targetStays],
  ...[parentChain, orgParent, agents, splitRecord],
]
