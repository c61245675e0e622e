import type { RunDocument } from '../api/contract/run.ts'

/** What every command ends with (contract.md). Scripts branch on these; they never change. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  refusedOrCancelled: 3,
  openAlerts: 4,
  held: 5,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with a message for people and an exit code. The message holds nothing of a person's record. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failed) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The exit code of a command that waited for a run. A run still under way counts as done: nobody waited for it. */
export function exitCodeOfRun({ state, failure }: Pick<RunDocument, 'state' | 'failure'>): ExitCode {
  switch (state) {
    case 'held':
      return exitCodes.held
    case 'completedWithAlerts':
      return exitCodes.openAlerts
    case 'cancelled':
      return failure?.code === 'INTERNAL_ERROR' ? exitCodes.failed : exitCodes.refusedOrCancelled
    case 'discarded':
      return exitCodes.refusedOrCancelled
    case 'queued':
    case 'validating':
    case 'planned':
    case 'applying':
    case 'tested':
    case 'completed':
    case 'unchanged':
    case 'undone':
    case 'partlyUndone':
      return exitCodes.done
  }
}
