import { mistype } from '../corrupt.ts'
import type { Pupil } from '../invent-families.ts'
import { pick, type Random } from '../names.ts'
import { gradeOf, inventFamily, inventHome, inventPhone } from './invent-households.ts'

type Changes = Readonly<Record<string, string | number | null>>

/** What a spreadsheet or a clerk does to one row; undefined where there is nothing to do it to. `neighbour` is the row above. */
export type Damage = (pupil: Pupil, random: Random, neighbour: () => Pupil) => Changes | undefined

const textOf = (pupil: Pupil, field: string): string => String(pupil[field] ?? '')
const partsOf = (pupil: Pupil): [year: string, month: string, day: string] => {
  const [year = '', month = '', day = ''] = textOf(pupil, 'birthDate').split('-')
  return [year, month, day]
}
const isDate = (text: string) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

const shiftDate = (pupil: Pupil, days: number): Changes | undefined => {
  const born = textOf(pupil, 'birthDate')
  if (born === '') return undefined
  return { birthDate: new Date(Date.parse(born) + days * 86_400_000).toISOString().slice(0, 10) }
}

/** What one hand writes and the next reads. */
const misread =
  'rn>m m>rn cl>d d>cl u>v v>u n>u u>n a>o o>a e>c c>e i>l l>i li>h h>b vv>w w>vv r>v t>f f>t g>q y>g ie>ei ei>ie ss>s ll>l'.split(
    ' ',
  )

function misreadLetters(text: string, random: Random): string | undefined {
  const fitting = misread
    .map((pair): [string, string] => [pair.split('>')[0] ?? '', pair.split('>')[1] ?? ''])
    .filter(([written]) => text.toLowerCase().slice(1).includes(written))
  if (fitting.length === 0) return undefined
  const [written, read] = pick(fitting, random)
  const at = text.toLowerCase().indexOf(written, 1)
  return text.slice(0, at) + read + text.slice(at + written.length)
}

const misreadField =
  (field: string): Damage =>
  (pupil, random) => {
    const text = misreadLetters(textOf(pupil, field), random)
    return text === undefined ? undefined : { [field]: text }
  }

const misreadDigit = (text: string, random: Random): string | undefined => {
  const pairs: Readonly<Record<string, string>> = {
    1: '7',
    7: '1',
    0: '6',
    6: '0',
    3: '8',
    8: '3',
    4: '9',
    9: '4',
    5: '6',
  }
  const at = Array.from(text).flatMap((letter, index) => (letter in pairs ? [index] : []))
  if (at.length === 0) return undefined
  const index = pick(at, random)
  return text.slice(0, index) + (pairs[text.charAt(index)] ?? '') + text.slice(index + 1)
}

const petNames: Readonly<Record<string, string>> = {
  Kathleen: 'Kathy',
  Deborah: 'Debbie',
  Susan: 'Sue',
  Pamela: 'Pam',
  Christine: 'Chris',
  Christina: 'Tina',
  Jacqueline: 'Jackie',
  Judith: 'Judy',
  Cynthia: 'Cindy',
  Theresa: 'Terri',
  Abigail: 'Abbie',
  Madison: 'Maddy',
  Isabella: 'Bella',
  Danielle: 'Dani',
  James: 'Jim',
  Robert: 'Bob',
  John: 'Jack',
  Michael: 'Mike',
  David: 'Dave',
  William: 'Billy',
  Richard: 'Rick',
  Joseph: 'Joey',
  Thomas: 'Tommy',
  Charles: 'Chuck',
  Christopher: 'Chris',
  Daniel: 'Danny',
  Matthew: 'Matt',
  Donald: 'Don',
  Steven: 'Steve',
  Andrew: 'Drew',
  Kenneth: 'Ken',
  Joshua: 'Josh',
  Edward: 'Eddie',
  Ronald: 'Ron',
  Timothy: 'Tim',
  Jeffrey: 'Jeff',
  Nicholas: 'Nick',
  Benjamin: 'Benji',
  Gregory: 'Greg',
  Samuel: 'Sammy',
  Alexander: 'Alex',
  Zachary: 'Zack',
  Gerald: 'Jerry',
  Lawrence: 'Larry',
}

