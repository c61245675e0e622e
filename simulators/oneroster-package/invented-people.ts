/**
 * Invented people, each made from (seed, number) alone, so that student 812,345 of a million can be made without the
 * others and is the same in every package of that seed.
 */
const givenNames = (
  'Ada Amara Anders Anouk Ansel Aria Asher Bao Beatriz Bodil Bruno Callum Carmen Cato Chiara Cyrus Dalia Dario Dilan ' +
  'Edda Eero Elif Elio Emre Enzo Esme Ezra Fatou Felix Fenna Finn Flora Gael Gemma Greta Hana Hugo Ibrahim Ida Imani ' +
  'Ines Isaac Ivo Jada Jonas Juno Kaia Kenji Laila Lars Leif Lena Lior Luca Maeve Malik Mara Mateo Mei Milo Mina Nadia ' +
  'Nell Nico Noor Odin Olive Omar Orla Otis Pia Priya Quinn Rafael Rania Remy Rosa Runa Sami Sana Selma Silas Sofia ' +
  'Soren Tala Tariq Tess Theo Una Vera Viggo Wren Xenia Yara Yusuf Zane Zoe Zuri José Zoë Anaïs Núria Søren Łucja'
).split(' ')

const familyNames = (
  'Abara Achterberg Adeyemi Albrecht Alder Amsel Arroyo Ashdown Barrow Beltran Birch Blackwood Brandt Bright Calloway ' +
  'Castellan Chaudry Cho Cobb Dalgaard Danso Delgado Dorn Drummond Eklund Elmwood Engel Farrow Fenwick Ferrand Fitch ' +
  'Galanis Garrow Goss Grove Gutierrez Haddad Halloran Harrow Hawthorn Hendry Hoang Holm Ibarra Ilves Jansson Jarrah ' +
  'Kaplan Kato Kessler Kimura Kovac Lachance Lark Lindqvist Lowe Madaki Marsh Mbeki Merino Moss Nakata Navarro Nyland ' +
  "O'Dell Okafor Olander Orchard Oyelaran Pacheco Park Pell Petrov Pike Quist Ramsey Reyes Ridge Rosen Rowe Sablan " +
  'Santoro Schaefer Selby Sharma Sorrel Stroud Tanaka Thorne Tran Underhill Valdez Vance Varga Vogel Ward Weiss Wilder ' +
  'Winther Yamada Yates Zapata Zeller Müller-Lund Peña García-Holm'
).split(' ')

const grades = ['KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const

export type InventedStudent = {
  readonly sourcedId: string
  readonly identifier: string
  readonly username: string
  readonly givenName: string
  readonly middleName: string
  readonly familyName: string
  readonly email: string
  readonly phone: string
  readonly grade: string
  readonly schoolNumber: number
  readonly birthDate: string
  readonly sex: 'male' | 'female'
  /** Column names of demographics.csv that are `true`. */
  readonly race: string
  readonly isHispanicOrLatino: boolean
}

const races = ['white', 'asian', 'blackOrAfricanAmerican', 'americanIndianOrAlaskaNative'] as const

/** Student `number` (from 1) of the district with this seed and so many schools. */
export function inventStudent(seed: number, number: number, schoolCount: number): InventedStudent {
  const random = createRandom(seed, number)
  const givenName = pick(givenNames, random())
  const familyName = pick(familyNames, random())
  const gradeIndex = Math.floor(random() * grades.length)
  const sequence = String(number).padStart(7, '0')
  const username = `${asciiLetters(givenName).slice(0, 1)}${asciiLetters(familyName)}${String(number)}`
  const birthYear = 2021 - gradeIndex
  return {
    sourcedId: inventUuid(random),
    identifier: `9${sequence}`,
    username,
    givenName,
    middleName: random() < 0.4 ? pick(givenNames, random()) : '',
    familyName,
    email: `${username}@students.lincoln.example`,
    phone: random() < 0.5 ? `+1555010${String(Math.floor(random() * 10_000)).padStart(4, '0')}` : '',
    grade: pick(grades, gradeIndex / grades.length),
    schoolNumber: 1 + Math.floor(random() * schoolCount),
    birthDate: `${String(birthYear)}-${twoDigits(1 + Math.floor(random() * 12))}-${twoDigits(1 + Math.floor(random() * 28))}`,
    sex: random() < 0.5 ? 'male' : 'female',
    race: pick(races, random()),
    isHispanicOrLatino: random() < 0.25,
  }
}

/** Mulberry32: small, seeded, the same everywhere; plenty for invented names. */
export function createRandom(seed: number, number: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca77)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function inventUuid(random: () => number): string {
  const hex = () =>
    Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, '0')
  const [a, b, c, d] = [hex(), hex(), hex(), hex()]
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`
}

function pick<T>(items: readonly T[], share: number): T {
  const item = items[Math.floor(share * items.length)]
  if (item === undefined) throw new RangeError('share must be in [0, 1)')
  return item
}

function asciiLetters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
