import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Kysely } from 'kysely'
import { NamelessFile } from '../../connectors/kit/keys/nameless-file.ts'
import type { Connector, ExtractProgress, ExtractReport, ExtractRequest, RunInput } from '../../connectors/connector.ts'
import { deleteFindings, insertFindings } from '../../db/import/findings.ts'
import { noteSourceSchools } from '../../db/records/source-schools.ts'
import {
  updateRunBase,
  updateRunFindings,
  updateRunInput,
  updateRunProgress,
  updateRunStaging,
  type RunRow,
} from '../../db/import/runs.ts'
import { holdStep } from '../../db/import/step-fence.ts'
import { findHeldIdForms } from '../../db/staging/held-id-forms.ts'
import { readHeldDigests } from '../../db/staging/held-digests.ts'
import { createStagingSession, type StagingSession } from '../../db/staging/staging-session.ts'
import { withDistrict, type Database } from '../../db/database.ts'
import { collectGarbage } from '../../platform/collect-garbage.ts'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import type { Finding } from '../../domain/import-rules/finding.ts'
import { chooseAcademicYear, type AcademicYear } from '../../domain/mapping/academic-year.ts'
import type { CompiledCollection } from '../../domain/mapping/compile-mapping.ts'
import type { MappedColumn } from '../../domain/mapping/source-columns.ts'
import type { ImportSettings } from '../../domain/plan/import-settings.ts'
import { toStagedParts } from '../import/derive-staged-parts.ts'
import type { StagedRun } from '../interface.ts'
import { CopyTarget } from './copy-target.ts'
import { DigestSet } from './digest-set.ts'
import { FindingLog } from './finding-log.ts'
import { findLackingColumns } from './lacking-columns.ts'
import { ChoiceBroken, StagePass, type TriedChoice } from './stage-pass.ts'
import type { AttemptContext } from './stage-run.ts'

export type StageRequest = {
  readonly db: Kysely<Database>
  readonly run: RunRow
  /** Number of this attempt. */
  readonly fence: number
  readonly dataType: DataType
  readonly connector: Connector
  readonly connectionSettings: unknown
  readonly settings: ImportSettings
  readonly input: RunInput
  readonly heldOrgs: ExtractRequest<unknown>['heldOrgs']
  readonly lastFiles: Readonly<Record<string, string>> | undefined
  readonly askedAt: Date | undefined
  readonly today: string
  readonly mapping: readonly CompiledCollection[]
  /** The columns of the mapping that somebody chose: an input without one of them is refused. */
  readonly chosenColumns: readonly MappedColumn[]
  readonly fingerprint: string
  /** What the fingerprint is made with: the year of the records, or the one that an earlier pass has found. */
  readonly academicYear: number
  /** The year of the day, for where nobody is held. */
  readonly yearByDate: number
  /** An earlier pass has found the year: it is not asked again. */
  readonly isYearFound: boolean
  readonly choice: TriedChoice | undefined
  readonly context: AttemptContext
}

const progressEveryMs = 1_000
/** From here on what an earlier run or the reading of digests left behind is worth a tenth of a second. */
const largeBytes = 16 << 20
const largeCount = 500_000

/** Changes of records that were never brought in would leave a district with a handful of its people. */
const deltaWithoutBase: Finding = {
  rule: 'D-07',
  severity: 'block',
  message:
    'The input carries changes only (delta), and nothing was imported before it; import a full (bulk) one first.',
}

/** Thrown out of a pass whose rows turn out to be of another academic year than the records: it begins anew with that. */
export class OtherAcademicYear extends Error {
  override readonly name = 'OtherAcademicYear'
  readonly year: number

  constructor(year: number) {
    super(`the feed is of the academic year ${year}`)
    this.year = year
  }
}

/**
 * One pass under one mapping. Throws ChoiceBroken when the column tried as id is none, and OtherAcademicYear when the
 * feed has turned over since the records were brought in step.
 */
export async function stageOnce(request: StageRequest): Promise<StagedRun> {
  const keyFile = new NamelessFile()
  try {
    return await stageBeside(request, keyFile)
  } finally {
    keyFile.close()
  }
}

