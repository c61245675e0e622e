import type { Generated } from 'kysely'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import type { DraftChange, DraftMapping } from '../../domain/mapping/configuration-draft.ts'
import type { ImportSettings } from '../../domain/plan/import-settings.ts'
import type { Json, JsonWithDefault } from './json.ts'

export type Orgs = {
  id: Generated<string>
  districtId: string
  sourceKey: string
  name: string
  type: string
  identifier: Generated<string>
  ncesId: Generated<string>
  stateId: Generated<string>
  parentSourceKey: Generated<string>
  isActive: Generated<boolean>
  createdRunId: string | null
  createdAt: Generated<Date>
}

export type ConnectionStatus = 'notConfigured' | 'connected' | 'failed'

export type Connections = {
  id: Generated<string>
  districtId: string
  connector: string
  name: string
  settingsSealed: Buffer
  keyId: string
  /** Null in what earlier releases made, until a worker has looked into the settings. */
  fetchesInput: boolean | null
  status: Generated<ConnectionStatus>
  statusReason: string | null
  checkedAt: Date | null
  newSchools: Generated<NewSchools>
  schoolsVersion: Generated<number>
  createdAt: Generated<Date>
}

/** What becomes of a school that a source shows for the first time: one of ours, or it waits for somebody. */
export type NewSchools = 'create' | 'ask'

export type SourceSchoolState = 'open' | 'matched' | 'unmatched' | 'leftOut'

export type ConnectionSchools = {
  districtId: string
  connectionId: string
  sourceKey: string
  name: string
  type: string
  identifier: Generated<string>
  ncesId: Generated<string>
  stateId: Generated<string>
  parentSourceKey: Generated<string>
  isActive: Generated<boolean>
  state: Generated<SourceSchoolState>
  orgId: string | null
  decidedBy: string | null
  decidedAt: Date | null
  firstSeenAt: Generated<Date>
  seenAt: Generated<Date>
  goneSince: Date | null
}

export type MappingVersions = {
  id: Generated<string>
  districtId: string
  connectionId: string
  dataType: string
  /** Null of one that only a test import worked with. */
  version: number | null
  document: Json<MappingDocument>
  settings: JsonWithDefault<Partial<ImportSettings>>
  createdBy: string
  createdAt: Generated<Date>
}

export type ImportConfigurations = {
  districtId: string
  connectionId: string
  dataType: string
  mappingVersionId: string
  isEnabled: Generated<boolean>
  /** Of a source that brings fields of records that are held, and no records. */
  bringsFields: Generated<boolean>
}

export type ConfigurationDrafts = {
  districtId: string
  connectionId: string
  dataType: string
  revision: Generated<number>
  basedOn: number | null
  document: Json<DraftMapping>
  settings: Json<Readonly<Record<string, unknown>>>
  changes: Json<readonly DraftChange[]>
  updatedBy: string
  updatedAt: Generated<Date>
}
