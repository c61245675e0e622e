/**
 * So many students would keep the class year that we hold of them if the academic year ended in `year`: those of a
 * school, by the feed at hand.
 */
export type YearVote = { readonly schoolId: string | null; readonly year: number; readonly count: number }

/** Academic years go by the calendar year in which they end. */
export type AcademicYear = {
  readonly year: number
  /** Schools that the source has turned over before the others, or has not yet: theirs is another. */
  readonly schools: readonly { readonly schoolId: string; readonly year: number }[]
}

/** So few of a school may have skipped a class together. */
const fewestVoters = 5

/**
 * The academic year that a feed is of: the one under which most of those we hold keep
 * their class year. Sources turn over in June or in September, by no calendar of ours. A source that turns over school
 * by school is of two years for a while, and no class year is right under one of them for all: so a school goes by its
 * own year where most of its students say so.
 *
 * `inForce` is the year of the records, and stands where as many say one as another; `byDate` counts where nobody is held.
 */
export function chooseAcademicYear(
  votes: readonly YearVote[],
  { inForce, byDate }: { readonly inForce: number; readonly byDate: number },
): AcademicYear {
  const year = findMost(votes, inForce)?.year ?? byDate
  const bySchool = Map.groupBy(votes, ({ schoolId }) => schoolId)
  const schools = [...bySchool].flatMap(([schoolId, ofSchool]) => {
    const most = findMost(ofSchool, year)
    const isClear = most !== undefined && most.total >= fewestVoters && most.count * 2 > most.total
    return schoolId !== null && isClear && most.year !== year ? [{ schoolId, year: most.year }] : []
  })
  return { year, schools }
}

/**
 * Whether `votes`, which are those of rows that changed, could be outweighed by rows that did not: these are for the year
 * in force, and counting them means to look at every record.
 */
export function isUndecided(votes: readonly YearVote[], inForce: number): boolean {
  const { year, schools } = chooseAcademicYear(votes, { inForce, byDate: inForce })
  return year !== inForce || schools.length > 0
}

function findMost(votes: readonly YearVote[], preferred: number) {
  const counts = new Map<number, number>()
  for (const { year, count } of votes) counts.set(year, (counts.get(year) ?? 0) + count)
  let most: { readonly year: number; readonly count: number } | undefined
  for (const [year, count] of counts) {
    const isMore = most === undefined || count > most.count || (count === most.count && year === preferred)
    if (isMore) most = { year, count }
  }
  return most === undefined
    ? undefined
    : { ...most, total: [...counts.values()].reduce((sum, count) => sum + count, 0) }
}
