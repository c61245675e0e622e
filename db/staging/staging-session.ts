import type { Writable } from 'node:stream'
import type { Kysely } from 'kysely'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { columnOf, getField, type DataType } from '../../domain/data-types/define-data-type.ts'
import { RollbookFailure } from '../../domain/errors.ts'
import { borrowClient, type Database } from '../database.ts'
import { findStatementTimeout } from '../statement-limits.ts'
import { deriveRunLock } from '../import/lock-run-rows.ts'
import { isUndecided, type AcademicYear, type YearVote } from '../../domain/mapping/academic-year.ts'
import { fewRows } from '../fields/find-references-sql.ts'
import { buildFinishSql, type FinishedColumns } from './finish-sql.ts'
import { buildDistinctItemsSql, buildFoldNothingSql, buildFoldSql, buildLimitItemsSql } from './fold-gathered-sql.ts'
import { quoteName } from '../fields/field-sql.ts'
import { itemMark, listStagedColumns, stagedKind, type StagedColumn, type StagedParts } from './staged-parts.ts'
import { readSilentVotes, readStagedVotes, type SilentRequest } from './year-votes.ts'

export type StagingRequest = {
  readonly districtId: string
  readonly runId: string
  /** Number of this attempt at staging the run (db/import/step-fence.ts). */
  readonly fence: number
  readonly dataType: DataType
  readonly parts: StagedParts
  /** Fields whose values come as a number of years from the academic year; none unless told. */
  readonly yearFields?: readonly string[]
}

/**
 * Where one run's rows go while the input is read: temporary tables of one connection, filled by COPY, because COPY is
 * closed to tables with row-level security. Each `open…Copy` takes lines in COPY's text format (tab between columns,
 * `\N` for null, backslash escapes) and must be ended before the next one is opened:
 *
 * - primary: `line, kind, source_key, digest`, the fields of `primaryColumns`, `custom_fields` as a JSON object, and
 *   `modified_at`, when the source changed the row;
 * - supplement: `line, source_key, digest`, the fields of `supplementColumns`, `custom_fields` and `modified_at`;
 * - gathered: `line, source_key, field, item, mark`: one item of the list that the field at this place of `gatheredColumns`
 *   becomes in the record of this key, and its `itemMark`;
 * - unseen: `primary_digest`, those held digests that the input did not show.
 *
 * `kind` is one of `stagedKind`; a record without a key of its own has `\N` for source_key; a digest is a signed
 * 64-bit number; a list is an array literal (`{"a","b"}`); an org is its source key; `custom_fields` is `\N` when
 * the part has none. A value that is not of its column's type fails the COPY.
 */
export type StagingSession = {
  readonly primaryColumns: readonly StagedColumn[]
  readonly supplementColumns: readonly StagedColumn[]
  readonly gatheredColumns: readonly StagedColumn[]
  openPrimaryCopy(): Writable
  openSupplementCopy(): Writable
  openGatheredCopy(): Writable
  openUnseenCopy(): Writable
  /** Takes rows of the primary collection back by their lines. */
  dropPrimaryRows(lines: readonly number[]): Promise<void>
  /** Keys that turned out to stand for two records: their rows become `contested`, which counts as seen. */
  addContestedKeys(keys: readonly string[]): Promise<void>
  /** Takes rows of the supplement back: which of two differing ones is right cannot be known. */
  dropSupplementRows(keys: readonly string[]): Promise<void>
  /** Lines of which it turned out that nothing follows from them: what was gathered there becomes uncertain. */
  doubtItems(lines: readonly number[]): Promise<void>
  /** What the copied rows, and those that needed no copy, say of the academic year; when all is copied and the orgs are held. */
  readYearVotes(source: VoteSource): Promise<readonly YearVote[]>
  /**
   * Joins what was copied into the staged rows of the run, after deleting those of an earlier attempt; the orgs must
   * be held by then. Ends the session's transaction, so it works once. Returns how many rows are staged. Throws
   * RollbookFailure STEP_REPLACED, with nothing replaced, when another attempt at staging the run has begun.
   */
  finish(request?: FinishRequest): Promise<FinishedStaging>
  /** Ends the connection, and with it the temporary tables. Always call it; safe to call twice. */
  close(): void
}

