import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { RunFinding } from '../../api/contract/finding.ts'
import type { PlanRow } from '../../api/contract/plan.ts'
import { connectToServer } from '../connect.ts'
import { exitCodes, tellUnwritable } from '../exit-codes.ts'
import { printJsonPages } from '../json-pages.ts'
import { printBody, printJson, printLine, say } from '../print.ts'
import type { ExportFlags, TableFlags } from '../run-commands.ts'
import { pathOfRun } from './run.ts'

/** The findings or the plan of a run: CSV, one JSON array, or a line each for people. */
export async function printRunPart(part: 'findings' | 'plan', id: string, options: TableFlags): Promise<number> {
  const api = connectToServer()
  const path = `${pathOfRun(id)}/${part}`
  if (options.csv) {
    const response = await api.send('GET', path, { headers: { accept: 'text/csv' } })
    await printBody(response)
  } else if (options.json) await printJsonPages(api.pages(path))
  else if (part === 'findings') {
    for await (const page of api.pages<RunFinding>(path)) for (const row of page) await printLine(describeFinding(row))
  } else {
    for await (const page of api.pages<PlanRow>(path)) for (const row of page) await printLine(describePlanRow(row))
  }
  return exitCodes.done
}

/** Writes beside the target and renames: a file of that name is always whole. */
export async function exportRun(id: string, options: ExportFlags): Promise<number> {
  const response = await connectToServer().send('GET', `${pathOfRun(id)}/export`)
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

function describeFinding({ severity, rule, file, line, column, message }: RunFinding): string {
  const place = [file, line, column].filter((part) => part !== null).join(':')
  return [severity.padEnd(7), rule.padEnd(5), place, message].filter((part) => part !== '').join('  ')
}

function describePlanRow({ action, recordId, school, fields, changes }: PlanRow): string {
  const details = fields.map((field) => {
    const change = changes?.[field]
    return change === undefined ? field : `${field}: ${JSON.stringify(change.old)} → ${JSON.stringify(change.new)}`
  })
  return [action.padEnd(10), recordId ?? '-', school ?? '-', details.join(', ')].join('  ').trimEnd()
}
