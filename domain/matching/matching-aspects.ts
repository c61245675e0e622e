/**
 * What a field says of a person, as far as it helps to recognise her. A data type names the field of its own that
 * carries each aspect (`matching` of its file); what it has no field for is no evidence.
 */
export const matchingAspects = [
  'givenName',
  'middleName',
  'preferredName',
  'familyName',
  'birthDate',
  'sex',
  'email',
  'phone',
  'street',
  'city',
  'postalCode',
  'school',
  'gradeLevel',
  'classYear',
  'username',
  'stateId',
  'federatedId',
  'race',
  'ethnicity',
  'homeLanguage',
] as const

export type MatchingAspect = (typeof matchingAspects)[number]

/** The field of a data type that carries each aspect. */
export type MatchingFields = Readonly<Partial<Record<MatchingAspect, string>>>

/** A record as the comparison takes it: the values of its aspects. Lists (several schools, several races) as arrays. */
export type AspectValues = Readonly<Partial<Record<MatchingAspect, string | number | readonly string[] | null>>>
