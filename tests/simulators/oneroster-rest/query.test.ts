import assert from 'node:assert/strict'
import { nextOf, rowsOf, StandInClient, startStandIn, type Got } from './stand-in-client.ts'

const filtered = (path: string, filter: string) => `${path}?limit=5000&filter=${encodeURIComponent(filter)}`
const total = ({ headers }: Got) => Number(headers['x-total-count'])

describe('paging', () => {
  it('has a hundred rows a page by itself, and says how many there are', async () => {
    const client = new StandInClient(await startStandIn())
    const got = await client.get('users')
    assert.equal(rowsOf(got).length, 100)
    assert.ok(total(got) > 200)
    assert.equal(got.headers['x-returned-count'], '100')
  })

  it('leads through every row once by its links, below a cap', async () => {
    const client = new StandInClient(await startStandIn({ pageCap: 30 }))
    const first = await client.get('users?limit=5000')
    assert.equal(rowsOf(first).length, 30)
    const rows = await client.all('users', 5000)
    assert.equal(rows.length, total(first))
    assert.equal(new Set(rows.map(({ sourcedId }) => sourcedId)).size, rows.length)
    const links = [...String(first.headers['link']).matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel)
    assert.deepEqual(links.sort(), ['first', 'last', 'next'])
  })

  it('ends with a page that has no next, and an empty one after it', async () => {
    const client = new StandInClient(await startStandIn())
    const all = total(await client.get('courses'))
    const last = await client.get(`courses?limit=10&offset=${String(all - 1)}`)
    assert.equal(rowsOf(last).length, 1)
    assert.equal(nextOf(last), undefined)
    assert.match(String(last.headers['link']), /rel="prev"/)
    const beyond = await client.get(`courses?limit=10&offset=${String(all)}`)
    assert.deepEqual([beyond.status, rowsOf(beyond).length, total(beyond)], [200, 0, all])
  })

  it('refuses a limit or an offset that is none', async () => {
    const client = new StandInClient(await startStandIn())
    for (const query of ['limit=0', 'limit=x', 'offset=-1', 'limit=1.5']) {
      assert.equal((await client.get(`users?${query}`)).status, 400, query)
    }
  })
})

describe('filter', () => {
  it('compares by each operator', async () => {
    const client = new StandInClient(await startStandIn())
    const users = await client.all('users', 500)
    const counts = {
      "role='student'": users.filter((user) => user['role'] === 'student').length,
      "role!='student'": users.filter((user) => user['role'] !== 'student').length,
      "role = 'student'  AND status='active'": users.filter(
        (user) => user['role'] === 'student' && user['status'] === 'active',
      ).length,
      "role='teacher' OR role='parent'": users.filter((user) => user['role'] === 'teacher' || user['role'] === 'parent')
        .length,
      "familyName>'M'": users.filter((user) => String(user['familyName']) > 'M').length,
      "familyName<='M'": users.filter((user) => String(user['familyName']) <= 'M').length,
      "username~'dell'": users.filter((user) => String(user['username']).includes('dell')).length,
      "orgs.sourcedId='school-002'": users.filter((user) =>
        (user['orgs'] as { sourcedId: string }[]).some(({ sourcedId }) => sourcedId === 'school-002'),
      ).length,
      "grades='09'": users.filter((user) => (user['grades'] as string[]).includes('09')).length,
      "metadata.classYear='2030'": users.filter(
        (user) => (user['metadata'] as { classYear?: string } | undefined)?.classYear === '2030',
      ).length,
    }
    for (const [filter, count] of Object.entries(counts)) {
      assert.ok(count > 0, filter)
      assert.equal(total(await client.get(filtered('users', filter))), count, filter)
    }
    const odell = await client.get(filtered('users', "familyName='O''Dell'"))
    assert.equal(rowsOf(odell).length, users.filter((user) => user['familyName'] === "O'Dell").length)
  })

  it('finds by roles.role in 1.2', async () => {
    const client = new StandInClient(await startStandIn({ version: '1.2' }))
    const parents = rowsOf(await client.get(filtered('users', "roles.role='parent' AND roles.role='teacher'")))
    assert.ok(parents.length > 0)
    assert.ok(parents.every(({ sourcedId }) => sourcedId.startsWith('teacher-')))
  })

  it('gives what changed since an instant, and what was withdrawn with it', async () => {
    const standIn = await startStandIn({ district: { seed: 11, students: 500 } })
    const client = new StandInClient(standIn)
    const newest =
      (await client.all('users', 1000))
        .map((user) => String(user['dateLastModified']))
        .sort()
        .at(-1) ?? ''
    assert.equal(total(await client.get(filtered('users', `dateLastModified>'${newest}'`))), 0)
    standIn.goTo(2)
    const changed = rowsOf(await client.get(filtered('users', `dateLastModified>'${newest}'`)))
    assert.ok(changed.length > 5 && changed.length < 200)
    assert.ok(changed.some(({ status }) => status === 'tobedeleted'))
    assert.ok(changed.some(({ status }) => status === 'active'))
    // The same instant in another form.
    const plain = newest.replace(/\.\d+Z$/, 'Z')
    assert.ok(total(await client.get(filtered('users', `dateLastModified>'${plain}'`))) >= changed.length)
  })

  it('refuses what it cannot read', async () => {
    for (const version of ['1.1', '1.2'] as const) {
      const client = new StandInClient(await startStandIn({ version }))
      const bad = [
        'role=student',
        "nothing='x'",
        "status='active' AND role='x' OR role='y'",
        "status='active",
        "status LIKE 'a'",
        '',
      ]
      for (const filter of bad) {
        const got = await client.get(filtered('users', filter))
        assert.equal(got.status, 400, filter)
        assert.match(got.text, /invalid_filter_field/)
      }
    }
  })
})

describe('sort and fields', () => {
  it('sorts by a property, both ways', async () => {
    const client = new StandInClient(await startStandIn())
    const names = (await client.all('students?sort=familyName', 70)).map((user) => String(user['familyName']))
    assert.deepEqual(names, [...names].sort())
    const turned = (await client.all('students?sort=familyName&orderBy=desc', 70)).map((user) => user['familyName'])
    assert.deepEqual(turned, [...names].reverse())
    assert.equal((await client.get('students?orderBy=up')).status, 400)
  })

  it('gives only the fields that are asked for', async () => {
    const client = new StandInClient(await startStandIn())
    const [user] = rowsOf(await client.get('users?fields=sourcedId,familyName'))
    assert.deepEqual(Object.keys(user ?? {}).sort(), ['familyName', 'sourcedId'])
    const warned = await client.get('users?fields=sourcedId,nothing&sort=nothing')
    assert.equal(warned.status, 200)
    assert.match(warned.text, /invalid_selection_field.*invalid_sort_field/)
    assert.match((await client.get('users?fields=')).text, /invalid_blank_selection_field/)
    const of12 = new StandInClient(await startStandIn({ version: '1.2' }))
    assert.equal((await of12.get('users?fields=sourcedId,nothing')).status, 400)
  })
})
