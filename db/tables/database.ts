import type {
  CaseMembers,
  DuplicateCases,
  DuplicateFinds,
  FeedMistakes,
  GivenMatches,
  KnownStrangers,
  RecordAliases,
  ResolutionRows,
} from './cases.ts'
import type { Alerts, NotImported, RunFindings } from './findings.ts'
import type { ArchivedFileChunks, ArchivedFiles, InputParts } from './archived-files.ts'
import type { IdempotencyKeys } from './idempotency-keys.ts'
import type { Uploads } from './uploads.ts'
import type { ApiTokens, AuditChain, AuditHeads, AuditLog, Districts } from './districts.ts'
import type {
  ConfigurationDrafts,
  Connections,
  ConnectionSchools,
  ImportConfigurations,
  MappingVersions,
  Orgs,
} from './connections.ts'
import type { ImportRuns } from './import-runs.ts'
import type { ImportSetRuns, ImportSets } from './import-sets.ts'
import type { MatchKeys, MatchNames, MatchRecords, MatchStrangers } from './matching.ts'
import type {
  Deliveries,
  DeliveryAttempts,
  Events,
  NotificationSettings,
  Webhooks,
  WebhookSecrets,
} from './notifications.ts'
import type {
  AppliedBatches,
  DatasetVersions,
  Journal,
  PlanCounts,
  PlanRows,
  RecordChanges,
  RunSchoolSkips,
  StagedUnseen,
} from './plans.ts'
import type { RecordTable, StagedTable } from './records.ts'
import type { RecordEdits, UndoBatches, UndoSkips, UndoThroughs } from './undo.ts'
import type { Alarms, FetchedInputs, ScheduleFirings, Schedules } from './schedules.ts'

/** The schema as TypeScript sees it: camelCase, the rest is db/migrations/. */
export type Database = {
  alarms: Alarms
  alerts: Alerts
  apiTokens: ApiTokens
  appliedBatches: AppliedBatches
  archivedFileChunks: ArchivedFileChunks
  archivedFiles: ArchivedFiles
  auditChain: AuditChain
  auditHeads: AuditHeads
  auditLog: AuditLog
  caseMembers: CaseMembers
  configurationDrafts: ConfigurationDrafts
  connections: Connections
  connectionSchools: ConnectionSchools
  datasetVersions: DatasetVersions
  deliveries: Deliveries
  deliveryAttempts: DeliveryAttempts
  districts: Districts
  duplicateCases: DuplicateCases
  duplicateFinds: DuplicateFinds
  events: Events
  feedMistakes: FeedMistakes
  fetchedInputs: FetchedInputs
  givenMatches: GivenMatches
  inputParts: InputParts
  idempotencyKeys: IdempotencyKeys
  importConfigurations: ImportConfigurations
  importRuns: ImportRuns
  importSetRuns: ImportSetRuns
  importSets: ImportSets
  journal: Journal
  knownStrangers: KnownStrangers
  mappingVersions: MappingVersions
  notificationSettings: NotificationSettings
  notImported: NotImported
  orgs: Orgs
  matchKeys: MatchKeys
  matchNames: MatchNames
  matchStrangers: MatchStrangers
  matchRecords: MatchRecords
  planCounts: PlanCounts
  planRows: PlanRows
  recordAliases: RecordAliases
  recordChanges: RecordChanges
  recordEdits: RecordEdits
  resolutionRows: ResolutionRows
  runFindings: RunFindings
  runSchoolSkips: RunSchoolSkips
  scheduleFirings: ScheduleFirings
  schedules: Schedules
  stagedStudents: StagedTable
  stagedUnseen: StagedUnseen
  students: RecordTable
  webhooks: Webhooks
  webhookSecrets: WebhookSecrets
  undoBatches: UndoBatches
  undoSkips: UndoSkips
  undoThroughs: UndoThroughs
  uploads: Uploads
}
