import type { Kysely } from 'kysely'
import type { DataType } from '../../domain/data-types/define-data-type.ts'
import { nullLength, readBinaryRows } from '../fields/binary-copy.ts'
import { borrowClient, type Database } from '../database.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { quoteName } from '../fields/field-sql.ts'
import { buildCountBatchesSql } from '../import/count-batches.ts'

export type HeldDigestsRequest = {
  readonly districtId: string
  readonly dataType: DataType
  readonly connectionId: string
  readonly mappingFingerprint: string
}

/** All three belong into the run (updateRunBase): buildPlan and applyPlan rely on them. */
export type HeldDigests = {
  readonly rosterVersion: number
  readonly rosterBatches: number
  readonly heldSnapshot: string
}

/**
 * Reads the digests of the active records that came in by this connection under this mapping: a row of the input with
 * the same digest needs no staging. `receive` gets the four unsigned halves of each record, the supplement's being
 * zero when it has none (`hasSupplement` false). All from one snapshot.
 */
export async function readHeldDigests(
  db: Kysely<Database>,
  request: HeldDigestsRequest,
  receive: (hi: number, lo: number, hasSupplement: boolean, supplementHi: number, supplementLo: number) => void,
): Promise<HeldDigests> {
  const { districtId, dataType, connectionId, mappingFingerprint } = request
  const rows = `from ${quoteName(dataType.table)}
    where district_id = ${quoteLiteral(districtId)}::uuid and status = 'active' and primary_digest is not null
      and connection_id = ${quoteLiteral(connectionId)}::uuid
      and mapping_fingerprint = ${quoteLiteral(mappingFingerprint)}::bigint`
  const client = await borrowClient(db)
  let isDone = false
  try {
    await client.query('begin transaction isolation level repeatable read, read only')
    await client.query(`select set_config('rollbook.district_id', $1, true)`, [districtId])
    const { rows: facts } = await client.query<{ version: number; batches: number; snapshot: string }>(
      `select coalesce(version, 0) as version, batches, pg_current_snapshot()::text as snapshot
       from (select) as one left join dataset_versions on district_id = $1 and data_type = $2
       cross join lateral (select ${buildCountBatchesSql('last_run_id')} as batches) as done`,
      [districtId, dataType.name],
    )
    const [fact] = facts
    if (fact === undefined) throw new Error('a select without a table gives one row')
    await readBinaryRows(
      client,
      `select primary_digest, supplement_digest ${rows}`,
      2,
      ({ bytes, starts, lengths }) => {
        const primary = starts[0] as number // both columns are there: the reader looks
        const supplement = starts[1] as number
        const hasSupplement = lengths[1] !== nullLength
        receive(
          bytes.readUInt32BE(primary),
          bytes.readUInt32BE(primary + 4),
          hasSupplement,
          hasSupplement ? bytes.readUInt32BE(supplement) : 0,
          hasSupplement ? bytes.readUInt32BE(supplement + 4) : 0,
        )
      },
    )
    await client.query('commit')
    isDone = true
    return { rosterVersion: fact.version, rosterBatches: fact.batches, heldSnapshot: fact.snapshot }
  } finally {
    // A connection that stopped half-way through a COPY is of no use to the next borrower.
    client.release(!isDone)
  }
}
