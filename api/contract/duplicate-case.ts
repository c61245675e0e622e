import { z } from '@hono/zod-openapi'
import { caseActions, caseKinds, caseReasons, storedDecisions } from '../../domain/duplicate-case.ts'

const PersonValues = z.record(z.string(), z.unknown())

/** Who comes in: the id alone; with the right `viewValues` what is compared of them. */
const Incoming = z.object({ sisId: z.string() }).catchall(z.unknown())

const CandidateDocument = z.object({
  recordId: z.uuid(),
  /** The first id of the record; null where it is gone. */
  sisId: z.string().nullable(),
  /** Probability that both are one person, 0 to 1. */
  score: z.number(),
  /** Names of the fields that agree. */
  evidence: z.array(z.string()),
  twin: z.boolean(),
  explanation: z.string(),
  /** Of an identity conflict: the key of the incoming record that leads to this one. */
  byKey: z.string().optional(),
  /** Only with the right `viewValues`. */
  values: PersonValues.optional(),
})

/** What `alert list --json` prints (contract.md). Fields may be added, none renamed. */
export const DuplicateCaseDocument = z
  .object({
    caseId: z.uuid(),
    district: z.string(),
    dataType: z.string(),
    runId: z.uuid(),
    incoming: Incoming,
    strength: z.enum(['likely', 'possible']),
    kind: z.enum(caseKinds),
    /** `idReused`: the id is somebody else's, by all the rest; `keysDisagree`: the ids lead to different records. */
    reason: z.enum(caseReasons),
    /** The record that was created of it; null where it was not imported. */
    incomingRecordId: z.uuid().nullable(),
    twin: z.boolean(),
    candidates: z.array(CandidateDocument),
    /** The other incoming records that are decided with this one: their ids changed places with its. */
    others: z.array(z.object({ incoming: Incoming, candidates: z.array(CandidateDocument) })),
    decision: z
      .object({ action: z.enum(storedDecisions), recordId: z.uuid().nullable(), by: z.string().nullable() })
      .nullable(),
    openedAt: z.iso.datetime(),
  })
  .openapi('DuplicateCase')
export type DuplicateCaseDocument = z.infer<typeof DuplicateCaseDocument>

export const DecideCases = z
  .strictObject({
    decisions: z
      .array(z.strictObject({ caseId: z.uuid(), action: z.enum(caseActions), recordId: z.uuid().optional() }))
      .min(1)
      .max(10_000),
  })
  .openapi('DecideCases')

export const DecideCase = z
  .strictObject({
    action: z.enum(caseActions),
    recordId: z.uuid().optional(),
    /** Instead of `recordId`: our id or the first id (`sisId`) of one of the candidates. */
    candidate: z.string().min(1).max(500).optional(),
  })
  .openapi('DecideCase')

export const DecidedCases = z
  .object({
    decided: z.int(),
    refused: z.array(z.object({ caseId: z.string(), reason: z.string() })),
  })
  .openapi('DecidedCases')
export type DecidedCases = z.infer<typeof DecidedCases>

export const ProcessCases = z.strictObject({ dataType: z.string() }).openapi('ProcessCases')

/** The runs that carry out what was decided; an empty list when no record had to change. */
export const ProcessedCases = z.object({ caseCount: z.int(), runIds: z.array(z.uuid()) }).openapi('ProcessedCases')
export type ProcessedCases = z.infer<typeof ProcessedCases>
