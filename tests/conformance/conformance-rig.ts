import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import type { Api } from '../../api/app-environment.ts'
import { createApp } from '../../api/app.ts'
import { rights } from '../../api/contract/rights.ts'
import type { RunRef } from '../../activities/interface.ts'
import type { ArchivedFile } from '../../db/import/inputs/archived-files.ts'
import { insertToken } from '../../db/access/tokens.ts'
import { prerequisitesOf, getDataType, sortByReferences } from '../../domain/data-types/registry.ts'
import { columnOf, keyField } from '../../domain/data-types/define-data-type.ts'
import { createLog } from '../../platform/log.ts'
import { makeTestSecrets } from '../harness/secrets.ts'
import { readAnswer } from '../api/api-rig.ts'
import { StandInSchedules } from '../api/schedule/stand-in-schedules.ts'
import { StandInWorkflows } from '../api/import/stand-in-workflows.ts'
import { useImportRig, type ImportRig, type RigOptions } from '../activities/import-rig.ts'
import { rosterDay, type RosterPackage } from '../fixtures/roster-package.ts'
import { makeZip, type ZipPart } from '../fixtures/zip-maker.ts'

export type ShownRecord = Readonly<Record<string, string>>

/** What one run did, up to where a person would be asked. */
export type FollowedRun = {
  readonly run: RunRef
  readonly isUsable: boolean
  readonly isHeld: boolean
  readonly state: string
}

export type ConformanceRig = ImportRig & {
  /** Follows an input as the workflow does; a hold is left to the test. */
  readonly follow: (
    input: ArchivedFile,
    dataType: string,
    options?: { readonly isTest?: boolean },
  ) => Promise<FollowedRun>
  /** Imports a package as the workflow does; a hold is left to the test. */
  readonly bring: (
    roster: RosterPackage | readonly ZipPart[],
    dataType: string,
    options?: { readonly isTest?: boolean },
  ) => Promise<FollowedRun>
  /** The same, with all that the data type needs before it. */
  readonly bringAll: (roster: RosterPackage, dataType: string) => Promise<FollowedRun>
  readonly approve: (run: RunRef) => Promise<void>
  /** Takes a run back, and gives the undo. */
  readonly undo: (run: RunRef) => Promise<RunRef>
  /** An answer of the API. */
  readonly get: <Answer>(path: string) => Promise<Answer>
  readonly download: (path: string) => Promise<Buffer>
  /** `records --csv`, by what the first column after the id and status shows. */
  readonly readCsv: (dataType: string, options?: { readonly withInactive?: boolean }) => Promise<readonly ShownRecord[]>
  /** Status by source key. */
  readonly readStatuses: (dataType: string) => Promise<Readonly<Record<string, string>>>
  /** Every value of every record by source key, and nothing of how it came there. */
  readonly readValues: (dataType: string) => Promise<Readonly<Record<string, unknown>>>
  readonly idOf: (dataType: string, sourceKey: string) => Promise<string>
}

const bookkeeping = [
  ...['revision', 'created_at', 'updated_at', 'primary_digest', 'supplement_digest', 'gathered_digest', 'edited_xid'],
  ...['connection_id', 'mapping_fingerprint', 'updated_run_id', 'created_run_id'],
]

/** All that a data type needs before it can be imported, in order. */
export function listNeeded(dataType: string): readonly string[] {
  const needed = new Set<string>()
  const visit = (name: string): void => {
    for (const before of prerequisitesOf(getDataType(name))) {
      if (needed.has(before)) continue
      needed.add(before)
      visit(before)
    }
  }
  visit(dataType)
  return sortByReferences([...needed])
}

