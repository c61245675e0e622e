import type { Member } from '../assemble-cases.ts'
import { letters, type Pupil } from '../invent-families.ts'
import { pick, type Random } from '../names.ts'

/** What the children of one household have in common, as the office has it on its cards. */
export type Household = {
  readonly familyName: string
  /** Some families write both parents' names. */
  readonly secondName: string
  readonly contact: { readonly email: string | null; readonly phone: string | null }
  readonly home: { readonly street: string; readonly city: string; readonly postalCode: string } | null
  readonly school: number
  readonly language: string
  /** Given names of its children: none is given twice. */
  readonly givenNames: Set<string>
}

const girls = (
  'Mary Susan Linda Karen Donna Carol Ruth Sharon Laura Deborah Sandra Cynthia Amy Kathleen Angela Shirley Anna Brenda ' +
  'Pamela Emma Helen Christine Debra Carolyn Janet Maria Heather Diane Julie Joyce Kelly Christina Lauren Joan Evelyn ' +
  'Judith Andrea Cheryl Megan Jacqueline Martha Gloria Ann Sara Janice Jean Alice Madison Doris Abigail Frances Judy ' +
  'Sophia Amber Denise Danielle Marilyn Beverly Isabella Theresa Diana Brittany Marie Kayla Alexis Lori Jane Tammy ' +
  'Emily Ella Jaelyn Kaylin Jayla Makayla Mckenna Mackenzie Brianna Breanna Haley Hayley Addyson Addison Aubree'
).split(' ')
const boys = (
  'James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Mark Donald Steven ' +
  'Paul Andrew Kenneth Joshua Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric ' +
  'Stephen Larry Justin Scott Brandon Frank Benjamin Gregory Samuel Raymond Patrick Alexander Jack Dennis Jerry Tyler ' +
  'Aaron Jose Henry Douglas Adam Peter Nathan Zachary Kyle Walter Harold Jeremy Ethan Carl Keith Roger Gerald Terry ' +
  'Jayden Jaden Jaydon Aiden Caden Kaden Brayden Braden Hayden Landon London Mason Jason Logan Keegan Kegan Tristan Tristen'
).split(' ')
const families = (
  'Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Jackson Thompson White ' +
  'Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell ' +
  'Carter Roberts Turner Phillips Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Morgan Peterson Cooper ' +
  'Reed Bailey Bell Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray Hughes Price Myers Long Foster Sanders ' +
  'Ross Powell Sullivan Russell Jenkins Perry Butler Barnes Fisher Henderson Coleman Simmons Patterson Jordan Reynolds ' +
  'Hamilton Graham Griffin Wallace West Cole Hayes Bryant Gibson Ellis Stevens Murray Ford Marshall Owens Burns Burnham'
).split(' ')
const beginnings =
  'Al Ar Bar Ber Black Bran Brook Car Clay Cor Dal Dur East El Fair Gar Glen Hal Har Hol Kirk Lang Mar Nor Or Pem Red Sel Stan Thorn Wal Win'
const ends =
  'bert bourne bridge burn bury by combe cott den dale er field ford gate ham hurst ing land ley low man mer more ner ridge rick shaw son stead stock ton tree vin ward well wick wood worth'
const streets =
  'First Second Third Fourth Fifth Sixth Seventh Eighth Jefferson Madison Jackson Lincoln Adams Franklin Monroe Grant Cherry Chestnut Birch Poplar Highland Prospect River'

/** A few names are borne by many: the second of the list half as often as the first, the third a third. */
function pickByRank<Item>(items: readonly Item[], random: Random): Item {
  const index = Math.floor((items.length + 1) ** random()) - 1
  return items[Math.min(index, items.length - 1)] ?? pick(items, random)
}

export function inventFamily(random: Random): string {
  if (random() < 0.55) return pick([pickByRank(families, random), pick(families, random)], random)
  return pick(beginnings.split(' '), random) + pick(ends.split(' '), random)
}

function inventGiven(sex: 'female' | 'male', random: Random): string {
  return random() < 0.3
    ? pickByRank(sex === 'female' ? girls : boys, random)
    : pick(sex === 'female' ? girls : boys, random)
}

export function inventPhone(random: Random): string {
  const area = pick(['413', '413', '413', '508', '617'], random)
  return `(${area}) ${200 + Math.floor(random() * 799)}-${String(Math.floor(random() * 10_000)).padStart(4, '0')}`
}

