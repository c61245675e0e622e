import type { Layout } from './layout.ts'
import { lifecycleOf } from './lifecycle.ts'
import { listingOf, type Listing } from './listing.ts'
import type { AcademicSession } from './records.ts'

/** The sessions that classes name. */
export type SessionIds = {
  readonly lastYear: string
  readonly lastSpring: string
  readonly lastQuarter: string
  readonly year: string
  readonly fall: string
  readonly spring: string
  readonly firstQuarter: string
  readonly nextYear: string
  readonly nextFall: string
}

export function sessionIds({ startYear }: Layout): SessionIds {
  const [last, now, next] = [startYear, startYear + 1, startYear + 2].map(String)
  return {
    lastYear: `year-${last ?? ''}`,
    lastSpring: `spring-${last ?? ''}`,
    lastQuarter: `quarter-4-${last ?? ''}`,
    year: `year-${now ?? ''}`,
    fall: `fall-${now ?? ''}`,
    spring: `spring-${now ?? ''}`,
    firstQuarter: `quarter-1-${now ?? ''}`,
    nextYear: `year-${next ?? ''}`,
    nextFall: `fall-${next ?? ''}`,
  }
}

/** Last year, this year with its terms and quarters, next year. Last year's half is a semester, this year's are terms. */
export function listSessions(layout: Layout): Listing<AcademicSession> {
  const ids = sessionIds(layout)
  const y = layout.startYear
  const quarter = (number: number) => `quarter-${String(number)}-${String(y + 1)}`
  type Row = readonly [string, string, AcademicSession['type'], string, string, string, number]
  const rows: readonly Row[] = [
    [
      ids.lastYear,
      `School year ${String(y - 1)}-${String(y)}`,
      'schoolYear',
      `${String(y - 1)}-08-01`,
      `${String(y)}-07-01`,
      '',
      y,
    ],
    [ids.lastSpring, 'Spring semester', 'semester', `${String(y)}-01-01`, `${String(y)}-06-15`, ids.lastYear, y],
    [ids.lastQuarter, 'Quarter 4', 'gradingPeriod', `${String(y)}-04-01`, `${String(y)}-06-15`, ids.lastSpring, y],
    [
      ids.year,
      `School year ${String(y)}-${String(y + 1)}`,
      'schoolYear',
      `${String(y)}-08-01`,
      `${String(y + 1)}-07-01`,
      '',
      y + 1,
    ],
    [ids.fall, 'Fall', 'term', `${String(y)}-08-15`, `${String(y + 1)}-01-01`, ids.year, y + 1],
    [ids.spring, 'Spring', 'term', `${String(y + 1)}-01-01`, `${String(y + 1)}-06-15`, ids.year, y + 1],
    [quarter(1), 'Quarter 1', 'gradingPeriod', `${String(y)}-08-15`, `${String(y)}-10-15`, ids.fall, y + 1],
    [quarter(2), 'Quarter 2', 'gradingPeriod', `${String(y)}-10-15`, `${String(y + 1)}-01-01`, ids.fall, y + 1],
    [quarter(3), 'Quarter 3', 'gradingPeriod', `${String(y + 1)}-01-01`, `${String(y + 1)}-04-01`, ids.spring, y + 1],
    [quarter(4), 'Quarter 4', 'gradingPeriod', `${String(y + 1)}-04-01`, `${String(y + 1)}-06-15`, ids.spring, y + 1],
    [
      ids.nextYear,
      `School year ${String(y + 1)}-${String(y + 2)}`,
      'schoolYear',
      `${String(y + 1)}-08-01`,
      `${String(y + 2)}-07-01`,
      '',
      y + 2,
    ],
    [ids.nextFall, 'Fall', 'term', `${String(y + 1)}-08-15`, `${String(y + 2)}-01-01`, ids.nextYear, y + 2],
  ]
  return listingOf(
    rows.map(([sourcedId, title, type, startDate, endDate, parent, schoolYear], index) => ({
      ...{ sourcedId, title, type, startDate, endDate, parent, schoolYear: String(schoolYear) },
      children: rows.filter(([, , , , , above]) => above === sourcedId).map(([id]) => id),
      ...lifecycleOf(layout, index + 1),
    })),
  )
}
