import type { ScalarType } from '../data-types/define-data-type.ts'

const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/
const integerPattern = /^[+-]?\d{1,9}$/
const decimalPattern = /^[+-]?\d{1,12}(?:\.\d{1,12})?$/
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** True for a day that the calendar has, `YYYY-MM-DD`, from year 1 on. */
export function isCalendarDay(text: string): boolean {
  const parts = datePattern.exec(text)
  if (parts === null) return false
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (year === 0 || day === 0) return false
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 && isLeapYear ? 29 : daysInMonth[month - 1]
  return days !== undefined && day <= days
}

/** Whether somebody born on that day has an age within the range, in whole years, on `today` (both `YYYY-MM-DD`). */
export function isOfAge(
  birthDate: string,
  ages: { readonly from: number; readonly to: number },
  today: string,
): boolean {
  const hadBirthday = birthDate.slice(5) <= today.slice(5)
  const age = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (hadBirthday ? 0 : 1)
  return age >= ages.from && age <= ages.to
}

/** Whether a text can be stored as a value of this type. Blank text never reaches it. */
export function isValueOfType(type: ScalarType, text: string): boolean {
  switch (type) {
    case 'date':
      return isCalendarDay(text)
    case 'integer':
      return integerPattern.test(text)
    case 'decimal':
      return decimalPattern.test(text)
    case 'text':
      return true
  }
}
