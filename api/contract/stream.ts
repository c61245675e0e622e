import { z } from '@hono/zod-openapi'
import { RunDocument } from './run.ts'

/** Of the event `run`: a run as it stands, in ids and counts alone. */
export const RunEvent = RunDocument.pick({
  runId: true,
  district: true,
  connection: true,
  dataType: true,
  test: true,
  state: true,
  statusText: true,
  counts: true,
  progress: true,
  startedAt: true,
  finishedAt: true,
}).openapi('RunEvent')
export type RunEvent = z.infer<typeof RunEvent>

/** Of the event `alerts`: what waits for a person. */
export const AlertsEvent = z
  .object({ openAlerts: z.record(z.string(), z.int()).describe('By data type'), openCases: z.int() })
  .openapi('AlertsEvent')
export type AlertsEvent = z.infer<typeof AlertsEvent>
