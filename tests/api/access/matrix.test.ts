import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openOperations, operations, type Operation } from '../../../api/access/operations.ts'
import { Problem } from '../../../api/contract/problem.ts'
import { rights, type Right } from '../../../api/contract/rights.ts'
import { noDistrict } from '../../../db/access/audit.ts'
import { withDistrict } from '../../../db/database.ts'
import { parseMarkdownTables } from '../../house/markdown-tables.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'
import { exampleRequests, plantUpload, plantWorld, type World } from './example-requests.ts'

const rig = useApiRig()

type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

async function listDocumented(): Promise<string[]> {
  const { paths } = await readAnswer<Document>(await rig().api.request('/api/openapi.json'))
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
}

function send(token: string | undefined, name: string, world: World, headers: Record<string, string> = {}) {
  const example = exampleRequests[name]?.(world)
  assert.ok(example, `${name} has no example request`)
  const { path, body, bytes } = example
  const sent = new Headers({ ...example.headers, ...headers })
  if (token !== undefined) sent.set('authorization', `Bearer ${token}`)
  if (body !== undefined) sent.set('content-type', 'application/json')
  const given = body === undefined ? bytes : JSON.stringify(body)
  const init = { method: name.split(' ')[0] ?? '', headers: sent, ...(given !== undefined && { body: given }) }
  return rig().api.request(path, init)
}

type Verdict = 'allowed' | 'forbidden' | 'hidden' | 'noToken'

/** What the caller may do, by the answer; whatever else is wrong with a request is found by who may make it. */
async function judge(response: Response): Promise<Verdict> {
  const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isEndless) await response.body?.cancel()
  const text = isEndless ? '' : await response.text()
  assert.ok(response.status < 500, text)
  if (response.status === 401) return 'noToken'
  if (response.status === 403) return 'forbidden'
  if (response.status !== 404) return 'allowed'
  const { detail } = Problem.parse(JSON.parse(text))
  return /district of this name|a district that the token may enter/.test(detail) ? 'hidden' : 'allowed'
}

/** With this right alone, in the district that the request is about. */
function expectAlone(operation: Operation, right: Right): Verdict {
  if (operation.where === 'everywhere' || operation.needsValues === true) return 'forbidden'
  return operation.right === right && operation.alsoNeeds === undefined ? 'allowed' : 'forbidden'
}

