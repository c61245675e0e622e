import type { RunRef } from '../../../activities/interface.ts'
import type { Severity } from '../../../domain/import-rules/finding.ts'
import type { MetLimit } from '../../../domain/plan/met-limit.ts'
import type { PlainInput } from '../../fixtures/plain-connector.ts'
import { keepPages, type Page } from '../../conformance/pages-of-a-roster.ts'
import type { RosterPackage } from '../../fixtures/roster-package.ts'
import { makeZip } from '../../fixtures/zip-maker.ts'
import type { ImportRig } from '../import-rig.ts'

/** What a run shows of a rule. */
export type ShownByRun = {
  /** `I-03 error`, each once. */
  readonly told: readonly string[]
  readonly limits: readonly MetLimit['limit'][]
  /** Why there is nothing to be had of the input, or no input yet. */
  readonly refusal: string | undefined
}

/**
 * How a rule that only a run can look at is made to fire. It tells a finding (`tells`); without a severity it holds the
 * run by a safety limit (`holds`), or nothing of the input is taken (`refuses`).
 */
export type RunCase = {
  readonly rule: string
  readonly tells?: Severity
  readonly holds?: MetLimit['limit']
  readonly refuses?: RegExp
  /** Whose input it is, in place of a package. */
  readonly from?: 'pages' | 'rows'
  readonly happen: (rig: ImportRig) => Promise<ShownByRun>
}

/** Imports a package as the workflow does, up to where a person would be asked. */
export async function bring(rig: ImportRig, roster: RosterPackage, dataType = 'students'): Promise<ShownByRun> {
  const input = await rig.giveContent(makeZip(roster.members()))
  return show(rig, await follow(rig, await rig.giveRun(input, { dataType })))
}

/** The same with the pupils of a package. */
export async function bringPupils(
  rig: ImportRig,
  request: Parameters<ImportRig['givePupils']>[0],
): Promise<ShownByRun> {
  return show(rig, await follow(rig, await rig.giveRun(await rig.givePupils(request))))
}

/** The same with rows of a connector that looks at none of them. */
export async function bringRows(rig: ImportRig, input: PlainInput): Promise<ShownByRun> {
  return show(rig, await follow(rig, await rig.giveRun(await rig.giveContent(Buffer.from(JSON.stringify(input))))))
}

/** The same with pages of a provider. */
export async function bringPages(rig: ImportRig, pages: readonly Page[]): Promise<ShownByRun> {
  return show(rig, await follow(rig, await rig.giveRun(await keepPages(rig, pages))))
}

async function follow(rig: ImportRig, run: RunRef): Promise<RunRef> {
  const { isUnchanged } = await rig.step('openRun', run)
  if (isUnchanged) return run
  const { isUsable } = await rig.step('stageRun', run)
  if (!isUsable) {
    await rig.close(run, { kind: 'refused' })
    return run
  }
  const { keptBack, metLimits } = await rig.step('buildPlan', run)
  if (keptBack === 'none') {
    await rig.step('applyPlan', { ...run, part: 'all' })
    await rig.close(run, { kind: 'applied' })
  } else await rig.step('holdForReview', { ...run, metLimits })
  return run
}

async function show(rig: ImportRig, run: RunRef): Promise<ShownByRun> {
  const { findingsByRule, hold, failure } = await rig.readRun(run)
  const rows = await rig.ask(`select distinct rule || ' ' || severity as told from run_findings
    where run_id = '${run.runId}'`)
  const counted = Object.keys(findingsByRule)
  const told = (rows as { told: string }[]).map((row) => row.told)
  return {
    // A finding that is written and not counted, or the other way round, is none.
    told: told.filter((one) => counted.includes(one.split(' ')[0] ?? '')),
    limits: hold?.limits.map(({ limit }) => limit) ?? [],
    refusal: failure?.detail,
  }
}
