import { createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { deriveScheduleId } from '../../domain/ids.ts'
import { deriveScheduleSpec } from '../../domain/schedule/derive-schedule-spec.ts'
import { makePackage } from '../../simulators/oneroster-package/make-package.ts'
import type { Stack } from '../../stack/stack.ts'
import { asJson, callApi } from '../call-api.ts'
import { inParallel } from './in-parallel.ts'

/** A district of the benchmark, which watches a folder of its own. */
export type Member = {
  readonly district: string
  readonly seed: number
  readonly folder: string
  readonly scheduleId: string
  /** Where in an interval a schedule of this connection has its place, from 0 to below 1: as in production. */
  readonly phase: number
}

const callsAtOnce = 4
const dataType = 'students'

/** Districts, connections and schedules, made through the API as an operator makes them; hardly one is due before its round. */
export async function makeFleet(
  stack: Stack,
  { districts, dropRoot }: { readonly districts: number; readonly dropRoot: string },
): Promise<readonly Member[]> {
  const numbers = Array.from({ length: districts }, (_, index) => index + 1)
  const members: Member[] = []
  await inParallel(numbers, callsAtOnce, async (number) => {
    const district = `district-${String(number).padStart(5, '0')}`
    const folder = join(dropRoot, district)
    await mkdir(folder)
    await callApi(stack, '/api/districts', asJson('POST', { slug: district, name: district }))
    const drop = { connector: 'oneroster-csv', settings: { source: { kind: 'folder', path: '.' } } }
    const { id } = await callApi<{ id: string }>(stack, `/api/districts/${district}/connections`, asJson('POST', drop))
    const schedule = asJson('PUT', { everyHours: 12 })
    await callApi(stack, `/api/connections/${id}/schedules/${dataType}`, schedule)
    const scheduleId = deriveScheduleId(district, dataType, id)
    members.push({ district, seed: number, folder, scheduleId, phase: phaseOf(id) })
  })
  return members
}

/** Puts a package into the watched folder in place of the one before: written to another name, and renamed. */
export async function dropPackage(
  { folder, seed }: Member,
  request: { readonly students: number; readonly changedEvery?: number },
): Promise<void> {
  const path = join(folder, 'students.zip')
  await pipeline(makePackage({ seed, ...request }), createWriteStream(`${path}.partial`))
  await rename(`${path}.partial`, path)
}

function phaseOf(connectionId: string): number {
  const settings = { everyHours: 4, spreadMinutes: 0, catchUpMinutes: 1 } as const
  const [interval] = deriveScheduleSpec({ settings, timeZone: 'UTC', seed: connectionId }, Date.now()).intervals
  if (interval === undefined) throw new Error('a schedule of some hours has an interval')
  return interval.offsetMs / interval.everyMs
}
