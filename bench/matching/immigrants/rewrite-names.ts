import { mistype } from '../corrupt.ts'
import { letters, type Pupil } from '../invent-families.ts'
import { pick, type Random } from '../names.ts'
import {
  gradeOf,
  inventHome,
  inventPhone,
  pickFamily,
  type FullName,
  type Household,
  type Town,
} from './invent-newcomers.ts'
import type { WrittenName } from './origins.ts'

/** A child as she is known at home; of a pupil's record only these know how her names are written elsewhere. */
export type Child = { readonly household: Household; readonly name: FullName }

type Changes = Readonly<Record<string, string | number | null>>
export type Rewriting = (pupil: Pupil, child: Child, random: Random, town: Town) => Changes | undefined

const textOf = (pupil: Pupil, field: string): string => String(pupil[field] ?? '')
const spell = (name: WrittenName, random: Random): string =>
  name.spellings.length === 0 ? name.latin : pick(name.spellings, random)
const isOther = (changes: Changes, pupil: Pupil): Changes | undefined =>
  Object.entries(changes).some(([field, value]) => value !== pupil[field]) ? changes : undefined

/** Without marks, and the letters that have none to lose. */
export const withoutMarks = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D')

/** All names in the script of home; where that is Latin, with their marks. */
export function writeNative({ given, middle, family }: FullName): Changes {
  const write = (name: WrittenName) => name.native || name.latin
  return { givenName: write(given), middleName: middle === null ? null : write(middle), familyName: write(family) }
}

export function writeLatin({ given, middle, family }: FullName): Changes {
  return { givenName: given.latin, middleName: middle?.latin ?? null, familyName: family.latin }
}

const calledHere: Readonly<Record<string, readonly string[]>> = {
  female: ['Lucy', 'Jenny', 'Amy', 'Cindy', 'Tiffany', 'Grace', 'Emily'],
  male: ['Kevin', 'Jason', 'Andy', 'Tommy', 'Eric', 'David', 'Alex'],
}

