import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { District } from '../../../api/contract/district.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import { openAnswer, sealAnswer } from '../../../api/manners/sealed-answer.ts'
import { noDistrict } from '../../../db/access/audit.ts'
import { withDistrict } from '../../../db/database.ts'
import { claimKey } from '../../../db/access/idempotency-keys.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()
let slugs = 0

function create(token: string, key: string, slug: string, name = 'A name'): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  return rig().send(token, 'POST', '/api/districts', { headers, body: JSON.stringify({ slug, name }) })
}
const nextSlug = (): string => `once-${(slugs += 1)}`

describe('a POST with an idempotency key', () => {
  it('is carried out once, and gives the first answer again', async () => {
    const token = await rig().makeToken()
    const slug = nextSlug()
    const first = await create(token, 'key', slug)
    assert.equal(first.headers.get('idempotent-replayed'), null)
    const document = await readAnswer<District>(first, 201)
    // Without the key the second would be refused: there is a district of this name.
    const second = await create(token, 'key', slug)
    assert.equal(second.headers.get('idempotent-replayed'), 'true')
    assert.deepEqual(await readAnswer<District>(second, 201), document)
    await readAnswer(await create(token, 'another key', slug), 409)
  })

  it('is written down in the audit log once, like what it did', async () => {
    const token = await rig().makeToken()
    const slug = nextSlug()
    const { id } = await readAnswer<District>(await create(token, 'key', slug), 201)
    await readAnswer(await create(token, 'key', slug), 201)
    const written = [id, noDistrict].map((districtId) =>
      withDistrict(rig().db, districtId, (trx) => trx.selectFrom('auditLog').select('action').execute()),
    )
    const [ofDistrict, ofNone] = await Promise.all(written)
    assert.deepEqual(ofDistrict, [{ action: 'addDistrict' }])
    assert.deepEqual(ofNone, [])
  })

  it('that only reads is carried out each time, and its answer is not kept', async () => {
    const token = await rig().makeToken()
    const { slug } = await rig().makeDistrict()
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key' }
    const ask = (search: string) =>
      rig().send(token, 'POST', `/api/districts/${slug}/records/students/search`, {
        headers,
        body: JSON.stringify({ search }),
      })
    await readAnswer(await ask('ada'))
    assert.equal((await ask('ada')).headers.get('idempotent-replayed'), null)
    await readAnswer(await ask('bea'))
  })

  it('is refused when the key belongs to another request, be it another body or another address', async () => {
    const token = await rig().makeToken()
    const slug = nextSlug()
    await readAnswer(await create(token, 'key', slug), 201)
    const other = await readAnswer<Problem>(await create(token, 'key', slug, 'Another name'), 409)
    assert.equal(other.code, 'IDEMPOTENCY_KEY_REUSED')
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key' }
    const body = JSON.stringify({ slug, name: 'A name' })
    const elsewhere = await rig().send(token, 'POST', `/api/districts/${slug}/uploads`, { headers, body })
    assert.equal((await readAnswer<Problem>(elsewhere, 409)).code, 'IDEMPOTENCY_KEY_REUSED')
  })

  it('belongs to its token: the same key of another is another key', async () => {
    const [one, two] = [await rig().makeToken(), await rig().makeToken()]
    await readAnswer(await create(one, 'key', nextSlug()), 201)
    await readAnswer(await create(two, 'key', nextSlug()), 201)
  })

  it('that was refused may be asked again with the same key', async () => {
    const token = await rig().makeToken()
    const slug = nextSlug()
    await readAnswer(await create(token, 'key', 'No Slug At All'), 400)
    await readAnswer(await create(token, 'key', slug), 201)
  })

  it('is carried out once however many come at the same time', async () => {
    const token = await rig().makeToken()
    const slug = nextSlug()
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(token, 'key', slug)))
    const statuses = answers.map(({ status }) => status)
    assert.ok(
      statuses.every((status) => status === 201 || status === 409),
      statuses.join(),
    )
    const fresh = answers.filter(({ status, headers }) => status === 201 && headers.get('idempotent-replayed') === null)
    assert.equal(fresh.length, 1)
    for (const answer of answers) {
      if (answer.status !== 409) continue
      assert.equal(answer.headers.get('retry-after'), '1')
      assert.equal((await readAnswer<Problem>(answer, 409)).code, 'IDEMPOTENCY_KEY_IN_USE')
    }
  })

  it('leaves nothing in the table that can be read without the token', async () => {
    const token = await rig().makeToken()
    await readAnswer(await create(token, 'a key to look for', nextSlug(), 'A name to look for'), 201)
    const { rows } = await sql<{
      text: string
    }>`select string_agg(k::text, '') || string_agg(encode(answer, 'escape'), '')
      as text from idempotency_keys k`.execute(rig().db)
    const text = rows[0]?.text ?? ''
    assert.ok(text.length > 100)
    for (const secret of [token, 'a key to look for', 'A name to look for']) {
      assert.equal(text.includes(secret), false)
      assert.equal(text.includes(Buffer.from(secret).toString('hex')), false)
    }
  })

  it('is refused when its key is none', async () => {
    const token = await rig().makeToken()
    await readAnswer(await create(token, 'x'.repeat(201), nextSlug()), 400)
    await readAnswer(await create(token, '', nextSlug()), 400)
  })
})

describe('a key', () => {
  const place = () => ({ callerHash: Buffer.from('caller'), keyHash: Buffer.from(`key ${(slugs += 1)}`) })
  const requestHash = Buffer.from('request')
  const attempts = ['01930000-0000-4000-8000-000000000001', '01930000-0000-4000-8000-000000000002'] as const
  const age = (keyHash: Buffer, interval: string) =>
    sql`update idempotency_keys set begun_at = now() - ${interval}::interval where key_hash = ${keyHash}`.execute(
      rig().db,
    )

  it('whose first request died half-way is free after two minutes, for the same request alone', async () => {
    const own = place()
    const claim = (attempt: string, hash = requestHash) => claimKey(rig().db, own, { requestHash: hash, attempt })
    assert.equal((await claim(attempts[0])).kind, 'begun')
    assert.equal((await claim(attempts[1])).kind, 'underWay')
    await age(own.keyHash, '121 seconds')
    assert.equal((await claim(attempts[1], Buffer.from('other'))).kind, 'otherRequest')
    assert.equal((await claim(attempts[1])).kind, 'begun')
  })

  it('is free for anything after a day', async () => {
    const own = place()
    await claimKey(rig().db, own, { requestHash, attempt: attempts[0] })
    await age(own.keyHash, '24 hours 1 second')
    const later = await claimKey(rig().db, own, { requestHash: Buffer.from('other'), attempt: attempts[1] })
    assert.equal(later.kind, 'begun')
  })
})

describe('a kept answer', () => {
  const answer = { type: 'application/json', location: null, body: '{"secret":"shown once"}' }

  it('opens with its credential and key, and with no others', () => {
    const sealed = sealAnswer(answer, 'Bearer one', 'key')
    assert.deepEqual(openAnswer(sealed, 'Bearer one', 'key'), answer)
    assert.throws(() => openAnswer(sealed, 'Bearer two', 'key'))
    assert.throws(() => openAnswer(sealed, 'Bearer one', 'other key'))
  })
})
