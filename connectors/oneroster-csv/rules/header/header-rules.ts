import { lesserProblem, problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'
import { needsValue } from './read-header.ts'
import type { HeaderCell, HeaderReading } from './read-header.ts'

export type HeaderProblem = Problem & { readonly column?: string | undefined }

/** A rule on the header row; one problem for each bad column. */
export type HeaderRule = Rule<(header: HeaderReading) => readonly HeaderProblem[]>

function standardCells(header: HeaderReading): readonly HeaderCell[] {
  return header.cells.filter(({ column }) => column !== undefined)
}

/** A name with something before it, as some exports of a database write: `CC.ID`. */
function hasPrefix({ name, column, isMetadata }: HeaderCell): boolean {
  return column === undefined && !isMetadata && /^\w+\.\w/.test(name)
}

function forCells(
  cells: readonly HeaderCell[],
  isBad: (cell: HeaderCell) => boolean,
  describe: (cell: HeaderCell) => Problem,
): readonly HeaderProblem[] {
  return cells.filter(isBad).map((cell) => ({ ...describe(cell), column: cell.column?.name ?? cell.name }))
}

/** H-01 */
function hasHeader(header: HeaderReading): readonly HeaderProblem[] {
  if (standardCells(header).length > 0) return []
  return [problem('The first line is no header: no column of this file is named in it, set off by commas.')]
}

/** H-02 */
function hasEveryColumn({ file, mode, positions }: HeaderReading): readonly HeaderProblem[] {
  return file.columns
    .filter(({ name }) => !positions.has(name))
    .map((column) =>
      needsValue(column, mode)
        ? { ...problem('The column is missing and its value is required.'), column: column.name }
        : { ...lesserProblem('The column is missing; it is taken as blank.'), column: column.name },
    )
}

/** H-03 */
function namesMatchInCase({ cells }: HeaderReading): readonly HeaderProblem[] {
  return forCells(
    cells,
    ({ name, column, isMetadata }) =>
      (column !== undefined && column.name !== name) || (isMetadata && !name.startsWith('metadata.')),
    ({ column }) => problem(`The column name is written in another case; write ${column?.name ?? 'metadata.'}.`),
  )
}

/** H-04 */
function columnsAreInOrder(header: HeaderReading): readonly HeaderProblem[] {
  const order = new Map(header.file.columns.map(({ name }, at) => [name, at]))
  let last = -1
  for (const { column } of standardCells(header)) {
    const at = order.get(column?.name ?? '') ?? -1
    if (at < last) {
      return [{ ...problem('The column is not in its place; columns are read by name.'), column: column?.name }]
    }
    last = at
  }
  return []
}

/** H-06 */
function noColumnTwice({ cells }: HeaderReading): readonly HeaderProblem[] {
  const seen = new Set<string>()
  return forCells(
    cells,
    ({ name, column }) => {
      const key = column?.name ?? name
      if (key === '' || !seen.has(key)) {
        seen.add(key)
        return false
      }
      return true
    },
    () => problem('The column is there more than once, so it is unclear which one counts. Keep one.'),
  )
}

/** H-07 */
function noUnknownColumn({ cells, file }: HeaderReading): readonly HeaderProblem[] {
  return forCells(
    cells,
    (cell) => cell.name !== '' && cell.column === undefined && !cell.isMetadata && !hasPrefix(cell),
    () =>
      problem(
        `${file.name}.csv of OneRoster ${file.version} has no such column; it is ignored. Name additions metadata.<name>.`,
      ),
  )
}

/** H-08 */
function metadataComesLast(header: HeaderReading): readonly HeaderProblem[] {
  const lastStandard = standardCells(header).at(-1)?.cell ?? -1
  return forCells(
    header.cells,
    ({ isMetadata, cell }) => isMetadata && cell < lastStandard,
    () => problem('A metadata column stands before a standard column. Put it after the last one.'),
  )
}

/** H-09 */
function metadataHasName({ cells }: HeaderReading): readonly HeaderProblem[] {
  return forCells(
    cells,
    ({ name }) => name.toLowerCase() === 'metadata.',
    () => problem('Nothing follows "metadata."; the column is ignored.'),
  )
}

/** H-10 */
function noPrefixOrBlanks({ cells }: HeaderReading): readonly HeaderProblem[] {
  return forCells(
    cells,
    (cell) => cell.name !== '' && (cell.raw !== cell.name || hasPrefix(cell)),
    (cell) =>
      hasPrefix(cell)
        ? problem('Something stands before the column name; the column is ignored. Leave the prefix out.')
        : problem('Blanks stand round the column name; they are ignored.'),
  )
}

const block = { strict: 'block', default: 'block' } as const
const blockOrWarning = { strict: 'block', default: 'warning' } as const

/** Asked alone and first: without a header there is nothing for the others to look at. */
export const headerPresence: HeaderRule = {
  id: 'H-01',
  title: 'header row is missing',
  severity: block,
  appliesTo: 'header',
  check: hasHeader,
}

export const headerRules: readonly HeaderRule[] = [
  {
    id: 'H-02',
    title: 'standard column is missing',
    severity: block,
    lesserSeverity: blockOrWarning,
    appliesTo: 'header',
    check: hasEveryColumn,
  },
  {
    id: 'H-03',
    title: 'column name in the wrong case',
    severity: blockOrWarning,
    appliesTo: 'header',
    check: namesMatchInCase,
  },
  {
    id: 'H-04',
    title: 'standard columns are out of order',
    severity: blockOrWarning,
    appliesTo: 'header',
    check: columnsAreInOrder,
  },
  { id: 'H-06', title: 'header is repeated', severity: block, appliesTo: 'header', check: noColumnTwice },
  {
    id: 'H-07',
    title: 'extra column is not named metadata.*',
    severity: blockOrWarning,
    appliesTo: 'header',
    check: noUnknownColumn,
  },
  {
    id: 'H-08',
    title: 'metadata.* before the last standard column',
    severity: blockOrWarning,
    appliesTo: 'header',
    check: metadataComesLast,
  },
  {
    id: 'H-09',
    title: 'metadata. without a name part',
    severity: blockOrWarning,
    appliesTo: 'header',
    check: metadataHasName,
  },
  {
    id: 'H-10',
    title: 'prefix before a column name, or blanks round it',
    severity: blockOrWarning,
    appliesTo: 'header',
    check: noPrefixOrBlanks,
  },
]
