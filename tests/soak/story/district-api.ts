import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuplicateCaseDocument, ProcessedCases } from '../../../api/contract/duplicate-case.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import type { UndoDocument } from '../../../api/contract/undo.ts'
import { withClient } from '../../../stack/postgres/postgres.ts'
import type { Stack } from '../../../stack/stack.ts'
import { parseRecords, type PrintedRecord } from '../../end-to-end/district-on-stack.ts'
import { patienceMs, Stuck, type PatientApi } from '../patient-api.ts'
import { listRuns } from '../watch/at-rest.ts'

const underWay = new Set(['queued', 'validating', 'planned', 'applying'])
const pollMs = 300

/** What one asks of a district, with the patience to ask again; a wish whose answer was lost is looked up first. */
export class DistrictApi {
  readonly slug: string
  readonly #stack: Stack
  readonly #api: PatientApi
  readonly #folder: string
  #id = ''
  #connection = ''
  #names = 0

  constructor(stack: Stack, api: PatientApi, slug: string, dropRoot: string) {
    this.#stack = stack
    this.#api = api
    this.slug = slug
    this.#folder = join(dropRoot, slug, 'packages')
  }

  /** Makes the district, its watched folder and its connection. */
  async create(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true })
    const made = await this.#post('/api/districts', { slug: this.slug, name: `District ${this.slug}` })
    this.#id = (made as { id: string }).id // everything that is made has an id
    const source = { kind: 'folder', path: 'packages', settleSeconds: 1, patienceMinutes: 2 }
    const connection = { connector: 'oneroster-csv', settings: { source } }
    this.#connection = ((await this.#post(`/api/districts/${this.slug}/connections`, connection)) as { id: string }).id
  }

  /** Uploads a package; the same wish is one run, however often it is repeated. */
  async upload(bytes: Buffer, flags = ''): Promise<string> {
    const key = `${this.slug} ${(this.#names += 1)}`
    const path = `/api/districts/${this.slug}/imports?dataType=students${flags}`
    const { status, text } = await this.#api.call('POST', path, bytes, { 'idempotency-key': key })
    if (status >= 300) throw new Error(`the upload was refused: ${status} ${text.slice(0, 300)}`)
    return (JSON.parse(text) as RunDocument).runId // the server checked it against its contract
  }

  /** Puts a package into the watched folder, half of it first where `isSlow`, and starts a run that fetches it. */
  async drop(bytes: Buffer, isSlow: boolean): Promise<string> {
    for (const name of readdirSync(this.#folder)) rmSync(join(this.#folder, name))
    const file = join(this.#folder, `package-${(this.#names += 1)}.zip`)
    writeFileSync(isSlow ? file : `${file}.part`, isSlow ? bytes.subarray(0, bytes.length / 2) : bytes)
    if (!isSlow) renameSync(`${file}.part`, file)
    const started = this.#startOnce('import', async () => {
      const wish = { connection: this.#connection, dataType: 'students' }
      const answer = await this.#api.try('POST', '/api/runs', wish)
      if (answer !== undefined && answer.status >= 400 && answer.status < 500)
        throw new Error(answer.text.slice(0, 300))
      return answer?.status === 202 ? [(JSON.parse(answer.text) as RunDocument).runId] : undefined // as above
    })
    if (isSlow) {
      await sleep(3000)
      writeFileSync(file, bytes)
    }
    const [runId] = await started
    if (runId === undefined) throw new Error('no run was started')
    return runId
  }

  getRun(runId: string): Promise<RunDocument> {
    return this.#api.get<RunDocument>(`/api/runs/${runId}`)
  }

  /** The run when it moves no more by itself. Throws `Stuck` after ten minutes. */
  async awaitRest(runId: string, isLeft: (run: RunDocument) => boolean = () => true): Promise<RunDocument> {
    for (const began = Date.now(); Date.now() - began < patienceMs; await sleep(pollMs)) {
      const run = await this.getRun(runId)
      if (!underWay.has(run.state) && isLeft(run)) return run
    }
    throw new Stuck(`run ${runId} did not come to rest in ten minutes: ${JSON.stringify(await this.getRun(runId))}`)
  }

  /** Answers a hold, again while nothing comes of it, and gives the run as it then is. */
  async decideHold(runId: string, decision: 'approve' | 'discard'): Promise<RunDocument> {
    for (const began = Date.now(); Date.now() - began < patienceMs;) {
      await this.#api.call('POST', `/api/runs/${runId}/hold`, { decision })
      const heldUntil = Date.now() + 15_000
      const run = await this.awaitRest(runId, ({ state }) => state !== 'held' || Date.now() > heldUntil)
      if (run.state !== 'held') return run
    }
    throw new Stuck(`run ${runId} is held, whatever was decided`)
  }

  /** True when the wish was taken. */
  async cancel(runId: string): Promise<boolean> {
    return (await this.#api.call('POST', `/api/runs/${runId}/cancel`, { reason: 'the story says so' })).status === 202
  }

  /**
   * Undoes, and gives what came of it; a text is the reason of a refusal. One that was stopped is asked for again. One
   * that was taken and did not begin for `beginMs` counts as refused; by default it is waited for as for all else.
   */
  async undo(runId: string, through: boolean, beginMs = patienceMs): Promise<UndoDocument | string> {
    const query = through ? '?through=true' : ''
    let wished = await this.#api.call('POST', `/api/runs/${runId}/undo`, { reason: 'the story says so', through })
    for (const began = Date.now(); Date.now() - began < patienceMs; await sleep(pollMs)) {
      const { status, text } = await this.#api.call('GET', `/api/runs/${runId}/undo${query}`)
      if (status === 404 && (wished.status !== 202 || Date.now() - began > beginMs)) return wished.text
      if (status !== 200) continue
      const undo = JSON.parse(text) as UndoDocument // the server checked it against its contract
      if (undo.state === 'undone' || undo.state === 'partlyUndone') return undo
      if (undo.state === 'stopped') {
        await sleep(2000)
        wished = await this.#api.call('POST', `/api/runs/${runId}/undo`, { reason: 'the story says so', through })
        if (wished.status !== 202) return wished.text
      }
    }
    throw new Stuck(`the undo of ${runId} did not end in ten minutes`)
  }

  listCases(): Promise<DuplicateCaseDocument[]> {
    return this.#api.get<DuplicateCaseDocument[]>(`/api/districts/${this.slug}/cases?dataType=students`)
  }

  /** Decides, over an earlier decision where there is one. Gives the reasons of what was refused. */
  async decide(decisions: readonly { caseId: string; action: string; recordId?: string }[]): Promise<string[]> {
    const answer = await this.#post(`/api/districts/${this.slug}/cases/decisions`, { decisions })
    return (answer as { refused: { reason: string }[] }).refused.map(({ reason }) => reason) // contract DecidedCases
  }

  /** Carries out what was decided; gives the runs that do so. */
  processCases(): Promise<string[]> {
    return this.#startOnce('resolution', async () => {
      const path = `/api/districts/${this.slug}/cases/process`
      const answer = await this.#api.try('POST', path, { dataType: 'students' })
      if (answer?.status !== 202) return undefined
      return (JSON.parse(answer.text) as ProcessedCases).runIds // the server checked it against its contract
    })
  }

  /** Every record, active or not, by sisId, as they are printed for other programs. */
  async records(): Promise<Map<string, PrintedRecord>> {
    for (const began = Date.now(); Date.now() - began < patienceMs; await sleep(pollMs)) {
      const path = `/api/districts/${this.slug}/records/students?all=true&format=csv`
      const answer = await this.#api.try('GET', path)
      if (answer?.status === 200) return parseRecords(answer.text)
    }
    throw new Stuck('the records could not be read for ten minutes')
  }

  /** Changes one column of one record in the table, as a person with a database client would. */
  async edit(sisId: string, column: string, value: string): Promise<void> {
    for (const began = Date.now(); Date.now() - began < patienceMs; await sleep(1000)) {
      try {
        await withClient(this.#stack.databaseUrl, async (client) => {
          await client.query(
            `select set_config('rollbook.district_id', $1, false), set_config('rollbook.edited_by', 'a registrar', false)`,
            [this.#id],
          )
          await client.query(`update students set ${column} = $1 where sis_id = $2 and district_id = $3`, [
            value,
            sisId,
            this.#id,
          ])
        })
        return
      } catch {
        // The database is away; the same change twice is one.
      }
    }
    throw new Stuck('a record could not be edited for ten minutes')
  }

  /** Every run that the district has, the newest first. */
  listRuns(): Promise<RunDocument[]> {
    return listRuns(this.#api, this.slug)
  }

  /** Where the answer was lost, the runs of this kind that are new are those that were started. */
  async #startOnce(kind: RunDocument['kind'], start: () => Promise<string[] | undefined>): Promise<string[]> {
    const before = new Set((await this.listRuns()).map(({ runId }) => runId))
    for (const began = Date.now(); Date.now() - began < patienceMs; await sleep(1000)) {
      const started = await start()
      if (started !== undefined) return started
      await sleep(2000)
      const found = (await this.listRuns()).filter((run) => !before.has(run.runId) && run.kind === kind)
      if (found.length > 0) return found.map(({ runId }) => runId)
    }
    throw new Stuck('a run could not be started for ten minutes')
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const { status, text } = await this.#api.call('POST', path, body)
    if (status >= 300) throw new Error(`POST ${path}: ${status} ${text.slice(0, 300)}`)
    return JSON.parse(text)
  }
}
