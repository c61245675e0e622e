import assert from 'node:assert/strict'
import type { FaultRequest } from '../../../simulators/oneroster-rest/faults/fault.ts'
import { faultKinds, parseFault, type FaultName } from '../../../simulators/oneroster-rest/faults/registry.ts'
import type { StandIn } from '../../../simulators/oneroster-rest/start.ts'
import { nextOf, rowsOf, send, StandInClient, startStandIn, type Got, type Row } from './stand-in-client.ts'

const idsOf = (got: Got) => rowsOf(got).map(({ sourcedId }) => sourcedId)
const page = (client: StandInClient, number: number, path = 'users') =>
  client.get(`${path}?limit=20&offset=${String((number - 1) * 20)}`)

/** The ids of every page by offset, to the first empty one. */
async function readThrough(client: StandInClient): Promise<string[]> {
  const ids: string[] = []
  for (let number = 1; ; number++) {
    const more = idsOf(await page(client, number))
    if (more.length === 0) return ids
    ids.push(...more)
  }
}

type Trial = (standIn: StandIn, client: StandInClient) => Promise<void>

/** What is there once: page 2 is wrong the first time and right the second. */
const once =
  (check: (got: Got) => void): Trial =>
  async (_, client) => {
    assert.equal((await page(client, 1)).status, 200)
    check(await page(client, 2))
    client.forgetToken()
    const again = await page(client, 2)
    assert.deepEqual([again.status, rowsOf(again).length], [200, 20])
  }