describe('every operation of the OpenAPI document', () => {
  let world: World
  let everything: string
  beforeAll(async () => {
    everything = await rig().makeToken()
    world = await plantWorld(rig(), everything)
  })

  it('is in the list of operations and has an example request, and nothing else is', async () => {
    const documented = (await listDocumented()).sort()
    assert.deepEqual([...Object.keys(operations), ...openOperations].sort(), documented)
    assert.deepEqual(Object.keys(exampleRequests).sort(), documented)
    const silent = Object.entries(operations).filter(
      ([name, { action, isReading = false }]) => (/^GET /.test(name) || isReading) === (action !== undefined),
    )
    assert.deepEqual(silent, [])
  })

  it('is in docs/reference/rights.md as it is', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/reference/rights.md'), 'utf8')
    const tables = parseMarkdownTables(page)
    assert.deepEqual(tables.find(({ heading }) => heading === 'Operations')?.rows, listRows())
    const known = tables.find(({ heading }) => heading === 'Rights')?.rows.map((row) => row['Right'])
    assert.deepEqual(known, rights)
  })

  const compare = async (token: string | undefined, expected: (operation: Operation) => Verdict) => {
    const answers: Record<string, Verdict> = {}
    const whole = { ...world, uploadId: await plantUpload(rig(), everything, world.district) }
    for (const name of Object.keys(operations)) answers[name] = await judge(await send(token, name, whole))
    const wanted = Object.entries(operations).map(([name, operation]) => [name, expected(operation)])
    assert.deepEqual(answers, Object.fromEntries(wanted))
  }

  for (const right of rights) {
    it(`is answered to who has "${right}" alone in the district as the list says`, async () => {
      const token = await rig().makeToken({ rights: [right], districtId: world.district.id })
      await compare(token, (operation) => expectAlone(operation, right))
    })
  }

  it('is answered to who has every right in the district, but for what is about all districts', async () => {
    const token = await rig().makeToken({ districtId: world.district.id })
    await compare(token, ({ where }) => (where === 'everywhere' ? 'forbidden' : 'allowed'))
  })

  it('is hidden from who has every right in another district', async () => {
    const other = await rig().makeDistrict()
    const token = await rig().makeToken({ districtId: other.id })
    const verdicts = { everywhere: 'forbidden', district: 'hidden', listed: 'allowed' } as const
    await compare(token, ({ where }) => verdicts[where])
  })

  it('is refused to whoever is bound to schools, whatever their rights, unless it is open to them', async () => {
    const token = await rig().makeToken({ districtId: world.district.id, schoolIds: [world.schoolId] })
    await compare(token, ({ reach }) => (reach === 'schools' ? 'allowed' : 'forbidden'))
  })

  it('is answered to who has every right in all districts', async () => {
    await compare(everything, () => 'allowed')
  })

  it('is refused without a token, and with one that has expired, was revoked or is unknown', async () => {
    const expired = await rig().makeToken({ expiresAt: new Date(Date.now() - 1) })
    const wanted = { name: 'x', rights: ['view'], district: null }
    const { id, token: revoked } = await readAnswer<{ id: string; token: string }>(
      await rig().sendJson(everything, 'POST', '/api/tokens', wanted),
      201,
    )
    assert.equal((await rig().send(everything, 'DELETE', `/api/tokens/${id}`)).status, 204)
    for (const token of [undefined, expired, revoked, 'unknown']) await compare(token, () => 'noToken')
    for (const name of openOperations) assert.equal(await judge(await send(undefined, name, world)), 'allowed')
  })

  /** What cannot be carried out on a world: there is no source, no applied run, nothing delivered and nothing settled. */
  const refusedHere = new Set([
    'askToUndo',
    'pauseSchedule',
    'redeliver',
    'removeSchedule',
    'resumeSchedule',
    'setSchedule',
    'unmergeCase',
  ])

  it('leaves exactly one entry in the audit log when it changed something, and none when it did not', async () => {
    const notCarriedOut = new Set<string>()
    for (const [name, { action }] of Object.entries(operations)) {
      const fresh = action === undefined ? world : await plantWorld(rig(), everything)
      const requestId = name.replaceAll(/[^\w]/g, '-').slice(0, 64)
      const { status, body } = await send(everything, name, fresh, {
        'x-request-id': requestId,
        accept: 'application/json',
      })
      await body?.cancel()
      const districtIds = [fresh.district.id, noDistrict, ...(await findMade())]
      const found: string[] = []
      for (const districtId of districtIds) {
        const rows = await withDistrict(rig().db, districtId, (trx) =>
          trx.selectFrom('auditLog').select('action').where('requestId', '=', requestId).execute(),
        )
        found.push(...rows.map((row) => row.action))
      }
      const isExport = name === 'GET /api/runs/{id}/export'
      if (action !== undefined && status >= 300) notCarriedOut.add(action)
      const expected = status >= 300 ? [] : isExport ? ['exportRun'] : action === undefined ? [] : [action]
      assert.deepEqual(found, expected, name)
    }
    assert.deepEqual([...notCarriedOut].sort(), [...refusedHere].sort())
  })

  async function findMade(): Promise<string[]> {
    const rows = await rig().db.selectFrom('districts').select('id').where('slug', 'like', 'made-%').execute()
    return rows.map(({ id }) => id)
  }
})

const whereWords = { district: 'its district', everywhere: 'all districts', listed: 'any district' } as const

function listRows(): Record<string, string>[] {
  return Object.entries(operations).map(([name, { right, alsoNeeds, where, reach, needsValues, action, exports }]) => ({
    Operation: name,
    Right: [
      right,
      ...(alsoNeeds === undefined ? [] : [alsoNeeds]),
      ...(needsValues === true ? ['viewValues'] : []),
    ].join(', '),
    'Held in': whereWords[where],
    'Bound to schools': reach === 'schools' ? 'yes' : '',
    'Audit log': action ?? (exports === undefined ? '' : `${exports} (a file)`),
  }))
}
