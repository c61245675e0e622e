import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** H-05; asked at the end of the file, because only the rows tell whether the column holds something. */
function noBlankHeader({ isFilled }: { readonly isFilled: boolean }): Problem {
  return isFilled
    ? problem('A column has values but no name. Name it or remove it.')
    : lesserProblem('A column has neither name nor values; it is ignored.')
}

export const blankHeaderRule: Rule<typeof noBlankHeader> = {
  id: 'H-05',
  title: 'header is blank',
  severity: { strict: 'block', default: 'block' },
  lesserSeverity: { strict: 'block', default: 'warning' },
  appliesTo: 'header',
  check: noBlankHeader,
}
