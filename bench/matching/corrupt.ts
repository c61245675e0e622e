import { pick, type Random } from './names.ts'
import { inventAddress, inventPhone, letters, type DistrictHabits, type Pupil } from './invent-families.ts'

type Changes = Readonly<Record<string, string | number | null>>

/** One thing that goes wrong, or changes, between two records of one person; undefined where it cannot happen to her. */
export type Corruption = (pupil: Pupil, random: Random, habits: DistrictHabits) => Changes | undefined

/** Short forms as people write them; the benchmark's own, so that the list of the matching is put to the test. */
const shortForms: Readonly<Record<string, readonly string[]>> = {
  Elizabeth: ['Liz', 'Beth', 'Betty', 'Lizzie', 'Eliza'],
  Isabella: ['Bella', 'Izzy', 'Isabel'],
  Abigail: ['Abby', 'Gail'],
  Madison: ['Maddie'],
  Samantha: ['Sam', 'Sammy'],
  Victoria: ['Vicky', 'Tori'],
  Katherine: ['Kate', 'Katie', 'Kathy', 'Kat'],
  Catherine: ['Cathy', 'Kate', 'Cat'],
  Alexandra: ['Alex', 'Lexi', 'Sandra'],
  Gabriella: ['Gabby', 'Ella'],
  Margaret: ['Maggie', 'Peggy', 'Meg'],
  Jennifer: ['Jenny', 'Jen'],
  Jessica: ['Jess', 'Jessie'],
  Guadalupe: ['Lupe', 'Lupita'],
  Josefina: ['Josie', 'Pepa'],
  Rebecca: ['Becky', 'Becca'],
  Teresa: ['Tere', 'Terry', 'Tess'],
  Veronica: ['Vero', 'Ronnie'],
  Natalie: ['Nat', 'Talia'],
  Allison: ['Allie', 'Ali'],
  William: ['Will', 'Bill', 'Billy', 'Liam'],
  Michael: ['Mike', 'Mikey', 'Mick'],
  Alexander: ['Alex', 'Xander', 'Sasha'],
  Benjamin: ['Ben', 'Benny'],
  Matthew: ['Matt'],
  Anthony: ['Tony'],
  Joseph: ['Joe', 'Joey'],
  Joshua: ['Josh'],
  Andrew: ['Andy', 'Drew'],
  Samuel: ['Sam'],
  Christopher: ['Chris', 'Topher', 'Kit'],
  John: ['Jack', 'Johnny'],
  Jonathan: ['Jon', 'Johnny'],
  Nicholas: ['Nick', 'Nico'],
  Charles: ['Charlie', 'Chuck'],
  Thomas: ['Tom', 'Tommy'],
  Robert: ['Bob', 'Rob', 'Bobby'],
  Zachary: ['Zach'],
  Jose: ['Pepe', 'Joe'],
  Francisco: ['Paco', 'Pancho', 'Frank'],
  Jesus: ['Chuy'],
  Edward: ['Ed', 'Ted', 'Ned'],
  Richard: ['Rick', 'Dick', 'Richie'],
  Timothy: ['Tim'],
  Stephen: ['Steve'],
  Gregory: ['Greg'],
  Patrick: ['Pat', 'Paddy'],
  Theodore: ['Ted', 'Theo'],
  Lawrence: ['Larry'],
  Frederick: ['Fred'],
  Eduardo: ['Lalo', 'Ed'],
  Enrique: ['Kike', 'Rick'],
}

const letterPool = 'a e i o n r t s l m'.split(' ')

/** A neighbour on the keyboard, a letter twice, one left out, or two exchanged. */
export function mistype(text: string, random: Random): string {
  if (text.length < 2) return `${text}e`
  const at = Math.floor(random() * (text.length - 1))
  const letter = text.charAt(at)
  const kind = random()
  if (kind < 0.3) return text.slice(0, at) + text.slice(at + 1)
  if (kind < 0.5) return text.slice(0, at) + letter.toLowerCase() + text.slice(at)
  if (kind < 0.75) return text.slice(0, at) + text.charAt(at + 1) + letter + text.slice(at + 2)
  return text.slice(0, at) + pick(letterPool, random) + text.slice(at + 1)
}

const textOf = (pupil: Pupil, field: string): string => String(pupil[field] ?? '')

const mistypeField =
  (field: string): Corruption =>
  (pupil, random) => {
    const text = textOf(pupil, field)
    return text.length < 3 ? undefined : { [field]: mistype(text, random) }
  }

const blank =
  (field: string): Corruption =>
  (pupil) =>
    pupil[field] === null ? undefined : { [field]: null }

