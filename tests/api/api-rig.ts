import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { pino, type Logger } from 'pino'
import { createTestConnection } from '../../activities/connect/test-connection.ts'
import type { Api } from '../../api/app-environment.ts'
import { createApp } from '../../api/app.ts'
import { getKnownConnector } from '../../api/connect/make-connection.ts'
import { rights, type Right } from '../../api/contract/rights.ts'
import { createDatabase, type Database } from '../../db/database.ts'
import { insertDistrict } from '../../db/access/districts.ts'
import { insertToken } from '../../db/access/tokens.ts'
import { makeTestSecrets } from '../harness/secrets.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { StandInSchedules } from './schedule/stand-in-schedules.ts'
import { StandInWorkflows } from './import/stand-in-workflows.ts'

/** Nobody has made it: what a connection watches may be made later. */
const dropRoot = join(tmpdir(), 'rollbook-watched-folders')

export type TestDistrict = { readonly id: string; readonly slug: string }

/** The API in this process, on a database of its own and with a stand-in for Temporal. */
export class ApiRig {
  readonly workflows = new StandInWorkflows()
  readonly schedules = new StandInSchedules()
  readonly logLines: string[] = []
  readonly db: Kysely<Database>
  readonly log: Logger
  readonly api: Api
  readonly #testDatabase: TestDatabase

  constructor(testDatabase: TestDatabase) {
    const secrets = makeTestSecrets('test-key')
    this.#testDatabase = testDatabase
    this.db = createDatabase({ url: testDatabase.appUrl, maxConnections: 5 })
    this.log = pino({ level: 'info' }, { write: (line: string) => void this.logLines.push(line) })
    this.workflows.tester = createTestConnection({
      db: this.db,
      now: () => new Date(),
      getConnector: getKnownConnector,
      openSettings: secrets.openSettings,
      surroundingsOf: () => ({ folderRoot: dropRoot }),
    })
    this.api = createApp({
      db: this.db,
      workflows: this.workflows,
      schedules: this.schedules,
      secrets: secrets.sealer,
      log: this.log,
      version: '0.0.0',
      dropRoot,
    })
  }

  async makeToken(
    options: { rights?: readonly Right[]; districtId?: string; schoolIds?: readonly string[]; expiresAt?: Date } = {},
  ): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    const { rights: held = rights, ...where } = options
    await insertToken(this.db, { token, name: 'tester', rights: held, ...where })
    return token
  }

  async makeDistrict(): Promise<TestDistrict> {
    const slug = `district-${randomBytes(4).toString('hex')}`
    const district = await insertDistrict(this.db, { slug, name: `The district ${slug}`, timeZone: 'UTC' })
    if (district === undefined) throw new Error('a district of this name was there')
    return { id: district.id, slug }
  }

  /** Sends a request as the holder of a token. */
  async send(token: string, method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    return await this.api.request(path, { ...init, method, headers })
  }

  sendJson(token: string, method: string, path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' }
    return this.send(token, method, path, { headers, body: JSON.stringify(body) })
  }

  async close(): Promise<void> {
    await this.db.destroy()
    // A server that this file started for itself has ended by now, and its databases with it.
    await this.#testDatabase.dispose().catch(() => undefined)
  }
}

/** One rig for a test file; use what it returns inside tests only. */
export function useApiRig(): () => ApiRig {
  let rig: ApiRig | undefined
  beforeAll(async () => {
    rig = new ApiRig(await createTestDatabase())
  })
  afterAll(async () => {
    await rig?.close()
  })
  return () => {
    if (rig === undefined) throw new Error('the rig is there once the tests run')
    return rig
  }
}

/** The JSON of an answer. Throws with the answer when its status is another one. */
export async function readAnswer<Answer>(response: Response, status = 200): Promise<Answer> {
  const text = await response.text()
  if (response.status !== status) throw new Error(`expected ${status}, got ${response.status}: ${text}`)
  // The caller names the document of the contract that this route answers with.
  return JSON.parse(text) as Answer
}