/** `keyFile` takes keys and digests where they are too many for the memory. */
async function stageBeside(request: StageRequest, keyFile: NamelessFile): Promise<StagedRun> {
  const { db, run, dataType, mapping, fingerprint, academicYear } = request
  const findings = await startFindings(request)
  if (request.input.sizeBytes > largeBytes) collectGarbage()
  const held = await readHeld(request, keyFile)
  if (held.count > largeCount) collectGarbage()
  await inDistrict(request, async (trx) => {
    await updateRunInput(trx, run.id, { mappingFingerprint: fingerprint, academicYear })
    await updateRunBase(trx, run.id, held)
  })

  const session = await createStagingSession(db, {
    districtId: run.districtId,
    runId: run.id,
    fence: request.fence,
    dataType,
    parts: toStagedParts(mapping),
    yearFields: mapping.flatMap(listYearFields),
  })
  try {
    const target = new CopyTarget(session, dataType.schoolField, {
      bringsFields: findPrimary(request)?.match !== undefined,
    })
    const pass = new StagePass({
      dataType,
      mapping: keepStagedFields(mapping, session),
      held: held.digests,
      keyFile,
      target,
      findings,
      choice: request.choice,
      finds: request.connector.finds ?? [],
      tellsPassedOver: !request.settings.onlyMappedRolesInLog,
      onProgress: reportProgress(request),
    })
    const told = await request.connector.extract(
      {
        settings: request.connectionSettings,
        dataType: dataType.name,
        input: request.input,
        columns: Object.fromEntries(mapping.map(({ name, columns }) => [name, columns])),
        match: await findMatch(request),
        ownCodes: Object.fromEntries(mapping.map(({ name, ownCodes }) => [name, ownCodes])),
        heldOrgs: request.heldOrgs,
        lastFiles: request.lastFiles,
        askedAt: request.askedAt,
        today: request.today,
        signal: request.context.signal,
      },
      pass,
    )
    const report = refuseWithoutColumns(addFound(told, pass), request, pass)
    await pass.drain({
      collection: findPrimary(request)?.name ?? '',
      bytesRead: request.input.sizeBytes,
      rowsRead: report.rowsRead,
    })
    await target.end()
    if (request.choice?.check.isBroken() === true) throw new ChoiceBroken()
    const isBaseless = report.isDelta && held.rosterVersion === 0
    if (isBaseless) findings.add(deltaWithoutBase)
    const isUsable = report.isUsable && !isBaseless
    const stagedCount = isUsable ? await finishSession(request, { session, target, pass, report }, held.digests) : 0
    await findings.flush()
    await storeFacts(request, findings, pass, report)
    return { isUsable, rowsRead: report.rowsRead, stagedCount, findings: findings.totals }
  } finally {
    session.close()
  }
}

/** Of rows that bring fields alone: by what they find their records, and what the ids there look like. */
async function findMatch(request: StageRequest) {
  const { run, dataType } = request
  const match = findPrimary(request)?.match
  if (match === undefined) return undefined
  const of = { districtId: run.districtId, dataType, field: match.field }
  return { column: match.column, heldForms: await inDistrict(request, (trx) => findHeldIdForms(trx, of)) }
}

/** What the pass has found, where the connector leaves it to the pass. */
function addFound(report: ExtractReport, pass: StagePass): ExtractReport {
  return {
    ...report,
    isComplete: report.isComplete && pass.everyRecordHasKey,
    contestedKeys: Object.fromEntries(
      pass.collections.map((name) => [name, [...(report.contestedKeys[name] ?? []), ...pass.contestedIn(name)]]),
    ),
  }
}

/** Nothing of an input without a column that somebody mapped: every record would lose the field without a word. */
function refuseWithoutColumns(report: ExtractReport, { chosenColumns }: StageRequest, pass: StagePass): ExtractReport {
  // Of an input that cannot be read the header may not have been found.
  if (!report.isUsable) return report
  const lacking = findLackingColumns(chosenColumns, report.missingColumns ?? [])
  for (const { finding } of lacking) pass.finding(finding)
  const [first] = lacking
  return first === undefined ? report : { ...report, isUsable: false, refusal: first.reason }
}