/** Damages of one row, each by its name. */
export const damages = {
  middleAsGiven: (pupil, random) => {
    const middleName = textOf(pupil, 'middleName')
    if (middleName === '' || middleName === pupil['givenName']) return undefined
    const rest = random()
    return {
      givenName: middleName,
      middleName: rest < 0.45 ? null : rest < 0.9 ? textOf(pupil, 'givenName') : textOf(pupil, 'givenName').charAt(0),
    }
  },
  middleInGiven: (pupil) =>
    pupil['middleName'] === null
      ? undefined
      : { givenName: `${textOf(pupil, 'givenName')} ${textOf(pupil, 'middleName')}`, middleName: null },
  oneColumn: (pupil, random) => {
    const [given, middle, family] = [
      textOf(pupil, 'givenName'),
      textOf(pupil, 'middleName'),
      textOf(pupil, 'familyName'),
    ]
    const first = [given, middle].filter(Boolean).join(' ')
    return random() < 0.5
      ? { familyName: `${family}, ${first}`, givenName: given, middleName: null }
      : { givenName: `${family}, ${first}`, familyName: family, middleName: null }
  },
  swappedColumns: (pupil) => ({ givenName: textOf(pupil, 'familyName'), familyName: textOf(pupil, 'givenName') }),
  nickname: (pupil) => {
    const name = petNames[textOf(pupil, 'givenName')]
    return name === undefined ? undefined : { givenName: name }
  },
  givenMisread: misreadField('givenName'),
  familyMisread: misreadField('familyName'),
  givenTypo: (pupil, random) => ({ givenName: mistype(textOf(pupil, 'givenName'), random) }),
  familyTypo: (pupil, random) => ({ familyName: mistype(textOf(pupil, 'familyName'), random) }),
  secondName: (pupil, random) => {
    const [first = '', second] = textOf(pupil, 'familyName').split('-')
    if (second !== undefined) return { familyName: random() < 0.5 ? first : second }
    const added = inventFamily(random)
    return { familyName: random() < 0.6 ? `${first}-${added}` : `${added} ${first}` }
  },
  newFamilyName: (_pupil, random) => ({ familyName: inventFamily(random) }),
  truncated: (pupil, random) => {
    const length = random() < 0.5 ? 6 : 8
    const cut = (field: string) => textOf(pupil, field).slice(0, length)
    const changes = { givenName: cut('givenName'), familyName: cut('familyName') }
    return changes.givenName === pupil['givenName'] && changes.familyName === pupil['familyName'] ? undefined : changes
  },
  note: (pupil, random) => {
    const field = random() < 0.5 ? 'givenName' : 'familyName'
    return { [field]: `${textOf(pupil, field)} ${pick(['(new)', '(2)', '*', '- see card', 'IEP'], random)}` }
  },
  dayMonth: (pupil) => {
    const [year, month, day] = partsOf(pupil)
    return day === '' || Number(day) > 12 || day === month ? undefined : { birthDate: `${year}-${day}-${month}` }
  },
  yearOff: (pupil, random) => {
    const [year, month, day] = partsOf(pupil)
    const birthDate = `${Number(year) + (random() < 0.5 ? 1 : -1)}-${month}-${day}`
    return isDate(birthDate) ? { birthDate } : undefined
  },
  wrongCentury: (pupil, random) => {
    const [year, month, day] = partsOf(pupil)
    if (year === '') return undefined
    return { birthDate: random() < 0.5 ? null : `19${year.slice(2)}-${month}-${day}` }
  },
  dayOff: (pupil, random) => shiftDate(pupil, random() < 0.5 ? 1 : -1),
  otherEpoch: (pupil, random) => shiftDate(pupil, random() < 0.5 ? 1462 : -1462),
  digitMisread: (pupil, random) => {
    const birthDate = misreadDigit(textOf(pupil, 'birthDate'), random)
    return birthDate === undefined || !isDate(birthDate) ? undefined : { birthDate }
  },
  noBirthDate: (pupil) => (pupil['birthDate'] === null ? undefined : { birthDate: null }),
  copiedDown: (_pupil, random, neighbour) => {
    const above = neighbour()
    const fields = pick([['email'], ['phone'], ['email', 'phone'], ['street', 'city', 'postalCode']], random)
    return Object.fromEntries(fields.map((field) => [field, above[field] ?? null]))
  },
  newAccount: (pupil, random) => ({
    email: `${textOf(pupil, 'familyName')
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .slice(0, 4)}${1000 + Math.floor(random() * 9000)}@new.example`,
    username: null,
  }),
  noEmail: (pupil) => (pupil['email'] === null ? undefined : { email: null }),
  newPhone: (_pupil, random) => ({ phone: inventPhone(random) }),
  phoneWithoutArea: (pupil) => {
    const digits = textOf(pupil, 'phone').replace(/\D/g, '')
    return digits === '' ? undefined : { phone: `${digits.slice(-7, -4)}-${digits.slice(-4)}` }
  },
  phoneMisread: (pupil, random) => {
    const phone = misreadDigit(textOf(pupil, 'phone'), random)
    return phone === undefined ? undefined : { phone }
  },
  zerosLost: (pupil) => ({
    postalCode: textOf(pupil, 'postalCode').replace(/^0+/, '') || null,
    stateId: textOf(pupil, 'stateId').replace(/^0+/, '') || null,
  }),
  moved: (pupil, random) => ({
    ...(pupil['street'] !== null && inventHome(random)),
    ...(random() < 0.4 && { phone: inventPhone(random) }),
    ...(random() < 0.6 && { schoolId: Math.floor(random() * 40) }),
  }),
  otherSchool: (_pupil, random) => ({ schoolId: Math.floor(random() * 40) }),
  otherGrade: (pupil, random) => {
    const year = Number(textOf(pupil, 'birthDate').slice(0, 4)) + (random() < 0.5 ? 1 : -1)
    return year < 1900 ? undefined : gradeOf(`${year}${textOf(pupil, 'birthDate').slice(4)}`)
  },
  otherSex: (pupil) => ({ sex: pupil['sex'] === 'male' ? 'female' : 'male' }),
} satisfies Readonly<Record<string, Damage>>

export type DamageName = keyof typeof damages

/** How often each is tried. */
export const damageMix: Readonly<Record<DamageName, number>> = {
  middleAsGiven: 9,
  middleInGiven: 4,
  oneColumn: 4,
  swappedColumns: 4,
  nickname: 7,
  givenMisread: 6,
  familyMisread: 6,
  givenTypo: 4,
  familyTypo: 4,
  secondName: 6,
  newFamilyName: 5,
  truncated: 3,
  note: 2,
  dayMonth: 5,
  yearOff: 6,
  wrongCentury: 2,
  dayOff: 3,
  otherEpoch: 1,
  digitMisread: 4,
  noBirthDate: 2,
  copiedDown: 4,
  newAccount: 7,
  noEmail: 4,
  newPhone: 4,
  phoneWithoutArea: 3,
  phoneMisread: 2,
  zerosLost: 4,
  moved: 7,
  otherSchool: 4,
  otherGrade: 3,
  otherSex: 1,
}
