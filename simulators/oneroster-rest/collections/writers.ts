import type * as Records from '../../invented-district/records.ts'
import type { Json } from '../query/parse-filter.ts'
import type { Binding } from './binding.ts'

type Writer<R> = (record: R, binding: Binding) => Json

/** A record of each kind as JSON, with every key that the binding has for it. */
export type Writers = {
  readonly org: Writer<Records.Org>
  readonly academicSession: Writer<Records.AcademicSession>
  readonly course: Writer<Records.Course>
  readonly class: Writer<Records.RosterClass>
  readonly user: Writer<Records.User>
  readonly enrollment: Writer<Records.Enrollment>
  readonly demographics: Writer<Records.Demographics>
  readonly category: Writer<Records.Category>
  readonly lineItem: Writer<Records.LineItem>
  readonly result: Writer<Records.Result>
}
