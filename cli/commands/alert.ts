import type { DuplicateCaseDocument, ProcessedCases } from '../../api/contract/duplicate-case.ts'
import type { District } from '../../api/contract/district.ts'
import type { RunDocument } from '../../api/contract/run.ts'
import { describeCase } from '../report/case-lines.ts'
import type { AlertDecideFlags, AlertListFlags, AlertProcessFlags } from '../alert-commands.ts'
import type { ApiClient } from '../server/api-client.ts'
import { connectToServer } from '../server/connect.ts'
import { CommandFailure, exitCodeOfRun, exitCodes } from '../exit-codes.ts'
import type { JsonFlag } from '../options.ts'
import { findCaseId } from '../server/find-id.ts'
import { countOf, printJson, printLine, say } from '../print.ts'
import { createProgress } from '../progress.ts'
import { waitForRun } from '../server/wait-for-run.ts'

/** Open duplicate cases of one district, or of all that the token may enter. */
export async function listAlerts(options: AlertListFlags): Promise<number> {
  const api = connectToServer()
  const cases: DuplicateCaseDocument[] = []
  for (const district of options.district === undefined ? await listSlugs(api) : [options.district]) {
    const query = options.dataType === undefined ? '' : `?dataType=${encodeURIComponent(options.dataType)}`
    cases.push(...(await api.get<DuplicateCaseDocument[]>(`${pathOfCases(district)}${query}`)))
  }
  if (options.json) await printJson(cases)
  else if (cases.length === 0) say('No case is open.')
  else for (const one of cases) await printLine(describeCase(one))
  return exitCodes.done
}

export async function decideAlert(text: string, options: AlertDecideFlags): Promise<number> {
  const { match } = options
  const flags = (['create', 'exchange', 'leave', 'cancel'] as const).filter((action) => options[action] === true)
  const wishes = [
    ...(match === undefined ? [] : [{ action: 'match', candidate: match }]),
    ...flags.map((action) => ({ action })),
  ]
  const [decision] = wishes
  if (decision === undefined || wishes.length > 1) {
    throw new CommandFailure(
      'give exactly one of --match <sisId or recordId>, --create, --exchange, --leave and --cancel',
      exitCodes.wrongUsage,
    )
  }
  const api = connectToServer()
  const caseId = await findCaseId(api, text)
  const decided = await api.post<DuplicateCaseDocument>(`/api/cases/${caseId}/decision`, decision)
  if (options.json) await printJson(decided)
  say(
    decided.decision === null
      ? 'The decision is taken back; the case waits for another one.'
      : `Decided. \`rollbook alert process --district ${decided.district} --data-type ${decided.dataType}\` carries it out.`,
  )
  return exitCodes.done
}

/** Carries out what was decided and waits for it. Ends with 4 while others wait to be let in. */
export async function carryOutAlerts({ district, dataType, ...options }: AlertProcessFlags): Promise<number> {
  const api = connectToServer()
  const processed = await api.post<ProcessedCases>(`${pathOfCases(district)}/process`, { dataType })
  // Before it is waited for: whoever stops the wait must know what to wait for again.
  for (const runId of processed.runIds) say(`Carried out by run ${runId}.`)
  const worst = await waitForRuns(api, processed)
  const cases = await api.get<DuplicateCaseDocument[]>(
    `${pathOfCases(district)}?dataType=${encodeURIComponent(dataType)}`,
  )
  const open = cases.filter(({ strength }) => strength === 'likely')
  if (options.json) await printJson({ ...processed, open: open.length })
  say(describeCarriedOut(processed, open.length))
  if (worst !== exitCodes.done) return worst
  return open.length > 0 ? exitCodes.openAlerts : exitCodes.done
}

function describeCarriedOut({ caseCount, runIds }: ProcessedCases, openCount: number): string {
  const waiting =
    openCount === 0
      ? 'No likely case waits for a decision'
      : `${countOf(openCount, 'likely case')} ${openCount === 1 ? 'waits' : 'wait'} for a decision`
  return [
    caseCount === 0
      ? `Nothing was decided that is not carried out. ${waiting}.`
      : `${countOf(caseCount, 'decided case')} ${caseCount === 1 ? 'was' : 'were'} carried out. ${waiting}.`,
    ...runIds.map((runId) => `  run ${runId}; \`rollbook undo ${runId} --preview\` shows what taking it back would do`),
  ].join('\n')
}

export async function unmergeAlert(text: string, options: JsonFlag): Promise<number> {
  const api = connectToServer()
  const caseId = await findCaseId(api, text)
  const processed = await api.post<ProcessedCases>(`/api/cases/${encodeURIComponent(caseId)}/unmerge`, {})
  const worst = await waitForRuns(api, processed)
  if (options.json) await printJson(processed)
  for (const runId of processed.runIds) {
    const { counts } = await api.get<RunDocument>(`/api/runs/${runId}`)
    if (counts.skipped === 0) continue
    throw new CommandFailure(
      'It was not taken back: an id that one of the two had belongs to another record by now.',
      exitCodes.refusedOrCancelled,
      'NOT_CARRIED_OUT',
    )
  }
  say(worst === exitCodes.done ? 'The match is taken back; both are records of their own.' : 'It was not taken back.')
  return worst
}

async function waitForRuns(api: ApiClient, { runIds }: ProcessedCases): Promise<number> {
  let worst: number = exitCodes.done
  for (const runId of runIds) {
    const run: RunDocument = await waitForRun(api, runId, { progress: await createProgress() })
    const code = exitCodeOfRun(run)
    if (code !== exitCodes.done) worst = code
  }
  return worst
}

async function listSlugs(api: ApiClient): Promise<string[]> {
  const slugs: string[] = []
  for await (const page of api.pages<District>('/api/districts')) slugs.push(...page.map(({ slug }) => slug))
  return slugs
}

function pathOfCases(district: string): string {
  return `/api/districts/${encodeURIComponent(district)}/cases`
}
