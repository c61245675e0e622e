import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import pg from 'pg'
import yauzl from 'yauzl'
import type { Floor } from './floors.ts'

/**
 * What PostgreSQL itself needs for the same file: the members streamed out of the ZIP
 * straight into COPY on unlogged tables of text, then one INSERT … SELECT into a table with the columns and indexes
 * of the records; for a re-sync the COPY and one anti-join per direction. No checks, no plan, no journal.
 */
export class ImportFloor {
  readonly #client: pg.Client
  readonly #floor: Floor

  private constructor(client: pg.Client, floor: Floor) {
    this.#client = client
    this.#floor = floor
  }

  static async connect(ownerUrl: string, floor: Floor): Promise<ImportFloor> {
    const client = new pg.Client({ connectionString: ownerUrl })
    await client.connect()
    // The same memory for the large steps as the import's own have.
    await client.query(`set work_mem = '256MB'`)
    await client.query('create schema if not exists floor')
    await client.query(`create table floor.held (like public.${floor.table} including defaults including indexes)`)
    return new ImportFloor(client, floor)
  }

  async close(): Promise<void> {
    await this.#client.query('drop schema if exists floor cascade')
    await this.#client.end()
  }

  /** Seconds for COPY and INSERT … SELECT into the empty table. */
  async fresh(packagePath: string): Promise<number> {
    const started = performance.now()
    await this.#copyMembers(packagePath)
    await this.#client.query(`insert into floor.held (${this.#floor.columns}) ${this.#floor.select}`)
    return (performance.now() - started) / 1000
  }

  /** Seconds for COPY and the two anti-joins against the table that `fresh` filled. */
  async resync(packagePath: string): Promise<number> {
    const started = performance.now()
    await this.#copyMembers(packagePath)
    await this.#client.query(`
      select count(*) from floor.${this.#floor.rows} r
      where not exists (select 1 from floor.held h where h.source_key = r."sourcedId")`)
    await this.#client.query(`
      select count(*) from floor.held h
      where not exists (select 1 from floor.${this.#floor.rows} r where r."sourcedId" = h.source_key)`)
    return (performance.now() - started) / 1000
  }

  /** How many rows the file has that was copied last. */
  async countRows(): Promise<number> {
    const counted = await this.#client.query<{ count: string }>(`select count(*) from floor.${this.#floor.rows}`)
    return Number(counted.rows[0]?.count)
  }

  async #copyMembers(packagePath: string): Promise<void> {
    for (const member of this.#floor.members) {
      const { header, content } = await openMember(packagePath, `${member}.csv`)
      const columns = header.split(',').map((column) => `${pg.escapeIdentifier(column)} text`)
      await this.#client.query(`drop table if exists floor.${member}`)
      await this.#client.query(`create unlogged table floor.${member} (${columns.join(', ')})`)
      const copy = this.#client.query(copyFrom(`copy floor.${member} from stdin (format csv, header)`))
      await pipeline(content, copy)
    }
  }
}

/** The header line of a member, and the member from its beginning. */
async function openMember(
  packagePath: string,
  name: string,
): Promise<{ header: string; content: NodeJS.ReadableStream }> {
  const first = await streamMember(packagePath, name)
  let head = ''
  for await (const piece of first) {
    head += String(piece)
    if (head.includes('\n')) break
  }
  return { header: (head.split('\n')[0] ?? '').trim(), content: await streamMember(packagePath, name) }
}

async function streamMember(packagePath: string, name: string): Promise<NodeJS.ReadableStream> {
  const archive = await yauzl.openPromise(packagePath)
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName === name) return archive.openReadStreamPromise(entry)
  }
  throw new Error(`${name} is not in ${packagePath}`)
}
