import { RowIndex } from './row-index.ts'

export type KnownClass = { readonly course: string; readonly school: string; readonly terms: string }

/** The classes of the package, for those who are in them. */
export function createClassIndex(): RowIndex<KnownClass> {
  return new RowIndex((read) => ({
    course: read('courseSourcedId'),
    school: read('schoolSourcedId'),
    terms: read('termSourcedIds'),
  }))
}
