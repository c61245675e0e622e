import type { Context } from 'hono'
import type { RunRow } from '../db/queries/runs.ts'
import type { AppEnvironment } from './app-environment.ts'
import type { RunDocument } from './contract/run.ts'
import { describeHeldLimits } from './hold-document.ts'
import { isHoldShown, toRunDocument } from './run-document.ts'

/** The document of a run, with all about its hold that this caller may see. */
export async function buildRunDocument(
  context: Context<AppEnvironment>,
  row: RunRow,
  district: string,
): Promise<RunDocument> {
  if (!isHoldShown(row)) return toRunDocument(row, district)
  const mayViewValues = context.get('caller').rights.has('viewValues')
  return toRunDocument(row, district, await describeHeldLimits(context.get('parts').db, row, mayViewValues))
}
