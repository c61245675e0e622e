import { boyNames, girlNames, inventFamilyName, pick, pickFrequent, type Random } from './names.ts'

/** A student's values by field of the data type; null where the source has none. */
export type Pupil = Readonly<Record<string, string | number | null>>

export type Home = {
  readonly familyName: string
  readonly street: string
  readonly city: string
  readonly postalCode: string
  readonly phone: string
  readonly email: string
  readonly school: number
  readonly race: string
  readonly ethnicity: string
}

/** What the two kinds of generated districts differ in. */
export type DistrictHabits = {
  /** Whether the source delivers street, city and postal code. */
  readonly hasAddresses: boolean
  /** Share of students whose e-mail is that of the family; the others have one of their own. */
  readonly familyEmailShare: number
  readonly blankShare: Readonly<Record<string, number>>
  readonly schoolCount: number
  readonly placeCount: number
  /** The names the district's families choose from, and how: all alike or some far more often. */
  readonly givenNames: (sex: 'female' | 'male', random: Random) => string
  readonly familyName: (random: Random) => string
}

const streets =
  'Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North Ridge Church Willow Mill Sunset Park Main'
const kinds = ['St', 'Ave', 'Rd', 'Dr', 'Ln', 'Ct', 'Blvd', 'Way']
const cities = [
  'Lincoln',
  'Fairview',
  'Riverton',
  'Georgetown',
  'Milford',
  'Clayton',
  'Ashland',
  'Salem',
  'Dover',
  'Hudson',
]
/** The year in which the children in the last grade were born, and the number of years from them to kindergarten. */
const eldest = 2008
const years = 13

export const commonNames = {
  givenNames: (sex: 'female' | 'male', random: Random) => pickFrequent(sex === 'female' ? girlNames : boyNames, random),
  familyName: inventFamilyName,
}

export function inventHome(habits: DistrictHabits, random: Random): Home {
  const familyName = habits.familyName(random)
  return {
    familyName,
    ...inventAddress(habits, random),
    phone: inventPhone(random),
    email: `${letters(familyName)}${pick(['', '.family', 'fam', 'home'], random)}${Math.floor(random() * 9000)}@mail.example`,
    school: Math.floor(random() * habits.schoolCount),
    race: pick(['white', 'white', 'white', 'asian', 'blackOrAfricanAmerican', 'americanIndianOrAlaskaNative'], random),
    ethnicity: random() < 0.3 ? 'hispanicOrLatino' : '',
  }
}

export function inventAddress(
  { placeCount }: DistrictHabits,
  random: Random,
): { street: string; city: string; postalCode: string } {
  const place = Math.floor(random() * placeCount)
  const unit = random() < 0.2 ? ` Apt ${1 + Math.floor(random() * 40)}` : ''
  const name = `${pick(streets.split(' '), random)} ${pick(kinds, random)}`
  return {
    street: `${1 + Math.floor(random() * 4000)} ${name}${unit}`,
    city: `${cities[place % cities.length] ?? ''}${place < cities.length ? '' : ` ${Math.floor(place / cities.length)}`}`,
    postalCode: String(61_000 + place * 7),
  }
}

export function inventPhone(random: Random): string {
  return `217${String(2_000_000 + Math.floor(random() * 7_999_999))}`
}

export function inventBirthDate(random: Random): string {
  const day = new Date(Date.UTC(eldest, 8, 1) + Math.floor(random() * years * 365.25) * 86_400_000)
  return day.toISOString().slice(0, 10)
}

export function deriveGrade(birthDate: string): { gradeLevel: string; classYear: number } {
  const [year = '', month = ''] = birthDate.split('-')
  const startsLater = Number(month) >= 9 ? 1 : 0
  const index = Math.min(12, Math.max(0, 12 - (Number(year) + startsLater - eldest - 1)))
  return { gradeLevel: index === 0 ? 'KG' : String(index).padStart(2, '0'), classYear: 2027 + 12 - index }
}

/** A child of the home; `birthDate` where it is given (twins). */
export function inventPupil(habits: DistrictHabits, home: Home, random: Random, birthDate?: string): Pupil {
  const sex = random() < 0.5 ? 'female' : 'male'
  const born = birthDate ?? inventBirthDate(random)
  const givenName = habits.givenNames(sex, random)
  const own = `${letters(givenName)}.${letters(home.familyName)}${Math.floor(random() * 90)}@students.example`
  const pupil: Record<string, string | number | null> = {
    username: `${letters(givenName).charAt(0)}${letters(home.familyName)}${Math.floor(random() * 1000)}`,
    givenName,
    middleName: habits.givenNames(sex, random),
    familyName: home.familyName,
    birthDate: born,
    sex,
    email: random() < habits.familyEmailShare ? home.email : own,
    phone: home.phone,
    street: habits.hasAddresses ? home.street : null,
    city: habits.hasAddresses ? home.city : null,
    postalCode: habits.hasAddresses ? home.postalCode : null,
    schoolId: home.school,
    race: home.race,
    ethnicity: home.ethnicity === '' ? null : home.ethnicity,
    ...deriveGrade(born),
  }
  for (const [field, share] of Object.entries(habits.blankShare)) {
    if (random() < share) pupil[field] = null
  }
  return pupil
}

export function letters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
}
