import type { ImportSet } from '../../../api/contract/import-set.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { isAtRest } from '../../../domain/import-run.ts'
import type { ApiClient } from '../../server/api-client.ts'
import { connectToServer } from '../../server/connect.ts'
import { readDistrictClocks } from '../../server/district-clocks.ts'
import { exitCodeOfRun, exitCodes } from '../../exit-codes.ts'
import { findRunId } from '../../server/find-id.ts'
import { printJson, printLine, printTable, say } from '../../print.ts'
import type { JsonFlag } from '../../options.ts'
import { createProgress } from '../../progress.ts'
import type { RerunFlags, RunListFlags, StartFlags } from '../../run-commands.ts'
import { describeRun } from '../../report/run-report.ts'
import { waitForRun } from '../../server/wait-for-run.ts'
import { finishImportSet, printImportSet } from '../import-set.ts'

/** Waits for a run that was just started, prints it, and gives the exit code of its state. */
export async function finishRun(api: ApiClient, run: RunDocument, options: JsonFlag): Promise<number> {
  const ended = isAtRest(run.state) ? run : await waitForRun(api, run.runId, { progress: await createProgress() })
  await printRun(ended, options)
  return exitCodeOfRun(ended)
}

/** The document with `--json`, and the words for people: on standard error then, on standard output otherwise. */
export async function printRun(run: RunDocument, options: JsonFlag): Promise<void> {
  if (options.json) {
    await printJson(run)
    say(describeRun(run))
  } else await printLine(describeRun(run))
}

export async function startRun(options: StartFlags): Promise<number> {
  const api = connectToServer()
  const { connection, dataType, test, draft } = options
  const wanted = { connection, dataType, test: test === true, draft: draft === true }
  const run = await api.post<RunDocument | ImportSet>('/api/runs', wanted)
  if (!('setId' in run)) return await finishOrLeave(api, run, options)
  return options.wait ? await finishImportSet(api, run, options) : await printImportSet(run, options)
}

export async function rerunRun(text: string, options: RerunFlags): Promise<number> {
  const api = connectToServer()
  const id = await findRunId(api, text)
  const run = await api.post<RunDocument>(`${pathOfRun(id)}/rerun`, {
    test: options.test === true,
    mapping: options.mapping,
  })
  return await finishOrLeave(api, run, options)
}

export async function showRun(text: string, options: JsonFlag): Promise<number> {
  const api = connectToServer()
  await printRun(await api.get<RunDocument>(pathOfRun(await findRunId(api, text))), options)
  return exitCodes.done
}

export async function waitAndPrint(text: string, options: JsonFlag): Promise<number> {
  const api = connectToServer()
  const id = await findRunId(api, text)
  return await finishRun(api, await waitForRun(api, id, { progress: await createProgress() }), options)
}

function describeKind({ kind, test, undoOf }: Pick<RunDocument, 'kind' | 'test' | 'undoOf'>): string {
  if (undoOf !== null) return `undo of ${undoOf}`
  return test ? 'test' : kind
}

export async function listRuns(options: RunListFlags): Promise<number> {
  const api = connectToServer()
  const query = { district: options.district, dataType: options.dataType, limit: Math.min(options.limit, 1000) }
  const runs: RunDocument[] = []
  for await (const page of api.pages<RunDocument>('/api/runs', query)) {
    runs.push(...page.slice(0, options.limit - runs.length))
    if (runs.length >= options.limit) break
  }
  if (options.json) await printJson(runs)
  else {
    const clocks = await readDistrictClocks(api)
    await printTable(
      ['run', 'district', 'data type', 'kind', 'status', 'created at'],
      runs.map(({ runId, district, dataType, createdAt, ...run }) => {
        return [runId, district, dataType, describeKind(run), run.statusText, clocks(district, createdAt)]
      }),
    )
  }
  return exitCodes.done
}

export function pathOfRun(id: string): string {
  return `/api/runs/${encodeURIComponent(id)}`
}

async function finishOrLeave(
  api: ApiClient,
  run: RunDocument,
  options: JsonFlag & { readonly wait: boolean },
): Promise<number> {
  if (options.wait) return await finishRun(api, run, options)
  await printRun(run, options)
  return exitCodes.done
}