const trials: Readonly<Record<FaultName, Trial>> = {
  'repeated-page': async (_, client) => {
    const [first, second, again] = [await page(client, 1), await page(client, 2), await page(client, 2)]
    assert.deepEqual(idsOf(second), idsOf(first))
    assert.notDeepEqual(idsOf(again), idsOf(first))
  },
  'moved-rows': async (standIn, client) => {
    const disturbed = await readThrough(client)
    const calm = await readThrough(client)
    assert.equal(disturbed.length, calm.length)
    // Three rows come twice, and three not at all; the next reading has each once.
    assert.equal(new Set(disturbed).size, calm.length - 3)
    assert.equal(new Set(calm).size, calm.length)
    standIn.setFaults([])
    assert.deepEqual((await readThrough(client)).sort(), calm.sort())
  },
  'shrinking-collection': async (standIn, client) => {
    const total = async () => Number((await page(client, 1)).headers['x-total-count'])
    const before = await total()
    const second = idsOf(await page(client, 2))
    assert.equal(await total(), before - 3)
    standIn.setFaults([])
    assert.deepEqual(second.slice(0, 17), idsOf(await page(client, 2)).slice(3))
  },
  'lying-total': async (standIn, client) => {
    const lie = Number((await page(client, 1)).headers['x-total-count'])
    standIn.setFaults([])
    assert.equal(Number((await page(client, 1)).headers['x-total-count']), lie - 7)
  },
  'no-total': async (_, client) => assert.equal((await page(client, 1)).headers['x-total-count'], undefined),
  'no-link': async (_, client) => assert.equal((await page(client, 1)).headers['link'], undefined),
  'looping-next': async (_, client) => {
    assert.match(nextOf(await page(client, 1)) ?? '', /offset=20/)
    assert.match(nextOf(await page(client, 2)) ?? '', /offset=20/)
    assert.match(nextOf(await page(client, 3)) ?? '', /offset=60/)
  },
  'short-pages': async (_, client) => {
    const got = await client.get('users?limit=200')
    assert.equal(rowsOf(got).length, 50)
    assert.match(nextOf(got) ?? '', /offset=50/)
  },
  'named-after-path': async (_, client) =>
    assert.deepEqual(Object.keys((await page(client, 1, 'students')).json), ['students']),
  'odd-case': async (_, client) => {
    assert.deepEqual(Object.keys((await page(client, 1)).json), ['Users'])
    const [row] = rowsOf(await page(client, 1, 'demographics'))
    assert.ok(row !== undefined && 'HispanicOrLatinoEthnicity' in row && !('hispanicOrLatinoEthnicity' in row))
  },
  'inactive-status': async (_, client) => {
    const statuses = new Set((await client.all('users')).map(({ status }) => status))
    assert.deepEqual([...statuses].sort(), ['active', 'inactive'])
  },
  'touched-dates': async (_, client) => {
    const [row] = rowsOf(await page(client, 1))
    assert.ok(Date.now() - Date.parse(String(row?.['dateLastModified'])) < 60_000)
  },
  'missing-value': async (_, client) => {
    const [user, other] = rowsOf(await page(client, 1))
    assert.deepEqual([user?.['familyName'], typeof other?.['familyName']], [null, 'string'])
    assert.equal(rowsOf(await page(client, 1, 'enrollments'))[0]?.['user'], null)
  },
  'local-dates': async (_, client) => {
    const [bad, good] = rowsOf(await page(client, 1, 'demographics'))
    assert.match(String(bad?.['birthDate']), /^\d{1,2}\/\d{1,2}\/\d{4}$/)
    assert.match(String(good?.['birthDate']), /^\d{4}-\d\d-\d\d$/)
  },
  'dangling-reference': async (_, client) => {
    const [bad, good] = rowsOf(await page(client, 1, 'classes')) as (Row & { course: Row; terms: Row[] })[]
    assert.deepEqual([bad?.course.sourcedId, bad?.terms[0]?.sourcedId], ['nowhere', 'nowhere'])
    assert.match(good?.course.sourcedId ?? '', /^course-/)
  },
  'unknown-role': async (_, client) => {
    const [user] = rowsOf(await page(client, 1)) as (Row & { roles: { role: string }[] })[]
    assert.equal(user?.roles[0]?.role, 'ext:coach')
    assert.equal(rowsOf(await page(client, 1, 'enrollments'))[0]?.['role'], 'coach')
  },
  'repeated-row': async (_, client) => {
    const ids = idsOf(await page(client, 1))
    assert.equal(ids[1], ids[0])
    assert.equal(new Set(ids).size, 19)
  },
  'row-without-id': async (_, client) => {
    const [bad, good] = rowsOf(await page(client, 1))
    assert.ok(bad !== undefined && !('sourcedId' in bad) && good !== undefined && 'sourcedId' in good)
  },
  'filter-finds-nothing': async (_, client) => {
    assert.equal(rowsOf(await page(client, 1)).length, 20)
    const filtered = await client.get(`users?filter=${encodeURIComponent("status='active'")}`)
    assert.deepEqual([rowsOf(filtered), filtered.headers['x-total-count']], [[], '0'])
  },
  'filter-ignored': async (_, client) => {
    const all = (await page(client, 1)).headers['x-total-count']
    const filtered = await client.get(`users?filter=${encodeURIComponent("status='nothing'")}`)
    assert.equal(filtered.headers['x-total-count'], all)
  },
  'token-revoked': async (standIn, client) => {
    const had = rowsOf(await page(client, 1)).length
    const refused = await page(client, 2)
    assert.deepEqual([had, refused.status], [20, 401])
    // The token is dead for every page, a new one is not.
    assert.equal((await page(client, 3)).status, 401)
    client.forgetToken()
    assert.equal((await page(client, 2)).status, 200)
  },
  'rate-limited': once((got) => assert.deepEqual([got.status, got.headers['retry-after']], [429, '1'])),
  'rate-limited-silently': once((got) => assert.deepEqual([got.status, got.headers['retry-after']], [429, undefined])),
  'rate-limited-until': once((got) => {
    assert.equal(got.status, 429)
    const until = Date.parse(String(got.headers['retry-after']))
    assert.ok(until > Date.now() - 1000 && until <= Date.now() + 2000)
  }),
  'server-error': once((got) => assert.equal(got.status, 500)),
  'html-error': once((got) => assert.match(got.text, /^<html>/)),
  'error-with-200': once((got) => {
    assert.equal(got.status, 200)
    assert.match(got.text, /imsx_codeMajor":"failure"/)
  }),
  'filter-refused': async (_, client) => {
    assert.equal((await page(client, 1)).status, 200)
    const got = await client.get(`users?filter=${encodeURIComponent("status='active'")}`)
    assert.equal(got.status, 400)
    assert.match(got.text, /invalid_filter_field/)
  },
  'truncated-json': once((got) => {
    assert.equal(got.status, 200)
    assert.equal(Number(got.headers['content-length']), Buffer.byteLength(got.text))
    assert.throws(() => JSON.parse(got.text) as unknown)
  }),
  'malformed-json': once((got) => {
    assert.throws(() => JSON.parse(got.text) as unknown)
    assert.match(got.text, /\]\}$/)
  }),
  slow: async (standIn, client) => {
    standIn.setFaults([{ name: 'slow', ms: 300 }])
    const start = performance.now()
    assert.equal((await page(client, 1)).status, 200)
    assert.ok(performance.now() - start >= 290)
  },
  'connection-cut': async (standIn, client) => {
    await page(client, 1)
    await assert.rejects(page(client, 2), { code: 'ECONNRESET' })
    assert.equal((await page(client, 2)).status, 200)
    assert.deepEqual(
      standIn.pages().map(({ page: number, count, outcomes }) => [number, count, outcomes]),
      [
        [1, 1, [200]],
        [2, 2, ['cut', 200]],
      ],
    )
  },
  'connection-refused': async (standIn, client) => {
    standIn.setFaults([{ name: 'connection-refused', page: 2, ms: 400 }])
    await page(client, 1)
    await assert.rejects(page(client, 2), { code: 'ECONNRESET' })
    await assert.rejects(page(client, 2), { code: 'ECONNREFUSED' })
    for (let tries = 0; ; tries++) {
      const got = await page(client, 2).catch(() => undefined)
      if (got?.status === 200) break
      assert.ok(tries < 500)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.deepEqual(
      standIn.pages().map(({ count }) => count),
      [1, 2],
    )
  },
  'expired-certificate': async () => {
    const standIn = await startStandIn({ isTls: true, faults: [{ name: 'expired-certificate' }] })
    await assert.rejects(new StandInClient(standIn).get('orgs'), { code: 'CERT_HAS_EXPIRED' })
  },
}