async function startFindings(request: StageRequest): Promise<FindingLog> {
  const { districtId, id: runId } = request.run
  await inDistrict(request, (trx) => deleteFindings(trx, { runId, step: 'stage' }))
  return new FindingLog((batch, firstSeq) =>
    inDistrict(request, (trx) => insertFindings(trx, { districtId, runId, step: 'stage', firstSeq, findings: batch })),
  )
}

async function readHeld({ db, run, dataType, mapping, fingerprint }: StageRequest, file: NamelessFile) {
  const [primary, supplement] = [findPrimary({ mapping }), findSupplement({ mapping })]
  const digests = new Map<string, DigestSet>()
  const primarySet = new DigestSet(file)
  const supplementSet = new DigestSet(file)
  const base = await readHeldDigests(
    db,
    { districtId: run.districtId, dataType, connectionId: run.connectionId, mappingFingerprint: fingerprint },
    (hi, lo, hasSupplement, supplementHi, supplementLo) => {
      primarySet.add(hi, lo)
      if (hasSupplement) supplementSet.add(supplementHi, supplementLo)
    },
  )
  if (primary !== undefined) digests.set(primary.name, primarySet)
  if (supplement !== undefined) digests.set(supplement.name, supplementSet)
  return { ...base, digests, count: primarySet.size }
}

type StagedPass = {
  readonly session: StagingSession
  readonly target: CopyTarget
  readonly pass: StagePass
  readonly report: ExtractReport
}

/** Schools first, because staged rows point to ours through them; then the join of what was copied. */
async function finishSession(
  request: StageRequest,
  { session, target, pass, report }: StagedPass,
  held: ReadonlyMap<string, DigestSet>,
): Promise<number> {
  const { districtId, connectionId, id: runId } = request.run
  const isComplete = report.isComplete && !report.isDelta
  await inDistrict(request, (trx) =>
    noteSourceSchools(trx, { districtId, connectionId, runId, orgs: pass.orgs, isComplete }),
  )
  const [primary = '', supplement = ''] = [findPrimary(request)?.name, findSupplement(request)?.name]
  await session.dropPrimaryRows(target.droppedLines)
  await session.addContestedKeys(report.contestedKeys[primary] ?? [])
  await session.dropSupplementRows(report.contestedKeys[supplement] ?? [])
  await session.doubtItems(report.contestedLines ?? [])
  if (report.isComplete) {
    await pipeline(Readable.from(unseenLines(held.get(primary)), { objectMode: false }), session.openUnseenCopy())
  }
  const isWhole = report.isComplete && report.isGatheredComplete === true
  const { stagedCount, overLimit } = await session.finish({
    academicYear: await findFeedYear(request, session, report),
    wholeGathering: isWhole ? { connectionId, mappingFingerprint: request.fingerprint } : undefined,
    mostOfEach: { coTeacherClasses: request.settings.coTeacherClasses },
  })
  for (const { field, sourceKey } of overLimit) pass.finding(describeOverLimit(request, field, sourceKey))
  return stagedCount
}

function describeOverLimit({ settings }: StageRequest, field: string, sourcedId: string): Finding {
  return {
    rule: 'I-16',
    severity: 'warning',
    column: field,
    sourcedId,
    message: `one of those who come second here has ${settings.coTeacherClasses} others already and is left out. Raise the limit (coTeacherClasses) if that is meant.`,
  }
}

function findPrimary({ mapping }: Pick<StageRequest, 'mapping'>): CompiledCollection | undefined {
  return mapping.find(({ kind }) => kind === 'records')
}

function findSupplement({ mapping }: Pick<StageRequest, 'mapping'>): CompiledCollection | undefined {
  return mapping.find(({ kind }) => kind === 'fields')
}

