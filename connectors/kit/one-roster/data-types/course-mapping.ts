import { Hash64 } from '../../../../domain/hash64.ts'
import { KeySet } from '../../keys/key-set.ts'
import type { RowView } from '../../csv/row-view.ts'
import { isBlank, readCell } from '../rows/cell-text.ts'
import { isWithdrawn, type OneRosterType, type FileTaker, type Positions, type TypeContext } from './one-roster-type.ts'
import { ValueRecord } from '../rows/value-record.ts'

/** Which school offers which course: that of a class of it, and that which the course itself belongs to. */
export const courseMapping: OneRosterType = {
  dataType: 'courseMapping',
  collections: [{ name: 'offers', kind: 'records', columns: ['courseSourcedId', 'schoolSourcedId'] }],
  mapping: {
    fields: {
      courseId: { from: 'offers.courseSourcedId' },
      schoolId: { from: 'offers.schoolSourcedId' },
    },
    customFields: {},
    codes: {},
    academicYearTurnsOn: '07-01',
  },
  reads: ['orgs', 'courses', 'classes'],
  file: 'classes',
  besides: ['courses'],
  needs: ['classes'],
  start: (context) => {
    const offers = new Offers(context)
    return (file, _mode, positions) => {
      if (file === 'courses') return offers.take(positions, { course: 'sourcedId', school: 'orgSourcedId' })
      if (file === 'classes') return offers.take(positions, { course: 'courseSourcedId', school: 'schoolSourcedId' })
      return undefined
    }
  },
}

/** Each pair once, however many classes say it. */
class Offers {
  readonly #context: TypeContext
  readonly #given = new KeySet()
  readonly #hash = new Hash64()
  readonly #record = new ValueRecord('offers', 'classes')

  constructor(context: TypeContext) {
    this.#context = context
  }

  take(positions: Positions, columns: { readonly course: string; readonly school: string }): FileTaker {
    const cell = (column: string) => positions.get(column) ?? -1
    const [course, school, status] = [cell(columns.course), cell(columns.school), cell('status')]
    return {
      row: (row, isAccepted) => {
        if (isAccepted) this.#offer(row, course, school, status)
        // A refused row says that the pair may still be there, where it says which.
        else if (isBlank(row, course) || isBlank(row, school)) this.#context.facts.everyRowHasKey = false
        else this.#give(row, 'rejected', readCell(row, course), readCell(row, school))
      },
    }
  }

  #offer(row: RowView, course: number, school: number, status: number): void {
    if (isWithdrawn(row, status)) return
    const [courseKey, schoolKey] = [readCell(row, course), readCell(row, school)]
    if (this.#context.orgs.typeOf(schoolKey) !== 'school') return
    const { hi, lo } = this.#hash.reset().text(courseKey).separator().text(schoolKey).finish()
    if (this.#given.has(hi, lo)) return
    this.#given.add(hi, lo)
    this.#context.facts.acceptedCount++
    this.#give(row, 'active', courseKey, schoolKey)
  }

  #give(row: RowView, presence: 'active' | 'rejected', courseSourcedId: string, schoolSourcedId: string): void {
    this.#context.facts.rowCount++
    const key = `${courseSourcedId}|${schoolSourcedId}`
    this.#context.sink.record(this.#record.show(row.line, presence, key, { courseSourcedId, schoolSourcedId }))
  }
}
