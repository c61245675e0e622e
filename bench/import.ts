import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { getDataType, prerequisitesOf } from '../domain/data-types/registry.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { asJson, callApi } from './call-api.ts'
import { floorOf } from './floors.ts'
import { ImportFloor } from './import-floor.ts'
import { makeBenchPackages } from './make-packages.ts'
import { readPeakMemoryMiB } from './peak-memory.ts'

export type ImportBench = {
  readonly dataType: string
  readonly rows: number
  readonly bytes: number
  readonly floor: { readonly freshSeconds: number; readonly resyncSeconds: number }
  readonly import: { readonly freshSeconds: number; readonly resyncSeconds: number; readonly deltaSeconds: number }
  readonly ratio: { readonly fresh: number; readonly resync: number }
  readonly peakRssMiB: number | null
}

/**
 * Measures an import of so many invented rows of a data type against what PostgreSQL itself needs for the same file, in one
 * throw-away stack, floor and import in turns. `report` receives one line a step.
 */
export async function runImportBench(request: {
  readonly rows: number
  readonly dataType: string
  readonly report: (line: string) => void
}): Promise<ImportBench> {
  const { dataType, rows } = request
  const floorOfType = floorOf(dataType)
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-bench-'))
  const measure = async (what: string, step: () => Promise<number>) => {
    const seconds = Math.round((await step()) * 100) / 100
    request.report(`${what}: ${String(seconds)} s`)
    return seconds
  }
  try {
    request.report(`making packages of ${String(rows)} rows`)
    const packages = await makeBenchPackages(folder, dataType, rows)
    const stack = await startStack({ dataDirectory: join(folder, 'stack') })
    try {
      await createDistrict(stack)
      const floor = await ImportFloor.connect(stack.databaseUrl, floorOfType)
      const prerequisites = prerequisitesOfAll(dataType)
      const prepare = async (path: string) => {
        for (const before of prerequisites) {
          await measure(`${before}, which are needed`, async () => (await importPackage(stack, before, path)).seconds)
        }
      }
      const counted = async (path: string) => {
        const run = await importPackage(stack, dataType, path)
        if (run.read !== (await floor.countRows())) throw new Error(`the run read ${String(run.read)} rows`)
        return run.seconds
      }
      await prepare(packages.fresh)
      const floorFresh = await measure('floor, fresh', () => floor.fresh(packages.fresh))
      const fresh = await measure('import, fresh', () => counted(packages.fresh))
      const floorResync = await measure('floor, re-sync', () => floor.resync(packages.resync))
      const resync = await measure('import, re-sync', () => counted(packages.resync))
      const readRows = await floor.countRows()
      await prepare(packages.delta)
      const delta = await measure('import, 1 % changed', async () => {
        return (await importPackage(stack, dataType, packages.delta)).seconds
      })
      await floor.close()
      return {
        dataType,
        rows: readRows,
        bytes: packages.freshBytes,
        floor: { freshSeconds: floorFresh, resyncSeconds: floorResync },
        import: { freshSeconds: fresh, resyncSeconds: resync, deltaSeconds: delta },
        ratio: { fresh: roundRatio(fresh / floorFresh), resync: roundRatio(resync / floorResync) },
        peakRssMiB: await readWorkerPeak(stack),
      }
    } finally {
      await stack.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function createDistrict(stack: Stack): Promise<void> {
  await callApi(stack, '/api/districts', asJson('POST', { slug: 'bench', name: 'Benchmark district' }))
}

/** What must have been imported before it, in order. */
function prerequisitesOfAll(dataType: string): readonly string[] {
  const direct = prerequisitesOf(getDataType(dataType))
  const all = new Set(direct.flatMap((before) => [...prerequisitesOfAll(before), before]))
  return [...all]
}

/** Seconds from the first byte of the upload until the run is finished. Throws when it did not end as expected. */
async function importPackage(
  stack: Stack,
  dataType: string,
  path: string,
): Promise<{ readonly seconds: number; readonly read: number | undefined }> {
  const started = performance.now()
  const body = Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 }))
  let run = await callApi<RunDocument>(stack, `/api/districts/bench/imports?dataType=${dataType}`, {
    method: 'POST',
    headers: { 'content-type': 'application/zip' },
    body: body, // Node's own web stream; fetch's type is another nominal one
    duplex: 'half',
  })
  while (['queued', 'validating', 'planned', 'applying'].includes(run.state)) {
    run = await callApi<RunDocument>(stack, `/api/runs/${run.runId}?wait=20`)
  }
  const seconds = (performance.now() - started) / 1000
  if (run.state !== 'completed' && run.state !== 'completedWithAlerts') {
    throw new Error(`the run of ${dataType} ended as ${run.state}`)
  }
  return { seconds, read: run.counts['read'] }
}

type RunDocument = { readonly runId: string; readonly state: string; readonly counts: Readonly<Record<string, number>> }

async function readWorkerPeak(stack: Stack): Promise<number | null> {
  const pids = JSON.parse(await readFile(stack.pidsFile, 'utf8')) as Record<string, number> // written by our own stack
  const peaks = await Promise.all(
    Object.entries(pids)
      .filter(([name]) => name.startsWith('worker'))
      .map(([, pid]) => readPeakMemoryMiB(pid)),
  )
  const known = peaks.filter((peak) => peak !== undefined)
  return known.length === 0 ? null : Math.max(...known)
}

function roundRatio(ratio: number): number {
  return Math.round(ratio * 1000) / 1000
}
