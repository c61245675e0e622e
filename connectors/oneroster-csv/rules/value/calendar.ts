const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether the day exists; months and days count from 1. */
export function isRealDay(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 && isLeap ? 29 : (daysOfMonths[month - 1] ?? 0)
  return day >= 1 && day <= days
}

/** Whether the text is a real day written `YYYY-MM-DD`. */
export function isIsoDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return parts !== null && isRealDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))
}

/** Whether the text is an instant written in any way ISO 8601 allows, its offset included. */
export function isIsoInstant(text: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/i.exec(text)
  if (parts === null) return false
  return isIsoDate(parts[1] ?? '') && Number(parts[2]) <= 23 && Number(parts[3]) <= 59 && Number(parts[4] ?? '0') <= 59
}

/** Whether the text is an instant in the one form of the format, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function isExactInstant(text: string): boolean {
  return /^.{10}T\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && isIsoInstant(text)
}
