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

/** Failures that a command has by itself, for `--json`; docs/reference/failures.md is compared with them by a test. */
export const commandCodes = {
  WRONG_USAGE: 'The command line is wrong.',
  FILE_UNUSABLE: 'A file that the command line names cannot be read or written.',
  NOT_BUILT: 'This is not built yet.',
  SERVER_UNKNOWN: 'Nothing says which server to speak to.',
  SERVER_UNREACHABLE: 'The server cannot be reached.',
  ANSWER_UNREADABLE: 'The server, or something before it, answered what is no answer of ours.',
  NOT_CARRIED_OUT: 'The server took the wish, and it was not carried out.',
  NOT_INSTALLED: 'What the command needs on this machine cannot be installed or started.',
  INTERRUPTED: 'Somebody stopped the command.',
  INTERNAL_ERROR: 'Something failed on our side.',
} as const
export type CommandCode = keyof typeof commandCodes

/** Ends a command with a message for people and an exit code. The message holds nothing of a person's record. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: ExitCode
  readonly code: CommandCode

  constructor(message: string, exitCode: ExitCode, code: CommandCode = 'WRONG_USAGE') {
    super(message)
    this.exitCode = exitCode
    this.code = code
  }
}

/** What to throw instead of an error of the file system about a file that the command line names; others stay. */
export function tellUnwritable(path: string, error: unknown): unknown {
  const isAboutFile = error instanceof Error && 'syscall' in error && 'path' in error
  if (!isAboutFile || !('code' in error) || typeof error.code !== 'string') return error
  return new CommandFailure(`${path} cannot be written (${error.code})`, exitCodes.wrongUsage, 'FILE_UNUSABLE')
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
