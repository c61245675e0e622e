import { pickWeighted } from '../assemble-cases.ts'
import { letters, type Pupil } from '../invent-families.ts'
import { boyNames, girlNames, inventFamilyName, pick, type Random } from '../names.ts'
import { origins, type OriginName, type WrittenName } from './origins.ts'

/** Where one family lives, and what its children are called; `origin` null for one of here. */
export type Household = {
  readonly origin: OriginName | null
  readonly father: WrittenName
  readonly family: WrittenName
  /** The mother's, which Spanish names carry second. */
  readonly second: WrittenName
  readonly contact: { readonly email: string | null; readonly phone: string | null }
  readonly home: Home
  readonly school: number
  /** Given names of its children: none is given twice. */
  readonly givenNames: Set<string>
}
export type Home = { readonly street: string; readonly city: string; readonly postalCode: string }

/** What a district of newcomers has: blocks and shelters where many live, with one number and one street between them. */
export type Town = { readonly blocks: readonly (Home & { phone: string })[]; readonly schoolCount: number }

const plain = (latin: string): WrittenName => ({ latin, native: '', spellings: [] })

const pickSkewed = (names: readonly WrittenName[], skew: number, random: Random): WrittenName =>
  names[Math.floor(names.length * random() ** skew)] ?? pick(names, random)

export function pickFamily(origin: OriginName | null, random: Random): WrittenName {
  return origin === null
    ? plain(inventFamilyName(random))
    : pickSkewed(origins[origin].families, origins[origin].skew, random)
}

function pickGiven(origin: OriginName | null, sex: 'female' | 'male', random: Random): WrittenName {
  if (origin === null) return plain(pick(sex === 'female' ? girlNames : boyNames, random))
  const { girls, boys, skew } = origins[origin]
  const name = pickSkewed(sex === 'female' ? girls : boys, Math.sqrt(skew), random)
  // Two-word names made of the list; a list is never as long as a people.
  if (origin !== 'vietnamese' && origin !== 'chinese' && random() < 0.55) return name
  const other = pickSkewed(sex === 'female' ? girls : boys, 1, random)
  if (origin === 'vietnamese') return plain(`${other.latin} ${name.latin}`)
  if (origin !== 'chinese') return name
  const [head = ''] = name.native
  const tail = Array.from(other.native).at(-1) ?? ''
  const words = (text: WrittenName) => (text.spellings[0] ?? text.latin).split(/[ -]/)
  const [first = name.latin] = words(name)
  const last = words(other).at(-1) ?? ''
  const latin = `${first}${last.toLowerCase()}`
  return { latin, native: `${head}${tail}`, spellings: [`${first} ${last}`, `${first}-${last}`] }
}

const streets =
  'Abbey Bridge Canal Dock Elm Ferry Garden Harbor Iron Juniper King Lincoln Market North Orchard Park Quarry River'

export function inventHome({ blocks }: Town, random: Random): Home & { phone?: string } {
  if (random() < 0.3) {
    const block = blocks[Math.floor(blocks.length * random() ** 2)] ?? pick(blocks, random)
    // Half of them have the number of their flat.
    const unit = random() < 0.5 ? ` Apt ${1 + Math.floor(random() * 60)}` : ''
    return { ...block, street: block.street + unit }
  }
  const place = Math.floor(random() * 18)
  return {
    street: `${1 + Math.floor(random() * 1500)} ${pick(streets.split(' '), random)} ${pick(['St', 'Ave', 'Pl', 'Way'], random)}`,
    city: place < 12 ? 'Harborview' : 'Millbrook',
    postalCode: String(55_100 + place),
  }
}

export function inventTown(heldCount: number, random: Random): Town {
  const blocks = Array.from({ length: Math.max(3, Math.ceil(heldCount / 150)) }, () => ({
    street: `${100 * (1 + Math.floor(random() * 40))} ${pick(streets.split(' '), random)} Blvd`,
    city: 'Harborview',
    postalCode: String(55_100 + Math.floor(random() * 12)),
    phone: inventPhone(random),
  }))
  return { blocks, schoolCount: Math.max(2, Math.ceil(heldCount / 900)) }
}

export function inventPhone(random: Random): string {
  return `+1 ${pick(['612', '651'], random)} ${String(2_000_000 + Math.floor(random() * 7_999_999)).replace(/^(...)/, '$1-')}`
}

