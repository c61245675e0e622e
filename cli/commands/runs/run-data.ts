import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { PlanRow } from '../../../api/contract/plan.ts'
import type { ApiClient, Query } from '../../server/api-client.ts'
import { connectToServer } from '../../server/connect.ts'
import { CommandFailure, exitCodes, tellUnwritable } from '../../exit-codes.ts'
import { findRunId } from '../../server/find-id.ts'
import { printJsonPages } from '../../server/json-pages.ts'
import { printBody, printJson, printLine, say } from '../../print.ts'
import { describePlanRow } from '../../report/plan-lines.ts'
import type { ExportFlags, TableFlags } from '../../run-commands.ts'
import { printFindings } from './run-findings.ts'
import { pathOfRun } from './run.ts'

/** The findings or the plan of a run: CSV, one JSON array, or for people the findings by rule and the plan field by field. */
export async function printRunPart(part: 'findings' | 'plan', text: string, options: TableFlags): Promise<number> {
  const api = connectToServer()
  const id = await findRunId(api, text)
  const path = `${pathOfRun(id)}/${part}`
  const { rule, severity, file, action, school, field } = options
  const filter = { rule, severity, file, action, school, field }
  if (options.csv) {
    const response = await api.send('GET', path, {
      query: { ...filter, raw: options.raw === true },
      headers: { accept: 'text/csv' },
    })
    await printBody(response)
  } else if (options.json) await printJsonPages(api.pages(path, filter))
  else if (part === 'plan') await printPlan(api, id, filter)
  else if (rule ?? severity ?? file)
    throw new CommandFailure('choose findings with --csv or --json', exitCodes.wrongUsage)
  else await printFindings(api, id)
  return exitCodes.done
}

/** Writes beside the target and renames: a file of that name is always whole. */
export async function exportRun(text: string, options: ExportFlags): Promise<number> {
  const api = connectToServer()
  const id = await findRunId(api, text)
  const response = await api.send('GET', `${pathOfRun(id)}/export`)
  const partial = `${options.output}.part`
  try {
    await pipeline(response.body ?? [], createWriteStream(partial))
    await rename(partial, options.output)
  } catch (error) {
    throw tellUnwritable(options.output, error)
  } finally {
    await rm(partial, { force: true })
  }
  if (options.json) await printJson({ runId: id, file: options.output })
  say(`The run is written to ${options.output}.`)
  return exitCodes.done
}

async function printPlan(api: ApiClient, id: string, filter: Query): Promise<void> {
  const isColoured = process.stdout.isTTY && process.stdout.hasColors()
  for await (const page of api.pages<PlanRow>(`${pathOfRun(id)}/plan`, filter)) {
    for (const row of page) for (const line of describePlanRow(row, isColoured)) await printLine(line)
  }
}
