import type { SourceOrg } from '../../../connector.ts'
import { CellHash } from './cell-hash.ts'
import type { RowView } from '../../csv/row-view.ts'
import { trimText } from '../../../../domain/normalize-text.ts'
import { isWord, readCell } from './cell-text.ts'

const mostAnswers = 50_000

/** The orgs of the package: which of them are schools decides where a student belongs. Some thousand at most. */
export class OrgIndex {
  readonly #types = new Map<string, string>()
  /** Answers already given for a cell's text: thousands of students share one. */
  readonly #schoolOf = new Map<string, SchoolChoice>()
  readonly #answers = new Map<number, { readonly bytes: Uint8Array; readonly choice: SchoolChoice }>()
  readonly #hash = new CellHash()

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

  /** Of an org of the package, or one that is held; undefined for any other key. */
  typeOf(key: string): string | undefined {
    return this.#types.get(key)
  }

  /**
   * What `chooseSchool` says of the text of a cell, without making a text of it each time: the bytes lead to an answer
   * given before, and are compared with those it was given for.
   */
  chooseSchoolOf(row: RowView, cell: number): SchoolChoice {
    if (!this.#hash.cell(row, cell)) return this.chooseSchool('')
    const key = this.#hash.lo & 0x3fffffff
    const known = this.#answers.get(key)
    const start = row.starts[cell] as number // the cell is in the row: it was hashed
    const end = row.ends[cell] as number
    if (known !== undefined && isSame(known.bytes, row.bytes, start, end)) return known.choice
    const choice = this.chooseSchool(readCell(row, cell))
    if (this.#answers.size < mostAnswers)
      this.#answers.set(key, { bytes: Uint8Array.from(row.bytes.subarray(start, end)), choice })
    return choice
  }

  /** Those of a comma-separated list of orgs that are schools, else the first org. */
  chooseSchool(list: string): SchoolChoice {
    const known = this.#schoolOf.get(list)
    if (known !== undefined) return known
    const keys = list.split(',').map(trimText)
    const schools = new Set(keys.filter((key) => this.#types.get(key) === 'school'))
    const chosen = schools.size > 0 ? [...schools] : keys.filter((key) => key !== '').slice(0, 1)
    const choice = {
      values: { school: chosen.join(',') },
      digest: chosen.toSorted().join(','),
      isSchool: schools.size > 0,
    }
    if (this.#schoolOf.size < mostAnswers) this.#schoolOf.set(list, choice)
    return choice
  }
}

/** What the orgs of a student say of the school, as it stands beside her row (connectors/kit/one-roster/rows/row-record.ts). */
export type SchoolChoice = {
  /** `school`: comma-separated, in the order of the source; '' for none. */
  readonly values: { readonly school: string }
  /** The same whatever the order, which says nothing. */
  readonly digest: string
  /** False where no org is a school, and the school is the first org. */
  readonly isSchool: boolean
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false
  return true
}
