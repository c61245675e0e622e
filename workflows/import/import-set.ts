import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
} from '@temporalio/workflow'
import type { BegunSetRun, ImportSetMember, ImportSetRef } from '../../activities/interface.ts'
import { deriveRunStart } from '../../domain/derive-run-start.ts'
import { isOver, runStatusText, type RunState } from '../../domain/import-run.ts'
import { failures, type FailureCode } from '../../domain/errors.ts'
import { setSteps } from '../activity-options.ts'
import { runSettledSignal } from '../messages.ts'
import { fetchingSteps } from '../schedule/schedule-steps.ts'
import { runImport } from './run-import.ts'
import { codeOf } from './to-outcome.ts'

export type ImportSetInput = ImportSetRef & {
  readonly district: string
  /** The input is still at the connection's source, and is fetched first. */
  readonly fetchesInput?: boolean
}

/** What became of each data type so far, for whoever looks at the workflow. */
type Shown = Record<string, string>

/**
 * One input for several data types: a run for each, one after the other, as children. One that is held or fails stops only
 * those that refer to its records; a person's decision about it is awaited by the run and not by the set.
 */
export async function importSet(input: ImportSetInput): Promise<Readonly<Shown>> {
  const { districtId, setId, district } = input
  const ref = { districtId, setId }
  const settled = new Set<string>()
  setHandler(runSettledSignal, ({ runId }) => {
    settled.add(runId)
  })
  const shown: Shown = {}
  const show = (dataType: string, words: string): void => {
    shown[dataType] = words
    setCurrentDetails(
      Object.entries(shown)
        .map(([name, said]) => `${name}: ${said}`)
        .join('\n'),
    )
  }
  try {
    const unfetched = input.fetchesInput === true ? await fetchWhenWhole(ref) : undefined
    const { members } = await setSteps.openImportSet(ref)
    for (const { dataType } of members) show(dataType, 'waits for its turn')
    const stopped = new Map<string, string>()
    for (const member of members) {
      const { dataType } = member
      const reason = member.reason ?? unfetched ?? findObstacle(member, stopped)
      if (reason !== undefined) {
        await setSteps.leaveOutSetRun({ ...ref, dataType, reason })
        show(dataType, `not started: ${reason}`)
        continue
      }
      const begun = await setSteps.beginSetRun({ ...ref, dataType })
      if (begun.kind === 'leftOut') {
        show(dataType, `not started: ${begun.reason}`)
        continue
      }
      show(dataType, `run ${begun.runId} is at work`)
      const state = await followRun({ districtId, district, dataType, begun, settled })
      show(dataType, `${runStatusText[state]}, run ${begun.runId}`)
      if (!isDone(state)) stopped.set(dataType, runStatusText[state])
    }
  } finally {
    await CancellationScope.nonCancellable(() => setSteps.closeImportSet(ref))
  }
  return shown
}

/** Once for all runs; gives why there is no input, where the source did not give one. */
async function fetchWhenWhole(set: ImportSetRef): Promise<string | undefined> {
  try {
    for (;;) {
      setCurrentDetails('Fetching the input from the source')
      const fetched = await fetchingSteps().fetchSetInput(set)
      if (fetched?.waitMs === undefined) return undefined
      setCurrentDetails('Waiting for the package at the source to be whole (rule Z-14)')
      await sleep(fetched.waitMs)
    }
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    const code = codeOf(error)
    const text = code in failures ? ` ${failures[code as FailureCode].text}` : '' // looked for just before
    return `its input could not be fetched: ${code}.${text}`
  }
}

/** The records of one that it needs are not those of this input: whatever refers to new ones would lead nowhere. */
function findObstacle({ needs }: ImportSetMember, stopped: ReadonlyMap<string, string>): string | undefined {
  const needed = needs.find((name) => stopped.has(name))
  return needed === undefined ? undefined : `it needs ${needed}, whose run is: ${stopped.get(needed) ?? ''}`
}

function isDone(state: RunState): boolean {
  return ['completed', 'completedWithAlerts', 'unchanged', 'tested'].includes(state)
}

type FollowedRun = {
  readonly districtId: string
  readonly district: string
  readonly dataType: string
  readonly begun: BegunSetRun & { readonly kind: 'begun' }
  readonly settled: ReadonlySet<string>
}

/** The run says by itself when it is settled; this is for a message that was lost. */
const longestPauseMs = 120_000

/** Until the run is over, or waits for a person. */
async function followRun({ districtId, district, dataType, begun, settled }: FollowedRun): Promise<RunState> {
  const { runId, workflowId, isTest, fetchesInput = false } = begun
  const { args, typedSearchAttributes, ...start } = deriveRunStart({
    districtId,
    district,
    dataType,
    runId,
    workflowId,
    isTest,
    fetchesInput,
  })
  const child = { isOpen: true }
  try {
    const handle = await startChild(runImport, {
      ...start,
      args: [...args],
      typedSearchAttributes: [...typedSearchAttributes],
      // It may wait for a person for weeks, and goes on whatever becomes of the set.
      parentClosePolicy: 'ABANDON',
    })
    const close = () => {
      child.isOpen = false
    }
    void handle.result().then(close, close)
  } catch (error) {
    // An earlier try of this set started it.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  for (let pauseMs = 1_000; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    // A run that was started by somebody else says nothing to this workflow: then the row is asked.
    await condition(() => settled.has(runId) || !child.isOpen, pauseMs)
    const { state } = await setSteps.readSetRun({ districtId, runId })
    if (state === 'held' || isOver(state)) return state
    if (!child.isOpen) await sleep(pauseMs)
  }
}
