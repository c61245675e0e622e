import { commonNames } from './invent-families.ts'
import type { Variant } from './make-cases.ts'
import { boyNames, girlNames, inventFamilyName, pick } from './names.ts'

/** A district whose system delivers nearly everything; what changes is what changes in families. */
const families: Variant = {
  habits: {
    ...commonNames,
    hasAddresses: true,
    familyEmailShare: 0.5,
    blankShare: { middleName: 0.35, phone: 0.1, email: 0.1, birthDate: 0.01, sex: 0.02, street: 0.05, race: 0.05 },
  },
  schoolSize: 1500,
  placeSize: 10_000,
  keptUsernameShare: 0.4,
  mix: {
    nickname: 6,
    givenTypo: 6,
    familyTypo: 6,
    middleInitial: 2,
    noMiddle: 3,
    calledByMiddle: 2,
    swappedNames: 3,
    noAccents: 3,
    doubleFamilyName: 4,
    newFamilyName: 2,
    transposedBirthDate: 5,
    birthYearTypo: 4,
    birthDayTypo: 4,
    noBirthDate: 3,
    otherSex: 1,
    noSex: 2,
    newEmail: 5,
    emailTypo: 3,
    noEmail: 4,
    newPhone: 4,
    phoneTypo: 2,
    noPhone: 3,
    movedHome: 8,
    streetTypo: 3,
    newSchool: 5,
    newGrade: 4,
  },
}

/**
 * A district of which there is little more than a OneRoster package gives: no addresses, own e-mail addresses, names
 * spread more evenly, and mostly typing errors, several on one record.
 */
const sparse: Variant = {
  habits: {
    givenNames: (sex, random) => pick(sex === 'female' ? girlNames : boyNames, random),
    familyName: inventFamilyName,
    hasAddresses: false,
    familyEmailShare: 0.25,
    blankShare: { middleName: 0.5, phone: 0.4, email: 0.05, race: 0.1, sex: 0.05 },
  },
  schoolSize: 4000,
  placeSize: 10_000,
  keptUsernameShare: 0,
  mix: {
    givenTypo: 12,
    familyTypo: 12,
    middleTypo: 4,
    nickname: 4,
    swappedNames: 2,
    transposedBirthDate: 4,
    birthYearTypo: 6,
    birthDayTypo: 8,
    noBirthDate: 2,
    newEmail: 8,
    emailTypo: 6,
    noEmail: 4,
    newPhone: 5,
    noPhone: 4,
    newSchool: 5,
    newGrade: 3,
    noMiddle: 4,
    newFamilyName: 2,
  },
}

export const variants = { families, sparse } as const
export type VariantName = keyof typeof variants