/** What offices in two countries make of one name, and what happens to people who arrive. */
export const rewritings = {
  otherScript: (pupil, { name }) =>
    isOther(
      /^[\p{Script=Latin}\p{M}\s'-]*$/u.test(textOf(pupil, 'givenName')) ? writeNative(name) : writeLatin(name),
      pupil,
    ),
  otherSpelling: (pupil, { name }, random) =>
    isOther(
      { givenName: spell(name.given, random), ...(random() < 0.6 && { familyName: spell(name.family, random) }) },
      pupil,
    ),
  otherFamilySpelling: (pupil, { name }, random) => isOther({ familyName: spell(name.family, random) }, pupil),
  noMarks: (pupil) =>
    isOther(
      Object.fromEntries(
        ['givenName', 'middleName', 'familyName'].map((field) => [
          field,
          pupil[field] === null ? null : withoutMarks(textOf(pupil, field)),
        ]),
      ),
      pupil,
    ),
  familyFirst: (pupil) => ({ givenName: textOf(pupil, 'familyName'), familyName: textOf(pupil, 'givenName') }),
  // The whole name in the order of home, cut after the first word by somebody who thought that was the given name.
  cutWrongly: (pupil) => {
    const words = ['familyName', 'middleName', 'givenName']
      .map((field) => textOf(pupil, field))
      .join(' ')
      .split(' ')
      .filter(Boolean)
    return words.length < 3
      ? undefined
      : { givenName: words[0] ?? '', familyName: words.slice(1).join(' '), middleName: null }
  },
  middleIsGiven: (pupil) =>
    pupil['middleName'] === null
      ? undefined
      : { givenName: textOf(pupil, 'middleName'), middleName: textOf(pupil, 'givenName') },
  middleWithGiven: (pupil, { household }) =>
    pupil['middleName'] === null
      ? undefined
      : {
          givenName:
            household.origin === 'vietnamese'
              ? `${textOf(pupil, 'middleName')} ${textOf(pupil, 'givenName')}`
              : `${textOf(pupil, 'givenName')} ${textOf(pupil, 'middleName')}`,
          middleName: null,
        },
  noMiddle: (pupil) => (pupil['middleName'] === null ? undefined : { middleName: null }),
  // Of a chain of names the father's is taken for the family's.
  fathersName: (pupil, { household: { origin, father } }) =>
    origin === 'somali' || origin === 'arabic'
      ? isOther({ familyName: father.latin, middleName: null }, pupil)
      : undefined,
  oneFamilyName: (pupil, _child, random) => {
    const words = textOf(pupil, 'familyName').split(' ')
    return words.length < 2
      ? undefined
      : { familyName: random() < 0.65 ? words.slice(0, -1).join(' ') : (words.at(-1) ?? '') }
  },
  hyphenated: (pupil) => isOther({ familyName: textOf(pupil, 'familyName').replace(' ', '-') }, pupil),
  oneGivenName: (pupil, _child, random) => {
    const words = textOf(pupil, 'givenName').split(/[ -]/)
    return words.length < 2 ? undefined : { givenName: (random() < 0.6 ? words[0] : words.at(-1)) ?? '' }
  },
  calledHere: (pupil, { household }, random) =>
    household.origin === 'chinese' || household.origin === 'vietnamese'
      ? { givenName: pick(calledHere[textOf(pupil, 'sex')] ?? ['Kim'], random), middleName: textOf(pupil, 'givenName') }
      : undefined,
  newFamilyName: (_pupil, { household }, random) => ({ familyName: pickFamily(household.origin, random).latin }),
  givenTypo: (pupil, _child, random) => ({ givenName: mistype(textOf(pupil, 'givenName'), random) }),
  familyTypo: (pupil, _child, random) => ({ familyName: mistype(textOf(pupil, 'familyName'), random) }),
  firstOfJanuary: (pupil) => isOther({ birthDate: `${textOf(pupil, 'birthDate').slice(0, 4)}-01-01` }, pupil),
  yearOff: (pupil, _child, random) => {
    const [year, month, day] = textOf(pupil, 'birthDate').split('-')
    return month === '02' && day === '29'
      ? undefined
      : { birthDate: `${Number(year) + (random() < 0.5 ? 1 : -1)}-${month ?? ''}-${day ?? ''}` }
  },
  dayMonth: (pupil) => {
    const [year, month, day] = textOf(pupil, 'birthDate').split('-')
    return Number(day) > 12 || day === month ? undefined : { birthDate: `${year ?? ''}-${day ?? ''}-${month ?? ''}` }
  },
  moved: (pupil, _child, random, town) => {
    const { street, city, postalCode } = inventHome(town, random)
    return {
      street,
      city,
      postalCode,
      ...(random() < 0.5 && { phone: inventPhone(random) }),
      ...(random() < 0.5 && { schoolId: Math.floor(random() * town.schoolCount) }),
    }
  },
  newPhone: (_pupil, _child, random) => ({ phone: inventPhone(random) }),
  newAccount: (pupil, _child, random) => ({
    email: `${letters(withoutMarks(textOf(pupil, 'givenName'))) || 'st'}${1000 + Math.floor(random() * 9000)}@pupils.example`,
  }),
  noEmail: (pupil) => (pupil['email'] === null ? undefined : { email: null }),
  otherGrade: (pupil, _child, random) =>
    gradeOf(`${Number(textOf(pupil, 'birthDate').slice(0, 4)) + (random() < 0.7 ? 1 : -1)}-05-05`),
} satisfies Readonly<Record<string, Rewriting>>

export type RewritingName = keyof typeof rewritings

/** How often each is tried. */
export const rewritingMix: Readonly<Record<RewritingName, number>> = {
  otherScript: 8,
  otherSpelling: 9,
  otherFamilySpelling: 4,
  noMarks: 6,
  familyFirst: 7,
  cutWrongly: 2,
  middleIsGiven: 4,
  middleWithGiven: 4,
  noMiddle: 3,
  fathersName: 3,
  oneFamilyName: 7,
  hyphenated: 2,
  oneGivenName: 4,
  calledHere: 3,
  newFamilyName: 2,
  givenTypo: 5,
  familyTypo: 5,
  firstOfJanuary: 2,
  yearOff: 4,
  dayMonth: 5,
  moved: 7,
  newPhone: 5,
  newAccount: 5,
  noEmail: 3,
  otherGrade: 3,
}
