import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { CreatedToken, NewToken, Token } from '../../../api/contract/token.ts'
import { findToken } from '../../../db/access/tokens.ts'
import { withDistrict } from '../../../db/database.ts'
import { plantOrg } from '../../fixtures/plant-org.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'

const rig = useApiRig()

const make = async (by: string, wanted: NewToken, status = 201) =>
  await readAnswer<CreatedToken & Problem>(await rig().sendJson(by, 'POST', '/api/tokens', wanted), status)

const list = async (by: string, query = '') =>
  (await readAnswer<Page<Token>>(await rig().send(by, 'GET', `/api/tokens${query}`))).items

describe('a token that was made', () => {
  let everywhere: string
  let mine: TestDistrict
  let other: TestDistrict
  beforeAll(async () => {
    everywhere = await rig().makeToken()
    mine = await rig().makeDistrict()
    other = await rig().makeDistrict()
  })

  it('is shown once, does what it may, and is listed without what lets anybody in', async () => {
    const made = await make(everywhere, { name: 'nightly', rights: ['view'], district: mine.slug })
    assert.match(made.token, /^rb_[\w-]{43}$/)
    await readAnswer(await rig().send(made.token, 'GET', `/api/runs?district=${mine.slug}`))
    await readAnswer(await rig().send(made.token, 'GET', `/api/runs?district=${other.slug}`), 404)
    const listed = (await list(everywhere, `?district=${mine.slug}`)).find(({ id }) => id === made.id)
    assert.deepEqual([listed?.state, listed?.createdBy, listed?.district], ['active', 'tester', mine.slug])
    assert.ok(listed?.lastUsedAt)
    const text = JSON.stringify(await list(everywhere))
    assert.ok(!text.includes(made.token))
  })

  it('lets nobody in once it is revoked or has expired, and stays in the list', async () => {
    const made = await make(everywhere, { name: 'short', rights: ['view'], district: mine.slug })
    for (let time = 0; time < 2; time++) {
      const answer = await rig().send(everywhere, 'DELETE', `/api/tokens/${made.id}`)
      assert.equal(answer.status, 204)
    }
    await readAnswer(await rig().send(made.token, 'GET', '/api/districts'), 401)
    const listed = (await list(everywhere)).find(({ id }) => id === made.id)
    assert.deepEqual([listed?.state, listed?.revokedBy], ['revoked', 'tester'])
    await readAnswer(await rig().send(everywhere, 'DELETE', `/api/tokens/${randomUUID()}`), 404)
  })

  it('expires in a year when nothing was said, never when that was said, and not in the past', async () => {
    const wanted = { name: 'x', rights: ['view'], district: mine.slug } as const
    const soon = Date.now() + 364 * 86_400_000
    const { expiresAt } = await make(everywhere, { ...wanted, rights: ['view'] })
    assert.ok(new Date(expiresAt ?? 0).getTime() > soon)
    assert.equal((await make(everywhere, { ...wanted, rights: ['view'], expiresAt: null })).expiresAt, null)
    await make(everywhere, { ...wanted, rights: ['view'], expiresAt: '2020-01-01T00:00:00Z' }, 400)
  })

  it('has no right that its maker lacks, and reaches no further than its maker', async () => {
    const manager = await rig().makeToken({ rights: ['view', 'manageAccess'], districtId: mine.id })
    const refused = await make(manager, { name: 'x', rights: ['view', 'undo'], district: mine.slug }, 403)
    assert.match(refused.detail, /"undo"/)
    await make(manager, { name: 'x', rights: ['view'], district: null }, 403)
    await make(manager, { name: 'x', rights: ['view'], district: other.slug }, 404)
    await make(manager, { name: 'x', rights: ['view'], district: mine.slug })
    const viewer = await rig().makeToken({ rights: ['view'], districtId: mine.id })
    await make(viewer, { name: 'x', rights: ['view'], district: mine.slug }, 403)
  })

  it('is neither seen nor revoked by whoever manages another district', async () => {
    const manager = await rig().makeToken({ rights: ['manageAccess'], districtId: mine.id })
    const theirs = await make(everywhere, { name: 'x', rights: ['view'], district: other.slug })
    const global = await make(everywhere, { name: 'x', rights: ['view'], district: null })
    const seen = new Set((await list(manager)).map(({ district }) => district))
    assert.deepEqual([...seen], [mine.slug])
    for (const { id } of [theirs, global]) {
      await readAnswer(await rig().send(manager, 'DELETE', `/api/tokens/${id}`), 404)
    }
    await readAnswer(await rig().send(theirs.token, 'GET', '/api/districts'))
  })

  it('is bound to schools of its own district alone', async () => {
    const school = await withDistrict(rig().db, mine.id, (trx) =>
      plantOrg(trx, mine.id, { sourceKey: 's1', name: 's1' }),
    )
    const wanted = { name: 'office', rights: ['view' as const], schools: [school] }
    assert.deepEqual((await make(everywhere, { ...wanted, district: mine.slug })).schools, [school])
    await make(everywhere, { ...wanted, district: other.slug }, 400)
    await make(everywhere, { ...wanted, district: null }, 400)
  })

  it('is noted as used at most once a minute', async () => {
    const { id, token } = await make(everywhere, { name: 'busy', rights: ['view'], district: mine.slug })
    const at = async (time: string) => {
      await findToken(rig().db, token, new Date(time))
      return (await list(everywhere)).find((one) => one.id === id)?.lastUsedAt
    }
    assert.equal(await at('2026-05-01T10:00:00.000Z'), '2026-05-01T10:00:00.000Z')
    assert.equal(await at('2026-05-01T10:00:59.000Z'), '2026-05-01T10:00:00.000Z')
    assert.equal(await at('2026-05-01T10:01:01.000Z'), '2026-05-01T10:01:01.000Z')
  })
})
