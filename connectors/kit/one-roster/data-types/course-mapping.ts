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
  carriers: ['courses', 'classes'],
  besides: ['courses'],
  needs: ['classes'],
  isPutTogether: true,
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
    // What is found in the other file is told of courses, and its lines are none of this one.
    const isOfClasses = positions.has('courseSourcedId')
    return {
      row: (row, isAccepted, isMisshapen) => {
        if (isAccepted) this.#offer(row, course, school, status)
        else if (isMisshapen || isBlank(row, course) || isBlank(row, school)) {
          this.#context.facts.everyRowHasKey = false
          if (isOfClasses) this.#give(row.line, 'rejected', '', '')
        } else this.#refuse(isOfClasses ? row.line : 0, readCell(row, course), readCell(row, school))
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
    this.#give(row.line, 'active', courseKey, schoolKey)
  }

  /** A refused row says that the pair may still be there. */
  #refuse(line: number, courseKey: string, schoolKey: string): void {
    if (this.#context.orgs.typeOf(schoolKey) === 'school') this.#give(line, 'rejected', courseKey, schoolKey)
  }

  #give(line: number, presence: 'active' | 'rejected', courseSourcedId: string, schoolSourcedId: string): void {
    this.#context.facts.rowCount++
    const key = courseSourcedId === '' ? '' : `${courseSourcedId}|${schoolSourcedId}`
    this.#context.sink.record(this.#record.show(line, presence, key, { courseSourcedId, schoolSourcedId }))
  }
}
