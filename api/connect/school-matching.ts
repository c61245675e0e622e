import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { findConnection } from '../../db/connect/connections.ts'
import type { SchoolObstacle } from '../../db/records/change-schools.ts'
import { listOrgs, type OrgRow } from '../../db/records/orgs.ts'
import { listSourceSchools, type SourceSchoolRow } from '../../db/records/source-schools.ts'
import { suggestSchools, type SchoolSuggestion } from '../../domain/matching/suggest-schools.ts'
import type { SchoolMatching, SourceSchool } from '../contract/school.ts'
import { Refusal } from '../failures.ts'

/** Schools of a connection's source beside ours, with a suggestion for those that nobody has decided about. */
export async function readSchoolMatching(
  trx: Transaction<Database>,
  { districtId, connectionId }: { readonly districtId: string; readonly connectionId: string },
): Promise<SchoolMatching> {
  const connection = await findConnection(trx, connectionId)
  if (connection === undefined) throw new Refusal('NOT_FOUND', 'There is no connection of this id.')
  const rows = await listSourceSchools(trx, connectionId)
  const orgs = (await listOrgs(trx, districtId)).toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  const takers = new Map(rows.flatMap(({ orgId, sourceKey }) => (orgId === null ? [] : [[orgId, sourceKey]])))
  const open = rows.filter(({ state }) => state === 'open' || state === 'unmatched')
  const suggestions = suggestSchools(
    open.map((row) => ({ ...row, id: row.sourceKey })),
    orgs.filter(({ id }) => !takers.has(id)),
  )
  const suggested = new Map(suggestions.map((one) => [one.sourceId, one]))
  const known = new Map(orgs.map((org) => [org.id, org]))
  const items = rows.map((row) => describeSchool(row, suggested.get(row.sourceKey), known))
  const count = (isCounted: (item: SourceSchool) => boolean) => items.filter(isCounted).length
  return {
    connection: connectionId,
    newSchools: connection.newSchools,
    counts: {
      matched: count(({ state }) => state === 'matched'),
      suggested: suggestions.length,
      open: open.length - suggestions.length,
      leftOut: count(({ state }) => state === 'leftOut'),
    },
    items,
    ours: orgs.map(({ id, sourceKey, name, type, identifier, isActive }) => ({
      ...{ schoolId: id, sourceKey, name, type, number: identifier, isActive },
      takenBy: takers.get(id) ?? null,
    })),
  }
}

function describeSchool(
  row: SourceSchoolRow,
  suggestion: SchoolSuggestion | undefined,
  known: ReadonlyMap<string, OrgRow>,
): SourceSchool {
  const nameOf = (id: string) => known.get(id)?.name ?? ''
  const { sourceKey, name, type, identifier, ncesId, stateId, isActive, state, orgId, decidedBy } = row
  return {
    ...{ sourceKey, name, type, number: identifier, ncesId, stateId, isActive },
    state: state === 'open' ? 'unmatched' : state,
    schoolId: orgId,
    schoolName: orgId === null ? null : nameOf(orgId),
    suggestion:
      suggestion === undefined
        ? null
        : {
            schoolId: suggestion.ourId,
            schoolName: nameOf(suggestion.ourId),
            reason: suggestion.reason,
            likeness: suggestion.likeness,
          },
    decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    firstSeenAt: row.firstSeenAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    goneSince: row.goneSince?.toISOString() ?? null,
  }
}

/** What to answer when schools cannot be changed as it was asked; nothing was changed. */
export function refuseSchools(obstacle: SchoolObstacle): Refusal {
  switch (obstacle.kind) {
    case 'namedTwice':
      return new Refusal('REQUEST_INVALID', `The school ${obstacle.sourceKey} is changed twice in one request.`)
    case 'notShown':
      return new Refusal(
        'CONFLICT',
        `The source has shown no school ${obstacle.sourceKey}; an import, or a test of one, shows which there are.`,
      )
    case 'notOurs':
      return new Refusal('CONFLICT', `The district has no school ${obstacle.schoolId}.`)
    case 'taken':
      return new Refusal(
        'CONFLICT',
        `${obstacle.sourceKey} cannot have the school ${obstacle.schoolId}: it is matched to ${obstacle.by}. ` +
          'Two schools of a source in one of ours could not be told apart; take the other match back first.',
      )
    case 'keyIsHeld':
      return new Refusal(
        'CONFLICT',
        `${obstacle.sourceKey} cannot be created: the school ${obstacle.schoolId} has that key already. Match it, if it is the same one.`,
      )
  }
}
