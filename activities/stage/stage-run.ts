import type { Kysely } from 'kysely'
import { FileSpill } from '../../connectors/kit/keys/file-spill.ts'
import type { Connector } from '../../connectors/connector.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import { deriveAcademicYearEnd } from '../../domain/mapping/class-year.ts'
import { compileMapping } from '../../domain/mapping/compile-mapping.ts'
import { decideFirstComplete, findOpenChoice } from '../../domain/mapping/decide-first-complete.ts'
import { fingerprintConfiguration } from '../../domain/mapping/fingerprint-configuration.ts'
import type { MappingDocument } from '../../domain/mapping/mapping-document.ts'
import { listChosenColumns } from '../../domain/mapping/source-columns.ts'
import { findLastFiles } from '../../db/plan/earlier-inputs.ts'
import { findAcademicYear } from '../../db/records/academic-year.ts'
import { openInput } from '../../db/import/inputs/input-parts.ts'
import { findMappingVersion } from '../../db/connect/configurations.ts'
import { listFieldOwners } from '../../db/connect/field-owners.ts'
import { findConnection } from '../../db/connect/connections.ts'
import { listSourceOrgs } from '../../db/records/source-schools.ts'
import { getRun } from '../../db/import/runs.ts'
import { findAskedAt } from '../../db/plan/source-marks.ts'
import { claimStep } from '../../db/import/step-fence.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import type { RunRef, StagedRun } from '../interface.ts'
import { ChoiceCheck } from './choice-check.ts'
import { ChoiceBroken } from './stage-pass.ts'
import { OtherAcademicYear, stageOnce, type StageRequest } from './stage-once.ts'
import { refuseFields } from './refuse-fields.ts'
import { rememberChoice } from './remember-choice.ts'

export type StageRunDependencies = {
  readonly db: Kysely<Database>
  readonly getConnector: (id: string) => Connector
  /** The opened settings of a connection, as JSON. */
  readonly openSettings: (connection: {
    readonly id: string
    readonly keyId: string
    readonly settingsSealed: Buffer
  }) => unknown
  /** The day it is in a time zone, `YYYY-MM-DD`. */
  readonly today: (timeZone: string) => string
}

/** What the caller's surroundings give to one attempt: a heart that beats and a signal to stop. */
export type AttemptContext = {
  readonly signal: AbortSignal
  readonly heartbeat: (rowsRead: number) => void
}

/**
 * The streaming pass of a run: reads the archived input once, checks and maps it, and leaves behind the
 * staged rows, the findings, and what is known of the input. Everything an earlier attempt left is replaced.
 *
 * The first package of a connection may have to decide a column of the mapping (`firstComplete`): then each candidate
 * gets a pass of its own until one holds, and the choice is written down as the connection's next mapping version.
 *
 * Throws RollbookFailure INPUT_MISSING when the input is no longer kept, RUN_OVER of a run that has ended, STEP_REPLACED
 * when another attempt began meanwhile: then nothing was replaced.
 */
