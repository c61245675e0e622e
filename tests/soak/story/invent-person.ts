import type { InventedStudent } from '../../../simulators/oneroster-package/invented-people.ts'
import type { Chance } from '../chance.ts'

const syllables = (
  'ba be bi bo da do du fe fi fo ga go gu ha he hi ja jo ka ke ki ko la le li lo lu ma me mi mo mu na ne ni no pa pe ' +
  'pi po ra re ri ro ru sa se si so ta te ti to va ve vi vo wa wi ya yo za ze zi zo'
).split(' ')
const grades = ['KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const
const races = ['white', 'asian', 'blackOrAfricanAmerican', 'americanIndianOrAlaskaNative'] as const

/**
 * Somebody whom nobody resembles: names of four syllables by chance, and a birth date of their own. Whether two people
 * may be one is judged by likeness, and a model can foresee it only where there is none, or nothing else.
 */
export function inventPerson(chance: Chance, number: number, schools: number): InventedStudent {
  const word = (count: number) => {
    const text = Array.from({ length: count }, () => chance.pick(syllables)).join('')
    return text.slice(0, 1).toUpperCase() + text.slice(1)
  }
  const gradeIndex = chance.between(0, grades.length - 1)
  const givenName = word(4)
  const familyName = word(5)
  const username = `${givenName.toLowerCase()}.${number}`
  const dayOfYear = new Date(Date.UTC(2021 - gradeIndex, 0, 1 + ((number * 37) % 365)))
  return {
    sourcedId: `source-${number}-${word(3).toLowerCase()}`,
    identifier: `7${String(number).padStart(6, '0')}`,
    username,
    givenName,
    middleName: chance.percent(40) ? word(3) : '',
    familyName,
    email: `${username}@students.soak.example`,
    phone: inventPhone(chance),
    grade: grades[gradeIndex] ?? 'KG',
    schoolNumber: chance.between(1, schools),
    birthDate: dayOfYear.toISOString().slice(0, 10),
    sex: chance.percent(50) ? 'male' : 'female',
    race: chance.pick(races),
    isHispanicOrLatino: chance.percent(25),
  }
}

export function inventPhone(chance: Chance): string {
  return `+1555${String(chance.between(1_000_000, 9_999_999))}`
}
