/**
 * What a run's workflow is started with, so that whoever starts it (API, benchmark, test) says the same. Plain
 * values: the id is `deriveRunWorkflowId` of ids.ts.
 */
export type RunStartFacts = {
  /** The district's slug. */
  readonly district: string
  readonly dataType: string
  readonly runId: string
  readonly isTest: boolean
}

/** A run as it was written down, on its way to Temporal. */
export type StartedRun = RunStartFacts & {
  readonly workflowId: string
  readonly districtId: string
  /** Its input is still at the connection's source. */
  readonly fetchesInput?: boolean
}

/** Search attributes of a run in Temporal, with the type each is registered under. All are opaque: no names. */
export const runSearchAttributes = {
  RollbookDistrict: 'KEYWORD',
  RollbookDataType: 'KEYWORD',
  RollbookRunId: 'KEYWORD',
  RollbookState: 'KEYWORD',
  RollbookHeldLimits: 'INT',
} as const
export type RunSearchAttribute = keyof typeof runSearchAttributes

/** One line for the list of Temporal's UI; under 150 characters, the limit counts the encoded payload. */
export function runSummary({ district, dataType, isTest }: Omit<RunStartFacts, 'runId'>): string {
  return `${isTest ? 'Test import' : 'Import'} of ${dataType} for ${district}`
}

/** Values of the search attributes at the start; the workflow keeps `RollbookState` up to date. */
export function deriveRunLabels({ district, dataType, runId }: Omit<RunStartFacts, 'isTest'>) {
  return {
    RollbookDistrict: district,
    RollbookDataType: dataType,
    RollbookRunId: runId,
    RollbookState: 'queued',
  } as const
}

/** How Temporal starts a run, whoever asks: a second start is refused, and changes nothing. */
export function deriveRunStart(run: StartedRun) {
  const { workflowId, districtId, district, dataType, runId, fetchesInput = false } = run
  return {
    workflowId,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [{ districtId, runId, district, dataType, ...(fetchesInput && { fetchesInput }) }],
    typedSearchAttributes: Object.entries(deriveRunLabels(run)).map(([name, value]) => ({
      key: { name, type: 'KEYWORD' as const },
      value,
    })),
    staticSummary: runSummary(run),
    priority: { fairnessKey: district },
  } as const
}

/** An import set as it was written down, on its way to Temporal. */
export type StartedImportSet = {
  readonly workflowId: string
  readonly districtId: string
  readonly setId: string
  readonly district: string
  /** Its input is still at the connection's source. */
  readonly fetchesInput?: boolean
}

/** How Temporal starts an import set, whoever asks: one at work is left as it is, one that broke off begins again where it was. */
export function deriveImportSetStart({ workflowId, fetchesInput = false, ...set }: StartedImportSet) {
  return {
    workflowId,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ ...set, ...(fetchesInput && { fetchesInput }) }],
    staticSummary: `Import of all data types for ${set.district}`,
    priority: { fairnessKey: set.district },
  } as const
}
