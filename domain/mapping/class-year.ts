/** How many years after the end of the current academic year a grade graduates. */
const yearsToGraduation: Readonly<Record<string, number>> = {
  '12': 0,
  '11': 1,
  '10': 2,
  '09': 3,
  '08': 4,
  '07': 5,
  '06': 6,
  '05': 7,
  '04': 8,
  '03': 9,
  '02': 10,
  '01': 11,
  KG: 12,
  TK: 13,
}

/**
 * The calendar year in which the academic year ends that `today` (`YYYY-MM-DD`) lies in; it turns over on
 * `turnsOn` (`MM-DD`).
 */
export function deriveAcademicYearEnd(today: string, turnsOn: string): number {
  const year = Number(today.slice(0, 4))
  return today.slice(5) >= turnsOn ? year + 1 : year
}

/** From the end of the academic year on; undefined for a grade code that says nothing about it. */
export function countYearsToGraduation(grade: string): number | undefined {
  return yearsToGraduation[grade]
}
