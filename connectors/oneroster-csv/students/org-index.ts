import type { SourceOrg } from '../../connector.ts'
import type { RowView } from '../../../domain/import-rules/row-view.ts'
import { isWord, readCell } from './cell-text.ts'

/** The orgs of the package: which of them are schools decides where a student belongs. Some thousand at most. */
export class OrgIndex {
  readonly #types = new Map<string, string>()
  /** Answers already given for a cell's text: thousands of students share one. */
  readonly #schoolOf = new Map<string, SchoolChoice>()

  add(row: RowView, positions: ReadonlyMap<string, number>): SourceOrg {
    const cell = (column: string) => positions.get(column) ?? -1
    const status = cell('status')
    const org = {
      sourceKey: readCell(row, cell('sourcedId')),
      name: readCell(row, cell('name')),
      type: readCell(row, cell('type')).toLowerCase(),
      identifier: readCell(row, cell('identifier')),
      parentSourceKey: readCell(row, cell('parentSourcedId')),
      isActive: !isWord(row, status, 'tobedeleted') && !isWord(row, status, 'inactive'),
    }
    this.#types.set(org.sourceKey, org.type)
    return org
  }

  /** An org known from earlier packages, for deltas that do not bring it again. */
  addHeld(sourceKey: string, type: string): void {
    if (!this.#types.has(sourceKey)) this.#types.set(sourceKey, type)
  }

  /** The first of a comma-separated list of orgs that is a school, else the first org. */
  chooseSchool(list: string): SchoolChoice {
    const known = this.#schoolOf.get(list)
    if (known !== undefined) return known
    const keys = list.split(',').map((key) => key.trim())
    const school = keys.find((key) => this.#types.get(key) === 'school')
    const choice = { key: school ?? keys.find((key) => key !== '') ?? '', isSchool: school !== undefined }
    if (this.#schoolOf.size < 50_000) this.#schoolOf.set(list, choice)
    return choice
  }
}

export type SchoolChoice = { readonly key: string; readonly isSchool: boolean }