export function inventHousehold(town: Town, random: Random): Household {
  const weights = Object.fromEntries(Object.entries(origins).map(([name, { share }]) => [name, share]))
  // Names of origins are the keys of the weights.
  const origin = random() < 0.55 ? (pickWeighted(weights, random) as OriginName) : null
  const family = pickFamily(origin, random)
  const father = pickGiven(origin, 'male', random)
  const home = inventHome(town, random)
  const contact = letters(father.latin) + letters(family.latin).slice(0, 6) + String(Math.floor(random() * 500))
  return {
    origin,
    father,
    family,
    second: pickFamily(origin, random),
    contact: {
      email: random() < 0.45 ? `${contact}@correo.example` : null,
      phone: home.phone !== undefined && random() < 0.25 ? home.phone : random() < 0.85 ? inventPhone(random) : null,
    },
    home: { street: home.street, city: home.city, postalCode: home.postalCode },
    school: Math.floor(random() * town.schoolCount),
    givenNames: new Set(),
  }
}

export function inventBirthDate(household: Household, random: Random): string {
  const born = new Date(Date.UTC(2006, 8, 1) + Math.floor(random() * 13.5 * 365.25) * 86_400_000)
    .toISOString()
    .slice(0, 10)
  // Where nobody wrote it down, papers say the first of January.
  const isUnknown =
    (household.origin === 'somali' && random() < 0.45) || (household.origin === 'arabic' && random() < 0.12)
  return isUnknown ? `${born.slice(0, 4)}-01-01` : born
}

/** How a child of the household is called in full, each name as its people would write it. */
export type FullName = {
  readonly given: WrittenName
  readonly middle: WrittenName | null
  readonly family: WrittenName
}

export function nameChild(household: Household, sex: 'female' | 'male', random: Random): FullName {
  const { origin, father, family, second, givenNames } = household
  let given = pickGiven(origin, sex, random)
  while (givenNames.has(given.latin)) given = pickGiven(origin, sex, random)
  givenNames.add(given.latin)
  if (origin === 'slavic')
    return {
      given,
      middle: random() < 0.5 ? makePatronymic(father, sex) : null,
      family: sex === 'female' ? feminine(family) : family,
    }
  if (origin === 'somali' || origin === 'arabic') return { given, middle: random() < 0.6 ? father : null, family }
  if (origin === 'vietnamese')
    return {
      given,
      middle: plain(pick(sex === 'female' ? ['Thị', 'Thị', 'Ngọc', 'Thanh'] : ['Văn', 'Minh', 'Đức', 'Quốc'], random)),
      family,
    }
  if (origin === 'spanish') {
    const isDouble = random() < 0.7
    return { given, middle: null, family: isDouble ? plain(`${family.latin} ${second.latin}`) : family }
  }
  return { given, middle: origin === null && random() < 0.6 ? pickGiven(origin, sex, random) : null, family }
}

function makePatronymic(father: WrittenName, sex: 'female' | 'male'): WrittenName {
  const isSoft = /[iy]$/.test(father.latin)
  const latin = father.latin.replace(/[aiy]$/, '')
  const native = father.native.replace(/[йаья]$/, '')
  const ends = sex === 'female' ? ['ovna', 'овна', 'evna', 'евна'] : ['ovich', 'ович', 'evich', 'евич']
  return { latin: latin + (ends[isSoft ? 2 : 0] ?? ''), native: native + (ends[isSoft ? 3 : 1] ?? ''), spellings: [] }
}

/** Ivanov's daughter is Ivanova. */
function feminine({ latin, native, spellings }: WrittenName): WrittenName {
  const end = (name: string, ends: RegExp, added: string) => (ends.test(name) ? name + added : name)
  return {
    latin: end(latin, /[ei]?v$/, 'a'),
    native: end(native, /[её]?в$/, 'а'),
    spellings: spellings.map((name) => end(name, /[vw]$/, 'a')),
  }
}

export function gradeOf(birthDate: string): Pupil {
  const year = Number(birthDate.slice(0, 4)) + (birthDate.slice(5) >= '09-01' ? 1 : 0)
  const index = Math.min(12, Math.max(0, 2019 - year))
  return { gradeLevel: index === 0 ? 'KG' : String(index).padStart(2, '0'), classYear: 2025 + 12 - index }
}
