import type { DuplicateCaseDocument } from '../../api/contract/duplicate-case.ts'

type Candidate = DuplicateCaseDocument['candidates'][number]

/** A case for people: who comes in, and below who that may be, the best first; with names where they may be seen. */
export function describeCase(one: DuplicateCaseDocument): string {
  const { caseId, district, dataType, incoming, strength, kind, reason, twin, candidates, others, decision } = one
  const title = kind === 'duplicate' ? strength : 'identity conflict'
  const words = [
    `${caseId}  ${title}${twin ? ', may be a twin' : ''} · ${dataType} of ${district}`,
    `  incoming  ${describePerson(incoming.sisId, incoming)}`,
    ...(reason === 'resembles' ? [] : [`  ${reasonWords[reason]}`]),
    ...candidates.flatMap(describeCandidate),
    ...others.flatMap((other) => [
      `  with it: incoming ${describePerson(other.incoming.sisId, other.incoming)}`,
      ...other.candidates.flatMap(describeCandidate).map((line) => `  ${line}`),
    ]),
  ]
  if (decision !== null) {
    const what = {
      match: `match with ${describeChosen(one)}`,
      create: 'create a record',
      leave: 'the feed is wrong',
    }
    words.push(`  decided: ${what[decision.action]}, by ${decision.by ?? ''}; not carried out yet`)
  }
  return words.join('\n')
}

const reasonWords = {
  idReused: 'its id is that of a record which is somebody else, by all the rest: it is not imported',
  keysDisagree: 'its ids lead to different records: nothing of it is imported until somebody decides',
} as const

function describeCandidate({ recordId, sisId, score, explanation, byKey, values }: Candidate): string[] {
  const by = byKey === undefined ? '' : `by ${byKey} · `
  const person = sisId === null ? recordId : `${describePerson(sisId, values)} · record ${recordId}`
  return [`  ${String(Math.round(score * 100)).padStart(5)} %   ${person}`, `            ${by}${explanation}`]
}

/** `90000012 Goss, Olive · born 2009-12-12 · grade 12 · school-005`, as far as it is known. */
function describePerson(sisId: string, values: Readonly<Record<string, unknown>> | undefined): string {
  const text = (field: string): string | undefined => {
    const value = values?.[field]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const names = [text('familyName'), text('givenName')].filter((part) => part !== undefined).join(', ')
  const parts = [names === '' ? sisId : `${sisId}  ${names}`]
  const [birthDate, gradeLevel, school] = [text('birthDate'), text('gradeLevel'), text('schoolId')]
  if (birthDate !== undefined) parts.push(`born ${birthDate}`)
  if (gradeLevel !== undefined) parts.push(`grade ${gradeLevel}`)
  if (school !== undefined) parts.push(school)
  return parts.join(' · ')
}

function describeChosen({ candidates, decision }: DuplicateCaseDocument): string {
  const chosen = candidates.find(({ recordId }) => recordId === decision?.recordId)
  return chosen?.sisId ?? decision?.recordId ?? ''
}
