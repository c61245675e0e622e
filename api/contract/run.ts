import { z } from '@hono/zod-openapi'
import { runKinds, runStates } from '../../domain/import-run.ts'
import { severities } from '../../domain/import-rules/finding.ts'
import { limitNames, limitScopes } from '../../domain/plan/met-limit.ts'
import { SeverityName } from './finding.ts'
import { freeText } from './free-text.ts'

const Count = z.int().min(0)

/** A count of each, by its name. */
function countOf<Name extends string>(names: readonly Name[]): Record<Name, typeof Count> {
  // `fromEntries` forgets the names.
  return Object.fromEntries(names.map((name) => [name, Count])) as Record<Name, typeof Count>
}

const RunCountsDocument = z
  .object({
    read: Count,
    rejected: Count,
    skipped: Count,
    created: Count,
    updated: Count,
    deactivated: Count,
    reactivated: Count,
    unchanged: Count,
    duplicates: Count,
  })
  .openapi('RunCounts')

export const HeldLimit = z
  .object({
    limit: z.enum(limitNames),
    scope: z.enum(limitScopes),
    schoolId: z.string().nullable(),
    value: z.number(),
    max: z.number(),
    count: Count,
    schoolName: z.string().nullable(),
    schoolSourceKey: z.string().nullable(),
    /** A few of the records that the limit is about; values only with the right `viewValues`. */
    examples: z.array(
      z.object({
        recordId: z.uuid(),
        sisId: z.string().nullable(),
        values: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  })
  .openapi('HeldLimit')
export type HeldLimit = z.infer<typeof HeldLimit>

/** What a running import is at: rows so far and rows a second. Absent before the first report. */
export const RunProgress = z
  .object({
    stage: z.string(),
    rows: Count,
    /** Null while nobody can know. */
    totalRows: Count.nullable(),
    bytes: Count.nullable(),
    totalBytes: Count.nullable(),
    rowsPerSecond: z.number().nullable(),
    updatedAt: z.string().nullable(),
  })
  .openapi('RunProgress')
export type RunProgress = z.infer<typeof RunProgress>

/** A step that fails and is tried again, or that no worker takes. */
const RunTrouble = z
  .object({
    step: z.string(),
    /** How often it has failed without having been given up. */
    attempts: Count,
    code: z.string(),
    detail: z.string(),
    nextTryAt: z.string().nullable(),
    advice: z.string(),
  })
  .openapi('RunTrouble')
export type RunTrouble = z.infer<typeof RunTrouble>

/** One import run: what `import --json` and `run show --json` print (contract.md). Fields may be added, none renamed. */
export const RunDocument = z
  .object({
    runId: z.uuid(),
    district: z.string(),
    connection: z.uuid(),
    dataType: z.string(),
    test: z.boolean(),
    /** An import, one that carries decisions about duplicate cases out, or one that takes another back. */
    kind: z.enum(runKinds),
    state: z.enum(runStates),
    statusText: z.string(),
    counts: RunCountsDocument,
    findings: z.object({
      ...countOf(severities),
      byRule: z.record(z.string(), z.object({ severity: SeverityName, count: Count })),
    }),
    hold: z.object({ limits: z.array(HeldLimit) }).nullable(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    undoUntil: z.string().nullable(),
    workflowId: z.string(),
    input: z.object({ sha256: z.string().nullable(), bytes: Count.nullable() }),
    createdAt: z.string(),
    requestedBy: z.string(),
    rerunOf: z.uuid().nullable(),
    /** The run that this one takes back. */
    undoOf: z.uuid().nullable(),
    /** Rows that were skipped for their school, the schools with the most first, at most a hundred. */
    skippedSchools: z.array(
      z.object({
        reason: z.enum(['notMatched', 'leftOut', 'notChosen']),
        /** What the source calls it, where it is none of ours; else null, and `schoolId` is ours. */
        sourceKey: z.string().nullable(),
        schoolId: z.uuid().nullable(),
        name: z.string(),
        rows: Count,
        /** Of how many of them we hold the record: it stays as it is. */
        held: Count,
      }),
    ),
    /** Null while findings, plan and export are there; afterwards for how many days they were kept. */
    logRemovedAfterDays: z.int().nullable(),
    /** Rows by action of the plan, once there is one. */
    planned: z.record(z.string(), Count).nullable(),
    progress: RunProgress.nullable(),
    /** Why a run that is under way does not get on; null where it does, and in lists of runs. */
    trouble: RunTrouble.nullable(),
    /** Why it ended as it did, when that is not plain from the state. */
    closedReason: z.string().nullable(),
    /** `by`: who cancelled it; absent in everything else, and in runs that ended before it was written down. */
    failure: z.object({ code: z.string(), detail: z.string(), by: z.string().optional() }).nullable(),
    /** What asks for a person after the run; empty in lists of runs. */
    alerts: z.array(
      z.object({
        kind: z.enum(['notImported', 'missingExpected', 'unmappedCode', 'duplicateCase', 'identityConflict']),
        /** Of `notImported` the rule, which tells its alerts apart as a field tells others. */
        field: z.string(),
        code: z.string().nullable(),
        count: z.int(),
        /** Of `notImported` alone: the rule, and `count` apart in records that we do not hold and that we do. */
        rule: z.string().nullable(),
        new: z.int().nullable(),
        held: z.int().nullable(),
      }),
    ),
  })
  .openapi('Run')
export type RunDocument = z.infer<typeof RunDocument>

export const StartRun = z
  .strictObject({
    connection: z.uuid(),
    dataType: z.string().min(1).max(64),
    test: z.boolean().default(false),
    /** Of a test: with the draft of the configuration in place of the version in force. */
    draft: z.boolean().default(false),
  })
  .openapi('StartRun')

export const RerunRun = z
  .strictObject({
    test: z.boolean().default(false),
    /** `then`: the mapping version that the earlier run worked with. */
    mapping: z.enum(['today', 'then']).default('today'),
  })
  .openapi('RerunRun')

export const HoldDecision = z.strictObject({ decision: z.enum(['approve', 'discard']) }).openapi('HoldDecision')

export const CancelRun = z.strictObject({ reason: freeText(500).default('') }).openapi('CancelRun')

/**
 * `answered`: the run's workflow took the message. `sent`: no worker answered in time; the message is kept and taken
 * when one is back.
 */
export const MessageReceipt = z
  .object({ runId: z.uuid(), delivery: z.enum(['answered', 'sent']), message: z.string() })
  .openapi('MessageReceipt')
export type MessageReceipt = z.infer<typeof MessageReceipt>
