import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { writeDistrict } from '../../../simulators/oneroster-package/write-district.ts'
import { rowsOf, send, StandInClient, startStandIn, type Got } from './stand-in-client.ts'

const post = (url: string, value: unknown) => send(url, { method: 'POST', body: JSON.stringify(value) })

describe('the control routes', () => {
  it('arm faults while the stand-in runs, list them and take them back', async () => {
    const standIn = await startStandIn()
    const client = new StandInClient(standIn)
    const url = `${standIn.url}/control/faults`
    const armed = await post(url, { faults: [{ name: 'server-error', page: 1, times: 2 }] })
    assert.deepEqual(armed.json, { faults: [{ fault: { name: 'server-error', page: 1, times: 2 }, left: 2 }] })
    assert.equal((await client.get('users')).status, 500)
    assert.deepEqual((await send(url)).json, {
      faults: [{ fault: { name: 'server-error', page: 1, times: 2 }, left: 1 }],
    })
    assert.equal((await send(url, { method: 'DELETE' })).status, 200)
    assert.equal((await client.get('users')).status, 200)
  })

  it('refuse faults that are none, and keep those there are', async () => {
    const standIn = await startStandIn({ faults: [{ name: 'no-total' }] })
    const url = `${standIn.url}/control/faults`
    for (const body of [
      { faults: [{ name: 'nothing' }] },
      { faults: 'slow' },
      [],
      { faults: [{ name: 'expired-certificate' }] },
    ]) {
      assert.equal((await post(url, body)).status, 400)
    }
    assert.equal((await send(url, { method: 'POST', body: 'no JSON' })).status, 400)
    assert.match((await send(url)).text, /no-total/)
  })

  it('tell how often each page was asked for', async () => {
    const standIn = await startStandIn()
    const client = new StandInClient(standIn)
    for (const offset of [0, 20, 20]) await client.get(`users?limit=20&offset=${String(offset)}`)
    await client.get('users/nobody')
    await send(`${standIn.settings.baseUrl}/orgs`)
    const url = `${standIn.url}/control/requests`
    const { pages } = (await send(url)).json as { pages: Record<string, unknown>[] }
    assert.deepEqual(
      pages.map(({ path, page, offset, count, outcomes }) => ({ path, page, offset, count, outcomes })),
      [
        { path: 'users', page: 1, offset: 0, count: 1, outcomes: [200] },
        { path: 'users', page: 2, offset: 20, count: 2, outcomes: [200, 200] },
        { path: 'users/nobody', page: 1, offset: 0, count: 1, outcomes: [404] },
        { path: 'orgs', page: 1, offset: 0, count: 1, outcomes: [401] },
      ],
    )
    await send(url, { method: 'DELETE' })
    assert.deepEqual((await send(url)).json['pages'], [])
  })

  it('turn the district to another day, and take tokens back', async () => {
    const standIn = await startStandIn({ version: '1.2' })
    const client = new StandInClient(standIn)
    const count = (got: Got) => Number(got.headers['x-total-count'])
    const before = count(await client.get('students'))
    assert.equal((await post(`${standIn.url}/control/day`, { day: 2 })).status, 200)
    assert.equal(count(await client.get('students')), before + 2)
    assert.equal((await post(`${standIn.url}/control/day`, { day: 0 })).status, 400)
    await post(`${standIn.url}/control/tokens/revoke`, {})
    assert.equal((await client.get('orgs')).status, 401)
    assert.equal((await send(`${standIn.url}/control/nothing`)).status, 404)
  })

  it('give the district of the day as a package', async () => {
    const standIn = await startStandIn({ version: '1.2' })
    standIn.goTo(2)
    const given = Buffer.from(await (await fetch(`${standIn.url}/control/package.zip`)).arrayBuffer())
    const district = { seed: 11, students: 120, studentsPerSchool: 60, day: 2 }
    assert.deepEqual(given, await buffer(writeDistrict({ ...district, version: '1.2' })))
  })

  it('serves a page far inside a million rows at once', async () => {
    const standIn = await startStandIn({ district: { seed: 3, students: 600_000 } })
    const client = new StandInClient(standIn)
    const got = await client.get('enrollments?limit=1000&offset=4500000')
    assert.equal(rowsOf(got).length, 1000)
    assert.ok(Number(got.headers['x-total-count']) > 5_400_000)
  })
})
