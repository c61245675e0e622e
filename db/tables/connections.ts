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
  createdAt: Generated<Date>
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
