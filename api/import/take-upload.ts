import { withDistrict } from '../../db/database.ts'
import { findImportSet, type ImportSetRow } from '../../db/import/import-sets.ts'
import { findRun, type RunRow } from '../../db/import/runs.ts'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import type { Scope } from '../access/scope.ts'
import type { AppParts } from '../app-environment.ts'
import { chooseSetConnection, chooseUploadConnection } from '../connect/choose-connection.ts'
import { Refusal } from '../failures.ts'
import type { Package } from './archive-upload.ts'
import { refuseUnready } from './refuse-unready.ts'
import { startImportSet } from './start-import-set.ts'
import { startRun } from './start-run.ts'

export type WantedUpload = Pick<RunRow, 'id' | 'dataType' | 'isTest' | 'approveHold' | 'requestedBy'> & {
  /** None: the one that takes uploads, made if there is none. */
  readonly connectionId: string | undefined
}

type Taken = ({ readonly run: RunRow } | { readonly set: ImportSetRow }) & { readonly isRepeated: boolean }
type Started = Pick<RunRow, 'id' | 'connectionId' | 'dataType' | 'isTest' | 'approveHold' | 'inputSha256'>

/**
 * Archives a package and starts its import: a run, or an import set for `all`. The same id a second time gives what it started
 * before (`isRepeated`).
 * @throws Refusal where that was something else, or nothing can take the package.
 */
export async function takeUpload(parts: AppParts, scope: Scope, wanted: WantedUpload, given: Package): Promise<Taken> {
  const { run, set } = await withDistrict(parts.db, scope.districtId, async (trx) => ({
    run: await findRun(trx, wanted.id),
    set: await findImportSet(trx, wanted.id),
  }))
  const known = run ?? (set && asStarted(set))
  if (known !== undefined) refuseOther(known, wanted, await given.hash())
  if (run !== undefined) return { run, isRepeated: true }
  if (set !== undefined) return { set, isRepeated: true }
  return wanted.dataType === allDataTypes
    ? { set: await takeForAll(parts, scope, wanted, given), isRepeated: false }
    : { run: await takeForOne(parts, scope, wanted, given), isRepeated: false }
}

async function takeForOne(parts: AppParts, scope: Scope, wanted: WantedUpload, given: Package): Promise<RunRow> {
  const { dataType, isTest, requestedBy: createdBy } = wanted
  const connectionId = await withDistrict(parts.db, scope.districtId, async (trx) => {
    const choice = { dataType, isTest, createdBy, connectionId: wanted.connectionId }
    const chosen = await chooseUploadConnection(trx, scope, parts.secrets, choice)
    await refuseUnready(trx, { districtId: scope.districtId, dataType, isTest })
    return chosen
  })
  const input = await given.archive(parts.db, scope.districtId)
  const run = await startRun(parts, scope, { ...wanted, connectionId, input, rerunOf: null })
  // Two that came at once: the later one finds the run of the other.
  refuseOther(run, wanted, input.sha256)
  return run
}

async function takeForAll(parts: AppParts, scope: Scope, wanted: WantedUpload, given: Package): Promise<ImportSetRow> {
  const { id, isTest, approveHold, requestedBy } = wanted
  const choice = { connectionId: wanted.connectionId, createdBy: requestedBy }
  const connectionId = await withDistrict(parts.db, scope.districtId, (trx) =>
    chooseSetConnection(trx, scope, parts.secrets, choice),
  )
  const input = await given.archive(parts.db, scope.districtId)
  const set = await startImportSet(parts, scope, { id, isTest, approveHold, requestedBy, connectionId, input })
  refuseOther(asStarted(set), wanted, input.sha256)
  return set
}

const asStarted = (set: ImportSetRow): Started => ({ ...set, dataType: allDataTypes })

/** What a key asked for stands in what it started; the name of the file is for people and may differ. */
function refuseOther(
  started: Started,
  { connectionId = started.connectionId, ...wanted }: WantedUpload,
  inputSha256: string,
): void {
  const isSame =
    started.connectionId === connectionId &&
    started.dataType === wanted.dataType &&
    started.isTest === wanted.isTest &&
    started.approveHold === wanted.approveHold &&
    started.inputSha256 === inputSha256
  if (isSame) return
  const what = started.dataType === allDataTypes ? 'import set' : 'run'
  throw new Refusal('IDEMPOTENCY_KEY_REUSED', `It started the ${what} ${started.id}; send another key.`)
}
