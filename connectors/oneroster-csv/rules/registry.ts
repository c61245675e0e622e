import { csvCellRules } from './csv/cell-rules.ts'
import { faultRules } from './csv/fault-rules.ts'
import { contentRules, shapeRules } from './csv/shape-rules.ts'
import { blankHeaderRule } from './header/blank-header-rule.ts'
import { headerPresence, headerRules } from './header/header-rules.ts'
import { manifestRules } from './manifest/rules.ts'
import { meaningRules } from './meaning/rules.ts'
import { packageRules } from './package/rules.ts'
import { referenceRules } from './reference/rules.ts'
import { rulesOfRosters } from '../../../domain/import-rules/registry.ts'
import { listById, type RuleEntry } from '../../../domain/import-rules/rule.ts'
import { valueCellRules, valueRowRules } from './value/value-rules.ts'

const families: readonly (readonly RuleEntry[])[] = [
  packageRules,
  manifestRules,
  [...faultRules, ...shapeRules, ...contentRules, ...csvCellRules],
  [headerPresence, ...headerRules, blankHeaderRule],
  [...valueCellRules, ...valueRowRules],
  referenceRules,
  meaningRules,
]

/** Every rule that a package goes through, by family in the order of docs/reference/rules.md and by id within it. */
export const importRules: readonly RuleEntry[] = [...families.flatMap(listById), ...rulesOfRosters]
