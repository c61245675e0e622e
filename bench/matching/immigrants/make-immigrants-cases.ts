import { assembleCases, rewriteSome, type Member, type People } from '../assemble-cases.ts'
import { mistype } from '../corrupt.ts'
import { letters, type Pupil } from '../invent-families.ts'
import type { MatchingCases } from '../make-cases.ts'
import type { Random } from '../names.ts'
import { gradeOf, inventBirthDate, inventHousehold, inventTown, nameChild, type Household } from './invent-newcomers.ts'
import { origins, type WrittenName } from './origins.ts'
import {
  rewritingMix,
  rewritings,
  withoutMarks,
  writeLatin,
  writeNative,
  type Child,
  type RewritingName,
} from './rewrite-names.ts'

/**
 * A district where more than half of the families have come from elsewhere: names in two scripts, orders and spellings,
 * few family names that very many bear, birth dates of the first of January, blocks and shelters with one street and one
 * number for many.
 */
export function makeImmigrantsCases(request: { held: number; incoming: number; seed: number }): MatchingCases {
  return assembleCases<Household>(request, makeNewcomers)
}

function makeNewcomers(random: Random, heldCount: number): People<Household> {
  const town = inventTown(heldCount, random)
  const childOf = new WeakMap<Pupil, Child>()
  const know = (pupil: Pupil, child: Child): Pupil => {
    childOf.set(pupil, child)
    return pupil
  }
  const invent = (household: Household, born?: string): Pupil => {
    const sex = random() < 0.5 ? 'female' : 'male'
    const name = nameChild(household, sex, random)
    const birthDate = born ?? inventBirthDate(household, random)
    const { contact, home, origin } = household
    const ascii = (text: string) => letters(withoutMarks(text))
    const account = `${ascii(name.given.latin)}${ascii(name.family.latin).slice(0, 8)}${Math.floor(random() * 60)}@pupils.example`
    const marked = random() < 0.08 ? writeNative(name) : writeLatin(name)
    const pupil: Pupil = {
      username:
        random() < 0.5
          ? `${ascii(name.given.latin).slice(0, 4)}${ascii(name.family.latin).slice(0, 4)}${Math.floor(random() * 300)}`
          : null,
      ...marked,
      // One office in three has no marks on its keyboard.
      ...(random() < 0.33 &&
        Object.fromEntries(
          Object.entries(marked).map(([field, text]) => [field, text === null ? null : withoutMarks(String(text))]),
        )),
      birthDate,
      sex,
      email: random() < 0.4 ? account : contact.email,
      phone: contact.phone,
      ...home,
      schoolId: random() < 0.8 ? household.school : Math.floor(random() * town.schoolCount),
      homeLanguage: origin === null ? 'eng' : random() < 0.7 ? origins[origin].language : null,
      race: origin === null ? (random() < 0.7 ? 'white' : null) : origins[origin].race,
      ...gradeOf(birthDate),
    }
    return know(pupil, { household, name })
  }
  const twin = ({ home, pupil }: Member<Household>): Pupil => {
    const other = invent(home, String(pupil['birthDate']))
    const isOneSchool = random() < 0.9
    const isOneAccount = random() < 0.5
    return know(
      {
        ...other,
        ...(isOneSchool && { schoolId: pupil['schoolId'] ?? null }),
        ...(isOneAccount && { email: home.contact.email }),
      },
      childOf.get(other) ?? missing(),
    )
  }
  const inventStranger = () => invent(inventHousehold(town, random))
  /** Somebody else of this given and family name, which are written as the name's people would write them. */
  const named = ({ household, name }: Child, stranger: Pupil, changes: Pupil): Pupil => {
    const own = { ...name, middle: childOf.get(stranger)?.name.middle ?? null }
    return know({ ...stranger, ...writeLatin(own), ...changes }, { household, name: own })
  }
  const rewrite = (name: RewritingName, pupil: Pupil, child: Child): Pupil | undefined => {
    const changes = rewritings[name](pupil, child, random, town)
    return changes === undefined ? undefined : { ...pupil, ...changes }
  }
  const rewriteTimes = (pupil: Pupil, wanted: number) => {
    const child = childOf.get(pupil) ?? missing()
    const { username: _username, ...kept } = pupil
    return rewriteSome(
      { ...kept, username: null },
      {
        wanted,
        weights: rewritingMix,
        mixColumns: ['familyFirst', 'cutWrongly'],
        rewrite: (name: RewritingName, row) => rewrite(name, row, child),
      },
      random,
    )
  }
  return {
    inventFamily: () => {
      const home = inventHousehold(town, random)
      const count = 1 + Math.floor(random() ** 1.7 * (home.origin === null ? 3 : 5))
      const members = Array.from({ length: count }, () => ({ home, pupil: invent(home) }))
      return members.flatMap((member) => (random() < 0.016 ? [member, { home, pupil: twin(member) }] : [member]))
    },
    inventStranger,
    traps: {
      twin,
      sibling: ({ home }) => invent(home),
      namesake: ({ pupil }) => named(childOf.get(pupil) ?? missing(), inventStranger(), { sex: pupil['sex'] ?? null }),
      lookalike: ({ pupil }) => {
        const { household, name } = childOf.get(pupil) ?? missing()
        const part = random() < 0.5 ? 'given' : 'family'
        const other = { ...name, [part]: mistypeWritten(name[part], random) }
        const birthDate = String(pupil['birthDate'])
        return named({ household, name: other }, inventStranger(), {
          birthDate,
          sex: pupil['sex'] ?? null,
          ...gradeOf(birthDate),
        })
      },
      // Of one people, in one block, born on the first of January: neighbours and no relatives.
      sharesContacts: ({ home }) => {
        const neighbours = {
          ...inventHousehold(town, random),
          origin: home.origin,
          contact: home.contact,
          home: home.home,
          school: home.school,
        }
        const child = { ...neighbours, family: pickFamilyOf(neighbours, inventHousehold(town, random)) }
        return invent(child)
      },
    },
    rewriteDuplicate: (pupil) => rewriteTimes(pupil, 1 + Math.floor(random() * 3)),
    rewriteNew: (pupil) => rewriteTimes(pupil, random() < 0.6 ? 0 : 1),
  }
}

function pickFamilyOf(neighbours: Household, other: Household) {
  return other.origin === neighbours.origin ? other.family : neighbours.second
}

/** The same two errors in every writing, so that it is another name in each. */
function mistypeWritten({ latin, native }: WrittenName, random: Random): WrittenName {
  const twice = (text: string): string => {
    for (;;) {
      const wrong = mistype(mistype(text, random), random)
      if (wrong.toLowerCase() !== text.toLowerCase()) return wrong
    }
  }
  return { latin: twice(latin), native: native === '' ? '' : twice(native), spellings: [] }
}

function missing(): never {
  throw new Error('a pupil whom nobody invented')
}