export async function stageRun(
  dependencies: StageRunDependencies,
  { districtId, runId }: RunRef,
  context: AttemptContext,
): Promise<StagedRun> {
  const { db } = dependencies
  const known = await withDistrict(db, districtId, async (trx) => {
    const fence = await claimStep(trx, runId)
    const run = await getRun(trx, runId)
    const connection = await findConnection(trx, run.connectionId)
    const mapping = run.mappingVersionId === null ? undefined : await findMappingVersion(trx, run.mappingVersionId)
    const orgs = await listSourceOrgs(trx, run.connectionId)
    const heldYear = await findAcademicYear(trx, run)
    const lastFiles = await findLastFiles(trx, run)
    const askedAt = run.inputFileId === null ? undefined : await findAskedAt(trx, run.inputFileId)
    const { timeZone } = await trx
      .selectFrom('districts')
      .select('timeZone')
      .where('id', '=', districtId)
      .executeTakeFirstOrThrow()
    const owners = run.isFieldImport ? await listFieldOwners(trx, run) : []
    return { fence, run, connection, mapping, owners, orgs, timeZone, heldYear, lastFiles, askedAt }
  })
  const { run, connection, mapping } = known
  if (connection === undefined || mapping === undefined) throw new Error(`run ${runId} was not opened`)
  if (run.inputFileId === null) throw new RollbookFailure('INPUT_MISSING')
  const input = await openInput(db, districtId, run.inputFileId)
  const connector = dependencies.getConnector(connection.connector)
  const request: SourceRequest = {
    db,
    fence: known.fence,
    run,
    dataType: getDataType(run.dataType),
    connector,
    connectionSettings: connector.settings.parse(dependencies.openSettings(connection)),
    settings: mapping.settings,
    input,
    heldOrgs: known.orgs,
    lastFiles: known.lastFiles,
    askedAt: known.askedAt,
    schoolsVersion: connection.schoolsVersion,
    heldYear: known.heldYear,
    today: dependencies.today(known.timeZone),
    context,
  }
  if (run.isFieldImport) {
    const refused = await refuseFields(request, mapping.document, known.owners)
    if (refused !== undefined) return refused
  }
  return stageWithChoice(request, mapping.document)
}

export type SourceRequest = Omit<
  StageRequest,
  'mapping' | 'chosenColumns' | 'fingerprint' | 'academicYear' | 'yearByDate' | 'isYearFound' | 'choice'
> & {
  /** That the records are of; undefined before the first import. */
  readonly heldYear: number | undefined
  readonly schoolsVersion: number
}

async function stageWithChoice(request: SourceRequest, document: MappingDocument): Promise<StagedRun> {
  const choice = findOpenChoice(document)
  if (choice === undefined) return stageDocument(request, document, undefined)
  for (const [at, column] of choice.columns.entries()) {
    const decided = decideFirstComplete(document, choice.field, column)
    const isLast = at === choice.columns.length - 1
    const spill = new FileSpill()
    const check = new ChoiceCheck(spill)
    try {
      const tried = isLast ? undefined : { column: column.slice(column.indexOf('.') + 1), check }
      const staged = await stageDocument(request, decided, tried)
      if (staged.isUsable) await rememberChoice(request.db, request.run, decided)
      return staged
    } catch (error) {
      if (!(error instanceof ChoiceBroken)) throw error
    } finally {
      spill.close()
    }
  }
  throw new Error('a choice has at least one column')
}

/**
 * Under the academic year of the records first; should the feed turn out to be of another, then once more under that, from
 * the beginning, because all class years were made by the other: once or twice a year, and when nearly every row is new.
 */
async function stageDocument(
  request: SourceRequest,
  document: MappingDocument,
  choice: StageRequest['choice'],
): Promise<StagedRun> {
  const { dataType, today, heldYear, settings, schoolsVersion } = request
  const mapping = compileMapping(dataType, document, request.connector.collections(dataType.name), today)
  const yearByDate = deriveAcademicYearEnd(today, document.academicYearTurnsOn)
  const pass = (academicYear: number, rest: Pick<StageRequest, 'isYearFound' | 'choice'>) =>
    stageOnce({
      ...request,
      ...rest,
      mapping,
      chosenColumns: listChosenColumns(document, request.connector.defaultMapping(dataType.name)),
      yearByDate,
      academicYear,
      fingerprint: fingerprintConfiguration({
        ...{ mapping: document, settings, academicYear, schoolsVersion },
        reading: request.connector.readingSettings?.(request.connectionSettings),
      }),
    })
  try {
    return await pass(heldYear ?? yearByDate, { isYearFound: false, choice })
  } catch (error) {
    if (!(error instanceof OtherAcademicYear)) throw error
    // A column that was tried as the id has stood the test by then.
    return pass(error.year, { isYearFound: true, choice: undefined })
  }
}
