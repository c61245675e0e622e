import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { countOpenCases } from '../../db/resolution/adopt-cases.ts'
import { caseAlerts } from '../../db/resolution/refresh-case-alert.ts'
import { countNotImported, refreshNotImported, type NotImportedCount } from '../../db/plan/not-imported.ts'
import { countBlankFields, countFindingsByField, type FieldCount } from '../../db/import/alert-counts.ts'
import { listOpenAlerts, type NewAlert } from '../../db/import/alerts.ts'
import { findMappingVersion } from '../../db/connect/configurations.ts'
import type { RunRow } from '../../db/import/runs.ts'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { getDataType } from '../../domain/data-types/registry.ts'

const unmappedCodeRule = 'I-05'

/**
 * What a run that was applied asks people to look at. A row that is refused, or has a code that
 * is mapped to nothing, is read whole in every run, so its findings are complete. A blank expected field is not looked
 * at again while its row stays the same, so those are counted in the records, when any record has changed.
 */
export async function findAlerts(
  trx: Transaction<Database>,
  request: { readonly run: RunRow; readonly dataType: DataType; readonly hasChangedRecords: boolean },
): Promise<NewAlert[]> {
  const { run, dataType } = request
  const { districtId, id: runId } = run
  const version = run.mappingVersionId === null ? undefined : await findMappingVersion(trx, run.mappingVersionId)
  await refreshNotImported(trx, { run, dataType, schools: version?.settings.schools ?? 'all' })
  const notImported = await countNotImported(trx, { districtId, dataType: dataType.name })
  const unmappedCodes = await countFindingsByField(trx, { runId, rules: [unmappedCodeRule] })
  const openCases = await countOpenCases(trx, { districtId, dataType: dataType.name })
  return [
    ...caseAlerts(openCases),
    ...notImported.map(describeNotImported),
    ...unmappedCodes.map(toAlert('unmappedCode')),
    ...(request.hasChangedRecords
      ? await countMissingExpected(trx, districtId, dataType, await listMappedFields(trx, run))
      : await keepMissingExpected(trx, districtId, dataType)),
  ]
}

async function countMissingExpected(
  trx: Transaction<Database>,
  districtId: string,
  dataType: DataType,
  mapped: ReadonlySet<string>,
): Promise<NewAlert[]> {
  // What the source has no place for is known when it is mapped, and would be said of every record in every run.
  const fields = Object.entries(dataType.fields)
    .filter(([name, field]) => field.presence === 'expected' && mapped.has(name))
    .map(([name]) => name)
  const blank = await countBlankFields(trx, { districtId, dataType, fields })
  return blank.filter(({ count }) => count > 0).map(toAlert('missingExpected'))
}

/** The fields that the run's mapping feeds; all of those that are expected where the mapping is not known any more. */
async function listMappedFields(trx: Transaction<Database>, run: RunRow): Promise<ReadonlySet<string>> {
  const mapping = run.mappingVersionId === null ? undefined : await findMappingVersion(trx, run.mappingVersionId)
  return new Set(Object.keys(mapping?.document.fields ?? getDataType(run.dataType).fields))
}

async function keepMissingExpected(
  trx: Transaction<Database>,
  districtId: string,
  dataType: DataType,
): Promise<NewAlert[]> {
  const open = await listOpenAlerts(trx, { districtId, dataType: dataType.name })
  return open
    .filter(({ kind }) => kind === 'missingExpected')
    .map(({ kind, field, code, count }) => ({ kind, field, code, count }))
}

function describeNotImported({ rule, newCount, heldCount }: NotImportedCount): NewAlert {
  return { kind: 'notImported', field: rule, code: null, count: newCount + heldCount, newCount, heldCount }
}

function toAlert(kind: NewAlert['kind']): (blank: FieldCount) => NewAlert {
  return ({ field, count }) => ({ kind, field, code: null, count })
}
