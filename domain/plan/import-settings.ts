import { z } from 'zod'
import { DateRange } from '../schedule/date-ranges.ts'

/**
 * A limit is met by a share of the records that reaches `share` and by at least `atLeast` records, so that three of
 * ten students of a small school are no alarm; or, as an absolute number, by `count` records.
 */
export const Limit = z.union([
  z.strictObject({ share: z.number().gt(0).max(1), atLeast: z.int().min(1).default(5) }),
  z.strictObject({ count: z.int().min(1) }),
])
export type Limit = z.infer<typeof Limit>

/** Safety limits, with their defaults. */
export const SafetyLimits = z.strictObject({
  deactivations: Limit.default({ share: 0.1, atLeast: 5 }),
  updates: Limit.default({ share: 0.75, atLeast: 5 }),
  errorFindings: Limit.default({ share: 0.1, atLeast: 5 }),
  idSchemeChange: Limit.default({ share: 0.02, atLeast: 5 }),
  identityConflicts: Limit.default({ share: 0.02, atLeast: 5 }),
  /** Of the whole district alone: of a school that closes everybody moves, and of one in three in a summer. */
  schoolMoves: Limit.default({ share: 0.5, atLeast: 5 }),
})
export type SafetyLimits = z.infer<typeof SafetyLimits>

const QuestionBudgets = z.strictObject({
  likely: z.number().gt(0).max(1000).default(10),
  possible: z.number().gt(0).max(1000).default(100),
})

/** The settings of one import configuration, as import_configurations keeps them. */
export const ImportSettings = z.strictObject({
  /** A record that a complete input does not have is made inactive. */
  deactivateMissing: z.boolean().default(true),
  /** A blank of the source empties our value; otherwise it leaves it alone. Required fields are never emptied. */
  overwriteWithBlank: z.boolean().default(false),
  limits: SafetyLimits.prefault({}),
  /** How many needless questions about duplicates are borne among 1,000 records that are new. */
  questionBudgets: QuestionBudgets.prefault({}),
  /** Ids of the orgs whose records are imported. */
  schools: z.union([z.literal('all'), z.array(z.uuid())]).default('all'),
  /** Of how many classes somebody may be a teacher who does not come first; the rest is told and left out. */
  coTeacherClasses: z.int().min(0).max(10_000).default(25),
  /** Staff with no mapped role are left out of the log; otherwise each is listed, for auditing. */
  onlyMappedRolesInLog: z.boolean().default(false),
  /** Local days on which no run starts by itself. */
  blackouts: z.array(DateRange).max(100).default([]),
  /** Local days on which runs only add: what is held is neither changed nor made inactive. */
  additionsOnly: z.array(DateRange).max(100).default([]),
})
export type ImportSettings = z.infer<typeof ImportSettings>