/** An import rig with the API before it. Call it at the top of a test file, or of what is said of one connector. */
export function useConformanceRig(options: Pick<RigOptions, 'connector' | 'settings'> = {}): ConformanceRig {
  const rig = useImportRig({ today: () => rosterDay, ...options })
  const token = randomBytes(32).toString('base64url')
  let api: Api | undefined
  beforeAll(async () => {
    await insertToken(rig.db, { token, name: 'tester', rights })
    api = createApp({
      db: rig.db,
      workflows: new StandInWorkflows(),
      schedules: new StandInSchedules(),
      secrets: makeTestSecrets().sealer,
      log: createLog({ process: 'test', level: 'silent' }),
      version: '0.0.0',
    })
  })

  const send = async (path: string): Promise<Response> => {
    if (api === undefined) throw new Error('the API is there once the tests run')
    return await api.request(path, { headers: { authorization: `Bearer ${token}` } })
  }
  const follow: ConformanceRig['follow'] = async (input, dataType, { isTest = false } = {}) => {
    const run = await rig.giveRun(input, { dataType, isTest })
    const { isUnchanged } = await rig.step('openRun', run)
    const ended = async (facts: Partial<FollowedRun> = {}): Promise<FollowedRun> => {
      const { state } = await rig.readRun(run)
      return { run, isUsable: true, isHeld: false, state, ...facts }
    }
    if (isUnchanged) return ended()
    const { isUsable } = await rig.step('stageRun', run)
    if (!isUsable) {
      await rig.close(run, { kind: 'refused' })
      return ended({ isUsable: false })
    }
    const { keptBack, metLimits } = await rig.step('buildPlan', run)
    if (isTest) {
      await rig.close(run, { kind: 'tested' })
      return ended()
    }
    if (keptBack !== 'none') {
      await rig.step('holdForReview', { ...run, metLimits })
      return ended({ isHeld: true })
    }
    await rig.step('applyPlan', { ...run, part: 'all' })
    await rig.close(run, { kind: 'applied' })
    return ended()
  }
  const bring: ConformanceRig['bring'] = async (roster, dataType, wish) => {
    const members = 'members' in roster ? roster.members() : roster
    return follow(await rig.giveContent(makeZip(members)), dataType, wish)
  }
  const readRows = (dataType: string): Promise<{ key: string; row: Record<string, unknown> }[]> => {
    const { table } = getDataType(dataType)
    const key = columnOf(keyField)
    const rows = rig.ask(`select ${key} as key, to_jsonb(r) as row from ${table} r order by ${key}`)
    return rows as Promise<{ key: string; row: Record<string, unknown> }[]> // of the query just above
  }

  const added: Omit<ConformanceRig, keyof ImportRig> = {
    follow,
    bring,
    bringAll: async (roster, dataType) => {
      for (const needed of listNeeded(dataType)) {
        const { isHeld, isUsable } = await bring(roster, needed)
        assert.deepEqual({ isHeld, isUsable }, { isHeld: false, isUsable: true }, needed)
      }
      return bring(roster, dataType)
    },
    approve: async (run) => {
      await rig.step('recordHoldDecision', { ...run, decision: 'approve', by: 'operator-7' })
      await rig.step('applyPlan', { ...run, part: 'all' })
      await rig.close(run, { kind: 'applied' })
    },
    undo: async ({ districtId, runId }) => {
      const opened = await rig.step('openUndo', { districtId, runId, by: 'operator-7', reason: 'a test' })
      if (opened.kind !== 'opened') throw new Error(opened.reason)
      const undo = { districtId, runId: opened.undoRunId }
      assert.deepEqual(await rig.step('carryOutUndo', undo), { obstacle: null })
      await rig.step('closeUndo', { ...undo, outcome: { kind: 'done' } })
      return undo
    },
    get: async (path) => readAnswer(await send(path)),
    download: async (path) => {
      const response = await send(path)
      assert.equal(response.status, 200)
      return Buffer.from(await response.arrayBuffer())
    },
    readCsv: async (dataType, { withInactive = false } = {}) => {
      const path = `/api/districts/${rig.district}/records/${dataType}?format=csv&all=${withInactive}`
      const response = await send(path)
      assert.equal(response.status, 200)
      // With `columns: true` every row is an object of texts.
      return parse<ShownRecord>(await response.text(), { columns: true })
    },
    readStatuses: async (dataType) =>
      Object.fromEntries((await readRows(dataType)).map(({ key, row }) => [key, String(row['status'])])),
    readValues: async (dataType) => {
      const rows = await readRows(dataType)
      const isValue = ([column]: [string, unknown]) => !bookkeeping.includes(column)
      return Object.fromEntries(
        rows.map(({ key, row }) => [key, Object.fromEntries(Object.entries(row).filter(isValue))]),
      )
    },
    idOf: async (dataType, sourceKey) => {
      const found = (await readRows(dataType)).find(({ key }) => key === sourceKey)
      assert.ok(found, `${dataType} has no ${sourceKey}`)
      return String(found.row['id'])
    },
  }
  return withGetters(rig, added)
}

/** What a rig has is there once its tests run, so its getters stay getters. */
function withGetters<Base extends object, Added extends object>(base: Base, added: Added): Base & Added {
  // Base first: what is added has other names.
  return Object.defineProperties({ ...added }, Object.getOwnPropertyDescriptors(base)) as Base & Added
}