describe('a fault', () => {
  for (const name of Object.keys(faultKinds) as FaultName[]) {
    it(`does what it says: ${name} (${faultKinds[name].about})`, async () => {
      const faults: FaultRequest[] = name === 'expired-certificate' ? [] : [{ name }]
      const standIn = await startStandIn({ version: '1.2', faults })
      await trials[name](standIn, new StandInClient(standIn))
    })
  }

  it('comes where and as often as it is asked to', async () => {
    const standIn = await startStandIn({ faults: [{ name: 'server-error', collection: 'users', page: 3, times: 2 }] })
    const client = new StandInClient(standIn)
    const statuses = []
    for (const number of [2, 3, 3, 3]) statuses.push((await page(client, number)).status)
    assert.deepEqual(statuses, [200, 500, 500, 200])
    assert.equal((await page(client, 3, 'enrollments')).status, 200)
  })

  it('is read from a command line', () => {
    assert.deepEqual(parseFault('connection-cut:page=900,collection=users'), {
      name: 'connection-cut',
      collection: 'users',
      page: 900,
    })
    assert.deepEqual(parseFault('lying-total:by=-3'), { name: 'lying-total', by: -3 })
    assert.throws(() => parseFault('nothing'), /There is no fault "nothing"; there are repeated-page/)
    assert.throws(() => parseFault('slow:pages=3'), /A fault has no "pages"/)
    assert.throws(() => parseFault('slow:ms=long'), /"ms" of the fault slow is not a whole number/)
  })
})

describe('TLS', () => {
  it('is trusted by whoever trusts its CA, and by nobody else', async () => {
    const standIn = await startStandIn({ isTls: true, version: '1.2' })
    assert.match(standIn.url, /^https:/)
    assert.equal((await new StandInClient(standIn).get('orgs')).status, 200)
    await assert.rejects(send(`${standIn.settings.baseUrl}/orgs`), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  })
})
