import { patched } from '@temporalio/workflow'
import { runImport as runAsBefore } from '../../../workflows/import/run-import.ts'

export { applyImport } from '../../../workflows/import/apply-import.ts'

/** A run as a later release may have it: with a step that the release before does not know. */
export function runImport(input: Parameters<typeof runAsBefore>[0]): ReturnType<typeof runAsBefore> {
  patched('of-a-later-release')
  return runAsBefore(input)
}
