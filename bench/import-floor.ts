import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import pg from 'pg'
import yauzl from 'yauzl'

const members = ['orgs', 'users', 'demographics'] as const

/**
 * What PostgreSQL itself needs for the same file: the members streamed out of the ZIP
 * straight into COPY on unlogged tables of text, then one INSERT … SELECT into a table with the columns and indexes
 * of the records; for a re-sync the COPY and one anti-join per direction. No checks, no plan, no journal.
 */
export class ImportFloor {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async connect(ownerUrl: string): Promise<ImportFloor> {
    const client = new pg.Client({ connectionString: ownerUrl })
    await client.connect()
    // The same memory for the large steps as the import's own have.
    await client.query(`set work_mem = '256MB'`)
    await client.query('create schema if not exists floor')
    await client.query('drop table if exists floor.students')
    await client.query('create table floor.students (like public.students including defaults including indexes)')
    return new ImportFloor(client)
  }

  async close(): Promise<void> {
    await this.#client.query('drop schema if exists floor cascade')
    await this.#client.end()
  }

  /** Seconds for COPY and INSERT … SELECT into the empty table. */
  async fresh(packagePath: string): Promise<number> {
    const started = performance.now()
    await this.#copyMembers(packagePath)
    await this.#client.query(`
      insert into floor.students (
        district_id, sis_id, source_key, username, federated_id, given_name, middle_name, family_name, birth_date, sex,
        ethnicity, race, email, phone, school_id, grade_level, class_year, status, primary_digest, supplement_digest)
      select '00000000-0000-0000-0000-000000000001'::uuid, u."identifier", u."sourcedId", u."username", u."userIds",
        u."givenName", u."middleName", u."familyName", d."birthDate"::date, d."sex",
        case d."hispanicOrLatinoEthnicity" when 'true' then 'hispanicOrLatino' end,
        case when d."white" = 'true' then array['white'] when d."asian" = 'true' then array['asian'] end,
        u."email", u."phone", md5(u."orgSourcedIds")::uuid, u."grades", 2030, 'active',
        hashtextextended(u."sourcedId", 1), hashtextextended(u."sourcedId", 2)
      from floor.users u left join floor.demographics d on d."sourcedId" = u."sourcedId"`)
    return (performance.now() - started) / 1000
  }

  /** Seconds for COPY and the two anti-joins against the table that `fresh` filled. */
  async resync(packagePath: string): Promise<number> {
    const started = performance.now()
    await this.#copyMembers(packagePath)
    await this.#client.query(`
      select count(*) from floor.users u
      where not exists (select 1 from floor.students s where s.source_key = u."sourcedId")`)
    await this.#client.query(`
      select count(*) from floor.students s
      where not exists (select 1 from floor.users u where u."sourcedId" = s.source_key)`)
    return (performance.now() - started) / 1000
  }

  async #copyMembers(packagePath: string): Promise<void> {
    for (const member of members) {
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
