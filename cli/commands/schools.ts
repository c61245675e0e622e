import type { ChangeSchools, SchoolMatching, SourceSchool } from '../../api/contract/school.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { countOf, printJson, printTable, say } from '../print.ts'
import type { MatchFlags, NewSchoolFlags, SchoolFlags, SchoolListFlags, SourceFlags } from '../connection-commands.ts'
import { connectToServer } from '../server/connect.ts'

const reasons: Readonly<Record<NonNullable<SourceSchool['suggestion']>['reason'], string>> = {
  sameNcesId: 'same NCES id',
  sameStateId: 'same state id',
  sameKey: 'same key',
  sameNumber: 'same number',
  sameName: 'same name',
  similarName: 'similar name',
}

export async function listSchools(options: SchoolListFlags): Promise<number> {
  const matching = await read(options)
  const items = options.open ? matching.items.filter(({ state }) => state === 'unmatched') : matching.items
  if (options.json) await printJson({ ...matching, items })
  else {
    await printTable(
      ['source', 'name', 'number', 'state', 'ours', 'why'],
      items.map((item) => [
        item.sourceKey,
        item.type === 'school' ? item.name : `${item.name} (${item.type})`,
        item.number,
        [
          describeState(item),
          ...(item.isActive ? [] : ['inactive']),
          ...(item.goneSince === null ? [] : ['gone']),
        ].join(', '),
        item.schoolName ?? item.suggestion?.schoolName ?? '',
        item.suggestion === null ? '' : reasons[item.suggestion.reason],
      ]),
    )
  }
  sayCounts(matching)
  return exitCodes.done
}

/** `--auto`: all suggestions in one change; else one school with one of ours. */
export async function matchSchools(options: MatchFlags): Promise<number> {
  const { auto, source, school } = options
  const isOne = source !== undefined && school !== undefined
  if (isOne === (auto === true)) {
    throw new CommandFailure('say either --auto, or --source and --school', exitCodes.wrongUsage)
  }
  const changes = isOne
    ? [{ action: 'match' as const, sourceKey: source, schoolId: school }]
    : (await read(options)).items.flatMap(({ sourceKey, suggestion }) =>
        suggestion === null ? [] : [{ action: 'match' as const, sourceKey, schoolId: suggestion.schoolId }],
      )
  return change(options, { changes })
}

export async function decideSchools(action: 'create' | 'leaveOut' | 'unmatch', options: SourceFlags): Promise<number> {
  const { source, allOpen } = options
  if ((source === undefined) === (allOpen === undefined)) {
    throw new CommandFailure('say which schools: --source <id>, as `schools list` prints it', exitCodes.wrongUsage)
  }
  const keys =
    source ??
    (await read(options)).items
      .filter(({ state, suggestion }) => state === 'unmatched' && suggestion === null)
      .map(({ sourceKey }) => sourceKey)
  return change(options, { changes: keys.map((sourceKey) => ({ action, sourceKey })) })
}

export function setNewSchools(options: NewSchoolFlags): Promise<number> {
  return change(options, { newSchools: options.when })
}

function pathOf({ connection }: SchoolFlags): string {
  return `/api/connections/${encodeURIComponent(connection)}/schools`
}

function read(options: SchoolFlags): Promise<SchoolMatching> {
  return connectToServer().get<SchoolMatching>(pathOf(options))
}

async function change(options: SchoolFlags, json: ChangeSchools): Promise<number> {
  const matching = await connectToServer().sendForJson<SchoolMatching>('PATCH', pathOf(options), { json })
  if (options.json) await printJson(matching)
  sayCounts(matching)
  return exitCodes.done
}

function describeState({ state, suggestion }: SourceSchool): string {
  if (state === 'leftOut') return 'left out'
  return state === 'unmatched' && suggestion !== null ? 'suggested' : state
}

function sayCounts({ counts: { matched, suggested, open, leftOut }, newSchools }: SchoolMatching): void {
  const all = countOf(matched + suggested + open + leftOut, 'school')
  say(`${all}: ${matched} matched, ${suggested} suggested, ${open} open, ${leftOut} left out.`)
  if (suggested + open > 0) say('Rows of schools that are not matched are skipped; nobody is deactivated for it.')
  if (newSchools === 'ask') say('Schools that the source shows for the first time wait for a decision.')
}
