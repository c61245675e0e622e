import type { InventedStudent } from '../../../simulators/oneroster-package/invented-people.ts'
import { expectedRecord } from '../../end-to-end/invented-rows.ts'

/** One student of a package, as the model is told of it. */
export type SourceRow = {
  readonly person: InventedStudent
  /** `tobedeleted`. */
  readonly isWithdrawn?: boolean
  /** Without a family name: an error, and the row is dropped. It still counts as seen. */
  readonly isBroken?: boolean
  /** Resembles this held student in all but the ids: somebody has to be asked. The student's `identifier`. */
  readonly resembles?: string
}

export type SourcePackage = {
  readonly mode: 'bulk' | 'delta'
  readonly rows: readonly SourceRow[]
  /** Says birth dates and the like too. */
  readonly hasDemographics: boolean
  /** False: no archive, a part of one, or a file of students without a row. Nothing may come of it. */
  readonly isUsable: boolean
}

/** Fields as `records --csv` prints them; a blank is ''. */
export type Values = Readonly<Record<string, string>>

/** What a record is, active or not, is no value of a row: the plan says it. */
const ofStatus = new Set(['status', 'enrollmentStatus'])
const ofDemographics = new Set(['birthDate', 'sex', 'ethnicity', 'race'])

/** What a row says of its student by contract.md: fields it does not speak of, or leaves blank, are not there. */
export function valuesOf({ person }: SourceRow, { hasDemographics }: Pick<SourcePackage, 'hasDemographics'>): Values {
  const said = Object.entries(expectedRecord(person)).filter(
    ([field, value]) => value !== '' && !ofStatus.has(field) && (hasDemographics || !ofDemographics.has(field)),
  )
  return Object.fromEntries(said)
}