export type FinishRequest = {
  readonly academicYear?: AcademicYear | undefined
  /** All that there is to gather was gathered, of the records of this source; absent where it may be a part. */
  readonly wholeGathering?: { readonly connectionId: string; readonly mappingFingerprint: string } | undefined
  /** By the fields that have a limit (`mostOfEach`), of how many records each item may be. */
  readonly mostOfEach?: Readonly<Record<string, number>> | undefined
}

export type FinishedStaging = {
  readonly stagedCount: number
  /** Records that were left without an item because it is of more records than it may be; by their source keys. */
  readonly overLimit: readonly { readonly field: string; readonly sourceKey: string }[]
}

/** Where the votes on the academic year come from; `byDate` is the year of the day. */
export type VoteSource = Pick<SilentRequest, 'connectionId' | 'mappingFingerprint' | 'isComplete' | 'inForce'> & {
  readonly byDate: number
}

export async function createStagingSession(db: Kysely<Database>, request: StagingRequest): Promise<StagingSession> {
  const { dataType, parts, yearFields = [] } = request
  const primaryColumns = listStagedColumns(dataType, parts.primary)
  const supplementColumns = parts.supplement === null ? [] : listStagedColumns(dataType, parts.supplement)
  const gatheredColumns = parts.gathered === null ? [] : listStagedColumns(dataType, parts.gathered)
  const client = await borrowClient(db)
  let isOpen = true
  const close = () => {
    if (isOpen) client.release(true)
    isOpen = false
  }
  try {
    // One transaction from here to the end of finish: COPY may then write rows that count as frozen, and the join that
    // reads them need not mark every page once more.
    await client.query(enlargeTempBuffers)
    await client.query(`begin; set local work_mem = '256MB'`)
    await client.query('set local idle_in_transaction_session_timeout = 0')
    await client.query(`
      create temp sequence staging_seq as integer cache 1000;
      create temp table staging_primary (seq integer not null default nextval('staging_seq'),
        line integer, kind smallint, source_key text collate "C", digest bigint${defineColumns(primaryColumns)});
      create temp table staging_supplement (seq integer not null default nextval('staging_seq'),
        line integer, source_key text collate "C", digest bigint${defineColumns(supplementColumns)});
      create temp table staging_gathered (line integer, source_key text collate "C", field smallint, item text, mark smallint);
      create temp table staging_unseen (primary_digest bigint)`)
  } catch (error) {
    close()
    throw error
  }
  const openCopy = (table: string, columns: readonly string[]): Writable =>
    client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin (freeze)`))
  const dropSupplementRows = async (keys: readonly string[]) => {
    if (keys.length === 0) return
    await client.query('delete from staging_supplement where source_key = any ($1::text[])', [keys])
  }
  return {
    primaryColumns,
    supplementColumns,
    gatheredColumns,
    openPrimaryCopy: () =>
      openCopy('staging_primary', ['line', 'kind', 'source_key', 'digest', ...listCopiedColumns(primaryColumns)]),
    openSupplementCopy: () =>
      openCopy('staging_supplement', ['line', 'source_key', 'digest', ...listCopiedColumns(supplementColumns)]),
    openGatheredCopy: () => openCopy('staging_gathered', ['line', 'source_key', 'field', 'item', 'mark']),
    openUnseenCopy: () => openCopy('staging_unseen', ['primary_digest']),
    async dropPrimaryRows(lines) {
      if (lines.length === 0) return
      await client.query('delete from staging_primary where line = any ($1::integer[])', [lines])
    },
    async addContestedKeys(keys) {
      if (keys.length === 0) return
      await client.query('update staging_primary set kind = $2 where source_key = any ($1::text[])', [
        keys,
        stagedKind.contested,
      ])
      await dropSupplementRows(keys)
    },
    dropSupplementRows,
    async doubtItems(lines) {
      if (lines.length === 0) return
      await client.query('update staging_gathered set mark = $2 where line = any ($1::integer[])', [
        lines,
        itemMark.uncertain,
      ])
    },
    readYearVotes: (source) => readYearVotes(client, request, { ...source, primaryColumns }),
    finish: (wanted = {}) =>
      finishStaging(client, request, { primaryColumns, supplementColumns, gatheredColumns, yearFields }, wanted),
    close,
  }
}

/** A connection that had temporary tables before keeps the buffers that it made for them, which are enough if slower. */
const enlargeTempBuffers = `
  do $$ begin set temp_buffers = '64MB'; exception when invalid_parameter_value then null; end $$`

function defineColumns(columns: readonly StagedColumn[]): string {
  const fields = columns.map(({ column, type }) => `, ${quoteName(`f_${column}`)} ${type}`)
  return `${fields.join('')}, custom_fields jsonb, modified_at timestamptz`
}

function listCopiedColumns(columns: readonly StagedColumn[]): string[] {
  return [...columns.map(({ column }) => quoteName(`f_${column}`)), 'custom_fields', 'modified_at']
}

async function finishStaging(
  client: pg.PoolClient,
  { districtId, runId, fence, dataType }: StagingRequest,
  columns: FinishedColumns,
  { academicYear, wholeGathering, mostOfEach = {} }: FinishRequest,
): Promise<FinishedStaging> {
  const staged = quoteName(dataType.stagedTable)
  try {
    await beginStatements(client, districtId)
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [deriveRunLock(runId)])
    await client.query(`delete from ${staged} where run_id = $1`, [runId])
    await client.query('delete from staged_unseen where run_id = $1', [runId])
    const overLimit = columns.gatheredColumns.length === 0 ? [] : await foldGathered()
    const { rows } = await client.query<{ isFew: boolean }>(
      `select count(*) <= ${fewRows} as "isFew" from (select from staging_primary limit ${fewRows + 1}) copied`,
    )
    const facts = { academicYear, isFew: rows[0]?.isFew ?? true, isGatheredWhole: wholeGathering !== undefined }
    const { rowCount } = await client.query(buildFinishSql(dataType, columns, facts), [districtId, runId])
    await client.query('insert into staged_unseen select $1::uuid, $2::uuid, primary_digest from staging_unseen', [
      districtId,
      runId,
    ])
    // The planner must know that the newest run has a million rows, or twenty.
    await client.query(
      `analyze ${staged} (${['district_id', 'run_id', 'seq', 'kind', ...dataType.matchKeys.map(columnOf)].map(quoteName).join(', ')})`,
    )
    await holdAttempt(client, runId, fence)
    await client.query('commit')
    return { stagedCount: rowCount ?? 0, overLimit }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }

  async function foldGathered(): Promise<FinishedStaging['overLimit']> {
    const { gatheredColumns } = columns
    const left: { field: string; sourceKey: string }[] = []
    await client.query(buildDistinctItemsSql())
    for (const [at, { field }] of gatheredColumns.entries()) {
      const limit = getField(dataType, field).mostOfEach
      const most = limit === undefined ? undefined : mostOfEach[limit]
      if (most === undefined) continue
      const { rows } = await client.query<{ sourceKey: string }>(buildLimitItemsSql(at, most))
      left.push(...rows.map(({ sourceKey }) => ({ field, sourceKey })))
    }
    await client.query(buildFoldSql(gatheredColumns))
    if (wholeGathering !== undefined) {
      const { connectionId, mappingFingerprint } = wholeGathering
      await client.query(buildFoldNothingSql(dataType), [districtId, connectionId, mappingFingerprint])
    }
    return left
  }
}

/** From here on statements see the district, and have a time limit; COPY has none, because it waits for the source. */
async function beginStatements(client: pg.PoolClient, districtId: string): Promise<void> {
  await client.query(
    `select set_config('rollbook.district_id', $1, true),
       set_config('statement_timeout', coalesce($2, current_setting('statement_timeout')), true)`,
    [districtId, findStatementTimeout()?.toString() ?? null],
  )
}

/** As holdStep does, at the last moment before what was staged takes the place of what was there. */
async function holdAttempt(client: pg.PoolClient, runId: string, fence: number): Promise<void> {
  const held = await client.query('select from import_runs where id = $1 and step_fence = $2 for no key update', [
    runId,
    fence,
  ])
  if (held.rowCount === 0) throw new RollbookFailure('STEP_REPLACED')
}

/** Those that did not change are counted only where they might decide: that reads every record. */
async function readYearVotes(
  client: pg.PoolClient,
  { districtId, dataType, yearFields = [] }: StagingRequest,
  { byDate, ...source }: VoteSource & { readonly primaryColumns: readonly StagedColumn[] },
): Promise<readonly YearVote[]> {
  const field = yearFields.find((name) => source.primaryColumns.some((column) => column.field === name))
  if (field === undefined) return []
  await beginStatements(client, districtId)
  const request = { ...source, districtId, dataType, field }
  const staged = await readStagedVotes(client, request)
  const mayDiffer = staged.length === 0 ? source.inForce !== byDate : isUndecided(staged, source.inForce)
  return mayDiffer ? [...staged, ...(await readSilentVotes(client, request))] : staged
}
