import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import type pg from 'pg'
import type { RunDocument } from '../../api/contract/run.ts'
import type { PackageRequest } from '../../simulators/oneroster-package/make-package.ts'
import { makePackage } from '../../simulators/oneroster-package/make-package.ts'
import { writeDistrict, type DistrictPackageRequest } from '../../simulators/oneroster-package/write-district.ts'
import { withClient } from '../../stack/postgres/postgres.ts'
import type { Stack } from '../../stack/stack.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'
import { runCommand, type Ended } from '../cli/run-command.ts'

export type ImportEnd = { readonly exitCode: number | null; readonly run: RunDocument; readonly stderr: string }

/** How each run of a set ended, in their order. */
export type SetEnd = {
  readonly exitCode: number | null
  readonly runs: readonly (
    RunDocument | { readonly dataType: string; readonly state: 'notStarted'; readonly reason: string }
  )[]
}

/** A record as `records --csv` prints it, by column. */
export type PrintedRecord = Readonly<Record<string, string>>

/** One district of a real stack, used as its operator would: by commands, and by looking into the database. */
export class DistrictOnStack {
  readonly slug: string
  readonly id: string
  readonly #stack: Stack
  #files = 0

  private constructor(stack: Stack, slug: string, id: string) {
    this.#stack = stack
    this.slug = slug
    this.id = id
  }

  static async create(stack: Stack, slug: string): Promise<DistrictOnStack> {
    const district = await post(stack, '/api/districts', { slug, name: `District ${slug}` })
    return new DistrictOnStack(stack, slug, district.id)
  }

  command(...args: string[]): Promise<Ended> {
    return runCommand(args, { env: { ...this.#stack.environment } })
  }

  /** Writes a package where the command can read it. */
  writePackage(content: Buffer): string {
    const file = join(packages.path, `${this.slug}-${(this.#files += 1)}.zip`)
    writeFileSync(file, content)
    return file
  }

  /** `rollbook import` to its end. */
  async import(content: Buffer, ...flags: string[]): Promise<ImportEnd> {
    const file = this.writePackage(content)
    return toEnd(
      await this.command('import', file, '--district', this.slug, '--data-type', 'students', '--json', ...flags),
    )
  }

  /** `rollbook import` of every data type, to the end of the last. */
  async importAll(content: Buffer, ...flags: string[]): Promise<SetEnd> {
    const all = ['--district', this.slug, '--data-type', 'all', '--json', ...flags]
    const { exitCode, stdout, stderr } = await this.command('import', this.writePackage(content), ...all)
    assert.notEqual(stdout, '', `the command printed no set: ${stderr}`)
    // The server checked its answer against the contract that the type comes from.
    const { setId, workflowId, runs } = JSON.parse(stdout) as SetEnd & { setId: string; workflowId: string }
    assert.equal(workflowId, `import-set/${this.slug}/${setId}`)
    return { exitCode, runs }
  }

  async decide(decision: 'approve' | 'discard', runId: string): Promise<ImportEnd> {
    return toEnd(await this.command('hold', decision, runId, '--json'))
  }

  getRun(runId: string): Promise<RunDocument> {
    return getJson<RunDocument>(this.#stack, `/api/runs/${runId}`)
  }

  async listRuns(): Promise<readonly RunDocument[]> {
    return (await getJson<{ items: RunDocument[] }>(this.#stack, `/api/runs?district=${this.slug}`)).items
  }

  /** Active records by sisId; with `all` the inactive too. */
  async records(which: 'active' | 'all' = 'active'): Promise<Map<string, PrintedRecord>> {
    const query = which === 'all' ? '?all=true' : ''
    const response = await fetch(`${this.#stack.url}/api/districts/${this.slug}/records/students${query}`, {
      headers: { authorization: `Bearer ${this.#stack.token}`, accept: 'text/csv' },
    })
    assert.equal(response.status, 200)
    return parseRecords(await response.text())
  }

  /** Rows of a query with the rights of the owner, as far as this district goes. */
  query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return withClient(this.#stack.databaseUrl, async (client) => {
      await client.query(`select set_config('rollbook.district_id', $1, false)`, [this.id])
      return (await client.query<Row>(sql, [...values])).rows
    })
  }

  /** What undo and the log of a run read: how many changes the journal and the applied batches show. */
  async loggedChanges(runId: string): Promise<{ journal: Record<string, number>; applied: Record<string, number> }> {
    const journal = await this.query<{ action: string; count: number }>(
      'select action, count(*)::int as count from journal where run_id = $1 group by action',
      [runId],
    )
    const applied = await this.query<{ action: string; count: number }>(
      `select key as action, sum(value::int)::int as count from applied_batches, jsonb_each_text(counts)
       where run_id = $1 group by key`,
      [runId],
    )
    return { journal: toCounts(journal), applied: toCounts(applied) }
  }

  /** Every column of every record: equal before and after means that nothing was touched. */
  async snapshot(): Promise<unknown[]> {
    return await this.query('select * from students order by sis_id')
  }
}

/** `records --csv` by sisId. */
export function parseRecords(text: string): Map<string, PrintedRecord> {
  const rows = parse<Record<string, string>>(text, { columns: true })
  return new Map(rows.map((row) => [row['sisId'] ?? '', row]))
}

/** The bytes of an invented package. */
export function packageOf(request: PackageRequest): Promise<Buffer> {
  return buffer(makePackage(request))
}

/** The bytes of a package with every file of an invented district. */
export function packageOfDistrict(request: DistrictPackageRequest): Promise<Buffer> {
  return buffer(writeDistrict(request))
}

/** The one JSON document of a command that waited for a run. */
export function toEnd({ exitCode, stdout, stderr }: Ended): ImportEnd {
  assert.notEqual(stdout, '', `the command printed no run: ${stderr}`)
  // The server checked its answer against the contract that the type comes from.
  return { exitCode, run: JSON.parse(stdout) as RunDocument, stderr }
}

async function getJson<Answer>(stack: Stack, path: string): Promise<Answer> {
  const response = await fetch(stack.url + path, { headers: { authorization: `Bearer ${stack.token}` } })
  assert.equal(response.status, 200, path)
  return (await response.json()) as Answer // checked by the server against its contract
}

async function post(stack: Stack, path: string, body: unknown): Promise<{ id: string }> {
  const response = await fetch(stack.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.ok(response.ok, `${path}: ${response.status}`)
  return (await response.json()) as { id: string } // everything the API makes has an id
}

function toCounts(rows: readonly { action: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ action, count }) => [action, count]))
}

const packages = makeTemporaryDirectory()
process.once('exit', packages.remove)