const changeDigit = (text: string, random: Random): string => {
  const at = pick([...text.matchAll(/\d/g)], random).index
  return text.slice(0, at) + String((Number(text[at]) + 1 + Math.floor(random() * 9)) % 10) + text.slice(at + 1)
}

const isDate = (text: string) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

/** Everything that can go wrong, by name. A generated district chooses from it, each with a weight. */
export const corruptions = {
  nickname: (pupil, random) => {
    const forms = shortForms[textOf(pupil, 'givenName')]
    return forms === undefined ? undefined : { givenName: pick(forms, random) }
  },
  givenTypo: mistypeField('givenName'),
  familyTypo: mistypeField('familyName'),
  middleTypo: mistypeField('middleName'),
  calledByMiddle: (pupil) =>
    pupil['middleName'] === null ? undefined : { givenName: textOf(pupil, 'middleName'), middleName: null },
  middleInitial: (pupil) =>
    pupil['middleName'] === null ? undefined : { middleName: textOf(pupil, 'middleName').charAt(0) },
  noMiddle: blank('middleName'),
  swappedNames: (pupil) => ({ givenName: textOf(pupil, 'familyName'), familyName: textOf(pupil, 'givenName') }),
  noAccents: (pupil) => {
    const plain = (field: string) => textOf(pupil, field).normalize('NFD').replace(/\p{M}/gu, '')
    const changes = { givenName: plain('givenName'), familyName: plain('familyName') }
    const isOther = changes.givenName !== pupil['givenName'] || changes.familyName !== pupil['familyName']
    return isOther ? changes : undefined
  },
  doubleFamilyName: (pupil, random, habits) => {
    const added = habits.familyName(random)
    const familyName = textOf(pupil, 'familyName')
    const joint = random() < 0.5 ? '-' : ' '
    return { familyName: random() < 0.5 ? `${familyName}${joint}${added}` : `${added}${joint}${familyName}` }
  },
  newFamilyName: (_pupil, random, habits) => ({ familyName: habits.familyName(random) }),
  transposedBirthDate: (pupil) => {
    const [year = '', month = '', day = ''] = textOf(pupil, 'birthDate').split('-')
    return Number(day) > 12 || day === month ? undefined : { birthDate: `${year}-${day}-${month}` }
  },
  birthYearTypo: (pupil, random) => {
    const [year = '', ...rest] = textOf(pupil, 'birthDate').split('-')
    if (year === '') return undefined
    const other = random() < 0.6 ? String(Number(year) + (random() < 0.5 ? 1 : -1)) : changeDigit(year, random)
    const birthDate = [other, ...rest].join('-')
    return isDate(birthDate) && birthDate !== pupil['birthDate'] ? { birthDate } : undefined
  },
  birthDayTypo: (pupil, random) => {
    const [year = '', month = '', day = ''] = textOf(pupil, 'birthDate').split('-')
    if (year === '') return undefined
    const isOfDay = random() < 0.6
    const changed = isOfDay ? [month, changeDigit(day, random)] : [changeDigit(month, random), day]
    const birthDate = [year, ...changed].join('-')
    return isDate(birthDate) ? { birthDate } : undefined
  },
  noBirthDate: blank('birthDate'),
  otherSex: (pupil) => ({ sex: pupil['sex'] === 'male' ? 'female' : 'male' }),
  noSex: blank('sex'),
  newEmail: (pupil, random) => ({
    email: `${letters(textOf(pupil, 'givenName'))}${Math.floor(random() * 900)}@post.example`,
  }),
  emailTypo: mistypeField('email'),
  noEmail: blank('email'),
  newPhone: (_pupil, random) => ({ phone: inventPhone(random) }),
  phoneTypo: (pupil, random) =>
    pupil['phone'] === null ? undefined : { phone: changeDigit(textOf(pupil, 'phone'), random) },
  noPhone: blank('phone'),
  movedHome: (_pupil, random, habits) => ({
    ...(habits.hasAddresses && inventAddress(habits, random)),
    ...(random() < 0.6 && { phone: inventPhone(random) }),
    ...(random() < 0.5 && { schoolId: Math.floor(random() * habits.schoolCount) }),
  }),
  streetTypo: mistypeField('street'),
  newSchool: (_pupil, random, habits) => ({ schoolId: Math.floor(random() * habits.schoolCount) }),
  newGrade: (pupil, random) => {
    const classYear = Number(pupil['classYear']) + (random() < 0.5 ? 1 : -1)
    const index = 2039 - classYear
    if (index < 0 || index > 12) return undefined
    return { classYear, gradeLevel: index === 0 ? 'KG' : String(index).padStart(2, '0') }
  },
} satisfies Readonly<Record<string, Corruption>>

export type CorruptionName = keyof typeof corruptions
