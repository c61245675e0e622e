import type { DraftChange } from '../../domain/mapping/configuration-draft.ts'
import { Refusal } from '../failures.ts'

/** What a draft is known by: its revision and when it was saved, or the version in force while nothing is. */
export type DraftState = {
  readonly revision: number
  readonly basedOn: number | null
  readonly updatedAt: Date | null
  readonly changes: readonly DraftChange[]
}

/** Of one that is made anew after an earlier one was thrown away it is another one. */
export function etagOf({ revision, basedOn, updatedAt }: DraftState): string {
  return `"${revision}-${updatedAt === null ? (basedOn ?? 0) : updatedAt.getTime()}"`
}

/**
 * Throws a Refusal where whoever edits has not said which revision it was (428), or another one came meanwhile (412): that one
 * says who changed what since.
 */
export function refuseOtherRevision(ifMatch: string | undefined, state: DraftState): void {
  if (ifMatch === undefined) {
    throw new Refusal('CONDITION_MISSING', 'Read the draft, and send the etag of that answer as if-match.')
  }
  const given = ifMatch.trim().replace(/^W\//, '')
  if (given === '*' || given === etagOf(state)) return
  const known = Number(/^"(\d{1,9})-/.exec(given)?.[1] ?? 0)
  const since = state.changes.filter((change) => change.revision > known)
  const people = [...new Set(since.map(({ by }) => by))]
  const who =
    people.length === 0 ? 'It was started or thrown away meanwhile.' : `${people.join(' and ')} changed it meanwhile.`
  throw new Refusal(
    'CHANGED_SINCE',
    `${who} Read the draft again (its etag is ${etagOf(state)}), and make your change in that.`,
    since.flatMap(({ by, at, places }) => places.map((path) => ({ path, message: `changed by ${by} at ${at}` }))),
  )
}
