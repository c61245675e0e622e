import { z } from 'zod'

/** The short name a district is called by in commands, workflow ids and search attributes; never changes. */
export const DistrictSlug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63 characters')
  .brand<'DistrictSlug'>()
export type DistrictSlug = z.infer<typeof DistrictSlug>

/** The id of a run's workflow (docs/reference/contract.md). The one place that spells it. */
export function deriveRunWorkflowId(district: string, dataType: string, runId: string): string {
  return `import/${district}/${dataType}/${runId}`
}

/** The id of the workflow of one input for several data types (docs/reference/contract.md). */
export function deriveImportSetWorkflowId(district: string, setId: string): string {
  return `import-set/${district}/${setId}`
}

/** The id of the workflow of one round of a delivery. */
export function deriveDeliveryWorkflowId(deliveryId: string, round: number): string {
  return `deliver/${deliveryId}/${round}`
}

/** The id of the workflow in which a run can be undone (docs/reference/contract.md). */
export function deriveUndoWorkflowId(runId: string): string {
  return `undo/${runId}`
}

/** The id of the workflow that takes a run back with everything since: there is one at a time. */
export function deriveUndoThroughWorkflowId(runId: string): string {
  return `undo-through/${runId}`
}

/** The id of the workflow that tries a connection once. */
export function deriveConnectionTestWorkflowId(connectionId: string, testId: string): string {
  return `connection-test/${connectionId}/${testId}`
}

/** The id of the Temporal Schedule of a data type of a connection. */
export function deriveScheduleId(district: string, dataType: string, connectionId: string): string {
  return `schedule/${district}/${dataType}/${connectionId}`
}

/** What the ids of the workflows that such a Schedule starts begin with; the server adds the time. */
export function deriveFiringWorkflowId(district: string, dataType: string, connectionId: string): string {
  return `fire/${district}/${dataType}/${connectionId}`
}
