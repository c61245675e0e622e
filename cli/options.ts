import { Option } from 'commander'
import { CommandFailure, exitCodes } from './exit-codes.ts'

/** Every action ends with the exit code of its command. */
export type Action = () => Promise<number>
export type Runner = (action: Action) => Promise<void>

export type JsonFlag = { readonly json?: true }

export function jsonOption(): Option {
  return new Option('--json', 'print exactly one JSON document on standard output')
}

/** For an option that takes a whole number above zero. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new CommandFailure(`"${text}" is not a whole number above zero`, exitCodes.wrongUsage)
  }
  return count
}