/** The postal codes begin with a zero, which a spreadsheet takes for nothing. */
export function inventHome(random: Random): NonNullable<Household['home']> {
  const town = Math.floor(random() ** 1.6 * 24)
  const unit = random() < 0.25 ? ` Unit ${1 + Math.floor(random() * 30)}` : ''
  const kind = pick(['Street', 'Avenue', 'Road', 'Drive', 'Circle', 'Terrace'], random)
  return {
    street: `${1 + Math.floor(random() * 900)} ${pick(streets.split(' '), random)} ${kind}${unit}`,
    city: `${pick(['Hadley', 'Granby', 'Ware', 'Monson'], random)}${town > 3 ? ` ${pick(['Falls', 'Center', 'Mills'], random)}` : ''}`,
    postalCode: `01${String(20 + town).padStart(3, '0')}`,
  }
}

export function inventHousehold(schoolCount: number, random: Random): Household {
  const familyName = inventFamily(random)
  const parent = inventGiven(random() < 0.7 ? 'female' : 'male', random)
  const number = random() < 0.5 ? String(Math.floor(random() * 1000)) : ''
  return {
    familyName,
    secondName: inventFamily(random),
    contact: {
      email: random() < 0.75 ? `${letters(parent)}${letters(familyName)}${number}@home.example` : null,
      phone: random() < 0.9 ? inventPhone(random) : null,
    },
    home: random() < 0.8 ? inventHome(random) : null,
    school: Math.floor(random() * schoolCount),
    language: random() < 0.15 ? 'spa' : 'eng',
    givenNames: new Set(),
  }
}

export function inventBirthDate(random: Random): string {
  return new Date(Date.UTC(2007, 8, 2) + Math.floor(random() * 13 * 365.25) * 86_400_000).toISOString().slice(0, 10)
}

export function gradeOf(birthDate: string): { gradeLevel: string; classYear: number } {
  const year = Number(birthDate.slice(0, 4)) + (birthDate.slice(5) >= '09-02' ? 1 : 0)
  const index = Math.min(12, Math.max(0, 2020 - year))
  return { gradeLevel: index === 0 ? 'KG' : String(index).padStart(2, '0'), classYear: 2026 + 12 - index }
}

export function inventChild(household: Household, schoolCount: number, random: Random, born?: string): Pupil {
  const sex = random() < 0.5 ? 'female' : 'male'
  const birthDate = born ?? inventBirthDate(random)
  let givenName = inventGiven(sex, random)
  while (household.givenNames.has(givenName)) givenName = inventGiven(sex, random)
  household.givenNames.add(givenName)
  const { familyName, secondName, contact, home } = household
  const own = `${letters(givenName)}.${letters(familyName)}${random() < 0.3 ? 2 + Math.floor(random() * 8) : ''}@pupils.example`
  return {
    username:
      random() < 0.5
        ? `${letters(familyName).slice(0, 6)}${letters(givenName).slice(0, 2)}${Math.floor(random() * 100)}`
        : null,
    stateId: random() < 0.6 ? String(Math.floor(random() * 1e9)).padStart(10, '0') : null,
    givenName,
    middleName: random() < 0.6 ? inventGiven(sex, random) : null,
    familyName: random() < 0.08 ? `${familyName}-${secondName}` : familyName,
    birthDate,
    sex: random() < 0.97 ? sex : null,
    // A father's and a mother's address are on file: one child is entered with the one, her sister with the other.
    email: random() < 0.25 ? own : contact.email,
    phone: random() < 0.9 ? contact.phone : inventPhone(random),
    street: home?.street ?? null,
    city: home?.city ?? null,
    postalCode: home?.postalCode ?? null,
    schoolId: random() < 0.75 ? household.school : Math.floor(random() * schoolCount),
    homeLanguage: household.language,
    ...gradeOf(birthDate),
  }
}

/** Born the same day. Parents like names that go together: one pair in six has names that begin or end alike. */
export function inventTwin({ home, pupil }: Member<Household>, schoolCount: number, random: Random): Pupil {
  const born = pupil['birthDate']
  const name = String(pupil['givenName'])
  const isAlike = random() < 0.17
  for (let tries = 0; ; tries += 1) {
    const twin = inventChild(home, schoolCount, random, born === null ? undefined : String(born))
    const other = String(twin['givenName'])
    const goesTogether = other.startsWith(name.slice(0, 2)) || other.endsWith(name.slice(-3))
    if (isAlike && !goesTogether && tries < 20) continue
    return {
      ...twin,
      familyName: pupil['familyName'] ?? '',
      phone: pupil['phone'] ?? null,
      schoolId: random() < 0.95 ? (pupil['schoolId'] ?? null) : (twin['schoolId'] ?? null),
      birthDate: born ?? null,
    }
  }
}
