import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** How many cells a row has, beside the header. */
export type RowShape = {
  readonly width: number
  readonly headerWidth: number
  /** True when every cell beyond the header's last is blank. */
  readonly isSurplusBlank: boolean
  /** True when the row has no value at all. */
  readonly isBlank: boolean
}

/** A rule on the shape of a row; the first that finds something ends the look at the row. */
export type ShapeRule = Rule<(shape: RowShape) => Problem | undefined>

/** A rule on a file as a whole, asked at its end. */
export type ContentRule = Rule<(content: { readonly rows: number; readonly mode: string }) => Problem | undefined>

/** C-08 */
export function noBlankLine({ isBlank }: RowShape): Problem | undefined {
  return isBlank ? problem('The line is blank; it is skipped. Remove it.') : undefined
}

/** C-07 */
function rowIsAsWideAsHeader({ width, headerWidth, isSurplusBlank }: RowShape): Problem | undefined {
  if (width === headerWidth) return undefined
  const counts = `the row has ${width} cells, the header ${headerWidth}`
  if (width > headerWidth && isSurplusBlank) return lesserProblem(`${counts}; the surplus ones are blank and ignored.`)
  return problem(`${counts}. Look for an unquoted comma or a missing column.`)
}

/** C-09 */
function hasDataRows({ rows, mode }: { rows: number; mode: string }): Problem | undefined {
  if (rows > 0) return undefined
  const caution = mode === 'bulk' ? ' It withdraws nothing.' : ''
  return problem(`The file has no data row.${caution} Leave it out and mark it absent in the manifest.`)
}

export const shapeRules: readonly ShapeRule[] = [
  {
    id: 'C-08',
    title: 'line is wholly blank',
    severity: { strict: 'error', default: 'info' },
    appliesTo: 'row',
    check: noBlankLine,
  },
  {
    id: 'C-07',
    title: 'row has more or fewer cells than the header',
    severity: { strict: 'block', default: 'error' },
    lesserSeverity: { strict: 'block', default: 'warning' },
    appliesTo: 'row',
    check: rowIsAsWideAsHeader,
  },
]

export const contentRules: readonly ContentRule[] = [
  {
    id: 'C-09',
    title: 'no data row',
    severity: { strict: 'block', default: 'warning' },
    appliesTo: 'file',
    check: hasDataRows,
  },
]
