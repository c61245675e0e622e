import assert from 'node:assert/strict'
import { fetchToken, send, signOAuth1, StandInClient, startStandIn, type Got } from './stand-in-client.ts'

const base = 'https://purl.imsglobal.org/spec/or'

function codeOf({ json }: Got): unknown {
  const [first] = (json['statusInfoSet'] ?? []) as { imsx_codeMinor: string }[]
  const minor = json['imsx_CodeMinor'] as { imsx_codeMinorField: { imsx_codeMinorFieldValue: string }[] } | undefined
  return first?.imsx_codeMinor ?? minor?.imsx_codeMinorField[0]?.imsx_codeMinorFieldValue
}

describe('OAuth 1.0a', () => {
  for (const signature of ['HMAC-SHA256', 'HMAC-SHA1'] as const) {
    it(`takes ${signature} when that is its method, and no other`, async () => {
      const standIn = await startStandIn({ signature })
      const { baseUrl, auth } = standIn.settings
      assert.ok(auth.kind === 'oauth1')
      const url = `${baseUrl}/orgs`
      const good = await send(url, { headers: { authorization: signOAuth1(url, auth) } })
      assert.equal(good.status, 200)
      const other = signature === 'HMAC-SHA1' ? 'HMAC-SHA256' : 'HMAC-SHA1'
      const bad = await send(url, { headers: { authorization: signOAuth1(url, { ...auth, signature: other }) } })
      assert.equal(bad.status, 401)
    })
  }

  it('computes the signature over the query however it is encoded', async () => {
    const client = new StandInClient(await startStandIn())
    const { auth } = client.settings
    assert.ok(auth.kind === 'oauth1')
    const encodings = [
      "filter=familyName='O''Dell'%20AND%20status!=%27tobedeleted%27&limit=5",
      'limit=5&filter=familyName%3D%27O%27%27Dell%27%20AND%20status%21%3D%27tobedeleted%27',
      "limit=5&filter=familyName%3d'O''Dell'+AND+status%21%3d'tobedeleted'",
    ]
    for (const query of encodings) {
      const url = `${client.settings.baseUrl}/users?${query}`
      // Signed over the parameters, sent in this form.
      const got = await send(url, { headers: { authorization: signOAuth1(url, auth) } })
      assert.equal(got.status, 200, `${query} ${got.text}`)
    }
  })

  it('refuses what is missing, old, used, damaged or signed with another secret', async () => {
    const standIn = await startStandIn()
    const { baseUrl, auth } = standIn.settings
    assert.ok(auth.kind === 'oauth1')
    const url = `${baseUrl}/users?limit=1`
    const old = String(Math.floor(Date.now() / 1000) - 1000)
    const used = signOAuth1(url, auth)
    assert.equal((await send(url, { headers: { authorization: used } })).status, 200)
    const headers = {
      nothing: '',
      bearer: 'Bearer abc',
      old: signOAuth1(url, auth, { oauth_timestamp: old }),
      used,
      otherSecret: signOAuth1(url, { ...auth, secret: 'other' }),
      otherKey: signOAuth1(url, { ...auth, key: 'other' }),
      otherVersion: signOAuth1(url, auth, { oauth_version: '2.0' }),
      otherQuery: signOAuth1(`${baseUrl}/users?limit=2`, auth),
      damaged: 'OAuth oauth_consumer_key=rollbook',
    }
    for (const [name, authorization] of Object.entries(headers)) {
      const got = await send(url, { headers: { authorization } })
      assert.deepEqual([got.status, codeOf(got)], [401, 'unauthorized'], name)
      assert.match(String(got.headers['www-authenticate']), /^OAuth/)
    }
  })
})

describe('OAuth 2 client credentials', () => {
  it('gives a token for Basic and for a form, and takes it', async () => {
    const { settings } = await startStandIn({ version: '1.2' })
    const { auth, baseUrl } = settings
    assert.ok(auth.kind === 'oauth2')
    const { clientId, clientSecret, tokenUrl } = auth
    const form = await send(tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }).toString(),
    })
    assert.equal(form.json['expires_in'], 3600)
    assert.equal(form.json['token_type'], 'bearer')
    for (const token of [await fetchToken(settings), String(form.json['access_token'])]) {
      const got = await send(`${baseUrl}/orgs`, { headers: { authorization: `Bearer ${token}` } })
      assert.equal(got.status, 200)
    }
  })

  it('refuses other clients, other grants and scopes that are not there', async () => {
    const { settings } = await startStandIn({ version: '1.2' })
    const { auth } = settings
    assert.ok(auth.kind === 'oauth2')
    const good = { grant_type: 'client_credentials', client_id: auth.clientId, client_secret: auth.clientSecret }
    const cases = [
      [401, 'invalid_client', { ...good, client_secret: 'other' }],
      [400, 'unsupported_grant_type', { ...good, grant_type: 'password' }],
      [400, 'invalid_scope', { ...good, scope: `${base}/v1p1/scope/roster-core.readonly` }],
    ] as const
    for (const [status, error, form] of cases) {
      const got = await send(auth.tokenUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      })
      assert.deepEqual([got.status, got.json['error']], [status, error])
    }
  })

  it('takes no token that has run out or was taken back', async () => {
    let now = Date.now()
    const standIn = await startStandIn({ version: '1.2', tokenLifetimeSeconds: 60, now: () => now })
    const client = new StandInClient(standIn)
    assert.equal((await client.get('orgs')).status, 200)
    now += 61_000
    const late = await client.get('orgs')
    assert.deepEqual([late.status, codeOf(late)], [401, 'unauthorisedrequest'])
    assert.match(String(late.headers['www-authenticate']), /invalid_token/)
    client.forgetToken()
    assert.equal((await client.get('orgs')).status, 200)
    standIn.revokeTokens()
    assert.equal((await client.get('orgs')).status, 401)
  })

  it('keeps each scope to what it opens', async () => {
    for (const version of ['1.1', '1.2'] as const) {
      const standIn = await startStandIn({ version, auth: 'oauth2' })
      const scope = `${base}/${version === '1.1' ? 'v1p1' : 'v1p2'}/scope/roster-core.readonly`
      const token = await fetchToken(standIn.settings, scope)
      const get = async (url: string) => (await send(url, { headers: { authorization: `Bearer ${token}` } })).status
      const { baseUrl } = standIn.settings
      assert.equal(await get(`${baseUrl}/users`), 200)
      assert.equal(await get(`${baseUrl}/demographics`), 403)
      assert.equal(await get(`${baseUrl}/schools/school-001/classes`), 403)
      assert.equal(await get(`${baseUrl.replace('/rostering/', '/gradebook/')}/results`), 403)
    }
  })

  it('gives no more than the client may have', async () => {
    const standIn = await startStandIn({ version: '1.2', scopes: ['roster.readonly'] })
    const client = new StandInClient(standIn)
    assert.equal((await client.get('schools/school-001/classes')).status, 200)
    const refused = await client.get('demographics')
    assert.deepEqual([refused.status, codeOf(refused)], [403, 'forbidden'])
  })
})
