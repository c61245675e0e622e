import type { FieldOwner } from '../../db/connect/field-owners.ts'
import { withDistrict } from '../../db/database.ts'
import { deleteFindings, insertFindings } from '../../db/import/findings.ts'
import { updateRunFindings, updateRunStaging } from '../../db/import/runs.ts'
import { holdStep } from '../../db/import/step-fence.ts'
import { fieldImportRules } from '../../domain/import-rules/field-import-rules.ts'
import { noFindings, type Finding } from '../../domain/import-rules/finding.ts'
import { compileMapping, MappingMistake } from '../../domain/mapping/compile-mapping.ts'
import { findOwnedFields } from '../../domain/mapping/find-owned-fields.ts'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import type { StagedRun } from '../interface.ts'
import type { SourceRequest } from './stage-run.ts'

/**
 * Ends a field import before its file is opened: where the mapping cannot be used, or where it names what another connection
 * feeds. Undefined where nothing is in the way.
 */
export async function refuseFields(
  request: SourceRequest,
  mapping: MappingDocument,
  owners: readonly FieldOwner[],
): Promise<StagedRun | undefined> {
  const mistake = findMistake(request, mapping)
  const owned = mistake === undefined ? findOwnedFields(mapping, owners) : []
  const findings = owned.map(({ field, owner }) => ({
    rule: fieldImportRules.ownedField.id,
    severity: 'block' as const,
    column: field,
    message: `${field} is fed by the connection "${owner}", whose next import would take back what is changed here. Take it out of one of the two mappings.`,
  }))
  const named = owned.map(({ field, owner }) => `${field} is fed by the connection "${owner}"`)
  const refusal = mistake ?? (named.length === 0 ? undefined : named.join('; '))
  if (refusal === undefined) return undefined
  await keepRefusal(request, findings, refusal)
  return { isUsable: false, rowsRead: 0, stagedCount: 0, findings: { ...noFindings, block: findings.length } }
}

function findMistake({ dataType, connector, today }: SourceRequest, mapping: MappingDocument): string | undefined {
  try {
    compileMapping(dataType, mapping, connector.collections(dataType.name), today)
    return undefined
  } catch (error) {
    if (!(error instanceof MappingMistake)) throw error
    return `the mapping of ${dataType.name} cannot be used, ${error.message}`
  }
}

async function keepRefusal(
  { db, run, fence, today }: SourceRequest,
  findings: readonly Finding[],
  refusal: string,
): Promise<void> {
  const { id: runId, districtId } = run
  await withDistrict(db, districtId, async (trx) => {
    await holdStep(trx, runId, fence)
    await deleteFindings(trx, { runId, step: 'stage' })
    await insertFindings(trx, { districtId, runId, step: 'stage', firstSeq: 1, findings })
    const count = findings.length
    const byRule = count === 0 ? {} : { [fieldImportRules.ownedField.id]: { severity: 'block' as const, count } }
    await updateRunFindings(trx, runId, { totals: { ...noFindings, block: count }, byRule })
    await updateRunStaging(trx, runId, {
      ...{ isComplete: false, isDelta: false, rowsRead: 0, rejectedCount: 0, comparedDigests: false },
      ...{ readOn: today, refusal },
    })
  })
}