/** Nothing to find where no class year is made of a grade. */
async function findFeedYear(
  request: StageRequest,
  session: StagingSession,
  { isComplete }: ExtractReport,
): Promise<AcademicYear | undefined> {
  const { run, mapping, fingerprint, academicYear: inForce, yearByDate: byDate, isYearFound } = request
  if (!mapping.some((collection) => listYearFields(collection).length > 0)) return undefined
  const { connectionId } = run
  const source = { connectionId, mappingFingerprint: fingerprint, isComplete, inForce, byDate }
  const found = chooseAcademicYear(await session.readYearVotes(source), { inForce, byDate })
  if (found.year === inForce) return found
  if (!isYearFound) throw new OtherAcademicYear(found.year)
  return { year: inForce, schools: [] }
}

function listYearFields({ fields }: CompiledCollection): string[] {
  return fields.filter((field) => field.countsFromAcademicYear === true).map(({ name }) => name)
}

function* unseenLines(digests: DigestSet | undefined): Generator<Buffer> {
  let block = ''
  for (const digest of digests?.listUnseen() ?? []) {
    block += `${digest}\n`
    if (block.length > 65_536) {
      yield Buffer.from(block)
      block = ''
    }
  }
  if (block !== '') yield Buffer.from(block)
}

async function storeFacts(
  request: StageRequest,
  findings: FindingLog,
  pass: StagePass,
  report: ExtractReport,
): Promise<void> {
  await inDistrict(request, async (trx) => {
    await updateRunFindings(trx, request.run.id, { totals: findings.totals, byRule: findings.byRule })
    await updateRunStaging(trx, request.run.id, {
      isComplete: report.isComplete,
      isDelta: report.isDelta,
      ...(report.isDelta && request.askedAt !== undefined && { isChosenDelta: true }),
      rowsRead: report.rowsRead,
      // The later row of a contested key was refused when it came; the first one is only now.
      rejectedCount: pass.rejectedCount + (report.contestedKeys[findPrimary(request)?.name ?? '']?.length ?? 0),
      comparedDigests: true,
      readOn: request.today,
      ...(pass.recordsFile === undefined ? {} : { recordsFile: pass.recordsFile }),
      ...(report.format !== undefined && { format: report.format }),
      ...(report.files !== undefined && { files: report.files }),
      ...(report.newestChange !== undefined && { newestChange: report.newestChange }),
      ...(report.refusal !== undefined && { refusal: report.refusal }),
    })
  })
}

/** Beats the heart at every block, and writes down the progress once a second. */
function reportProgress(request: StageRequest): (progress: ExtractProgress) => Promise<void> {
  const started = Date.now()
  let written = started
  return async ({ collection, bytesRead, rowsRead }) => {
    request.context.signal.throwIfAborted()
    request.context.heartbeat(rowsRead)
    const now = Date.now()
    if (now - written < progressEveryMs) return
    written = now
    const seconds = (now - started) / 1000
    const rowsPerSecond = Math.round(rowsRead / seconds)
    await inDistrict(request, (trx) =>
      updateRunProgress(trx, request.run.id, { stage: 'reading', collection, rowsRead, rowsPerSecond, bytesRead }),
    )
  }
}

/** As long as this is the newest attempt: whatever it writes is checked for that, in the transaction that writes. */
function inDistrict<Result>(
  { db, run, fence }: StageRequest,
  fn: Parameters<typeof withDistrict<Result>>[2],
): Promise<Result> {
  return withDistrict(db, run.districtId, async (trx) => {
    await holdStep(trx, run.id, fence)
    return fn(trx)
  })
}

/** The fields that the session has a column for: the source's key is staged once, as the key of the row. */
function keepStagedFields(mapping: readonly CompiledCollection[], session: StagingSession): CompiledCollection[] {
  const columnsOf = {
    records: session.primaryColumns,
    fields: session.supplementColumns,
    gathered: session.gatheredColumns,
  } as const
  return mapping.map((collection) => {
    const columns = columnsOf[collection.kind]
    return {
      ...collection,
      fields: collection.fields.filter(({ name }) => columns.some(({ field }) => field === name)),
    }
  })
}
