import { changeSafetyRules } from './change-safety/rules.ts'
import { csvCellRules } from './csv/cell-rules.ts'
import { faultRules } from './csv/fault-rules.ts'
import { contentRules, shapeRules } from './csv/shape-rules.ts'
import { blankHeaderRule } from './header/blank-header-rule.ts'
import { headerPresence, headerRules } from './header/header-rules.ts'
import { importRunRules } from './import-run/rules.ts'
import { manifestRules } from './manifest/rules.ts'
import { meaningRules } from './meaning/rules.ts'
import { packageRules } from './package/rules.ts'
import { referenceRules } from './reference/rules.ts'
import type { RuleEntry } from './rule.ts'
import { valueCellRules, valueRowRules } from './value/value-rules.ts'

function byId(a: RuleEntry, b: RuleEntry): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

const families: readonly (readonly RuleEntry[])[] = [
  packageRules,
  manifestRules,
  [...faultRules, ...shapeRules, ...contentRules, ...csvCellRules],
  [headerPresence, ...headerRules, blankHeaderRule],
  [...valueCellRules, ...valueRowRules],
  referenceRules,
  meaningRules,
  changeSafetyRules,
  importRunRules,
]

/** Every rule, by family in the order of docs/reference/rules.md and by id within it. */
export const importRules: readonly RuleEntry[] = families.flatMap((family) => [...family].sort(byId))
