import { testFiringCases } from '../../fixtures/firing-cases/firing-case.ts'
import { exactCases, firingCases } from '../../fixtures/firing-cases/package-rules.ts'
import { testRuleCases } from '../../fixtures/firing-cases/rule-case.ts'

// That every rule has a case is asked where the registry is tested; here the cases are put through the check itself.
for (const [title, cases] of Object.entries(exactCases)) testRuleCases(title, cases)
for (const [title, cases] of Object.entries(firingCases)) testFiringCases(title, cases)
