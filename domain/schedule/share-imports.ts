import type { ImportSettings } from '../plan/import-settings.ts'

/** What import settings of several data types have in common; `schools` is null where they differ. */
export type SharedImports = Pick<ImportSettings, 'blackouts' | 'additionsOnly'> & {
  readonly schools: ImportSettings['schools'] | null
}

/** Without any settings there is nothing that they could differ in. */
export function shareImports(imports: readonly ImportSettings[]): SharedImports {
  const [first, ...rest] = imports
  if (first === undefined) return { schools: 'all', blackouts: [], additionsOnly: [] }
  const sharedRanges = (name: 'blackouts' | 'additionsOnly') =>
    first[name].filter((range) =>
      rest.every((other) => other[name].some(({ from, to }) => from === range.from && to === range.to)),
    )
  const isSame = rest.every(({ schools }) => JSON.stringify(schools) === JSON.stringify(first.schools))
  return {
    schools: isSame ? first.schools : null,
    blackouts: sharedRanges('blackouts'),
    additionsOnly: sharedRanges('additionsOnly'),
  }
}
