import { failures, type FailureCode } from '../domain/errors.ts'

/** What a failure means, by its code, which may come from the history of an older or newer version. */
export function describeFailure(code: string): string {
  // Looked up in the line itself.
  const known = Object.hasOwn(failures, code) ? failures[code as FailureCode] : undefined
  return known?.text ?? 'Something failed that nobody foresaw; the log of the worker has more.'
}
