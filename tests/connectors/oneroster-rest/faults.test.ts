import assert from 'node:assert/strict'
import { oneRosterRest } from '../../../connectors/oneroster-rest/connector.ts'
import { OneRosterRestSettings } from '../../../connectors/oneroster-rest/settings.ts'
import { faultKinds, type FaultName } from '../../../simulators/oneroster-rest/faults/registry.ts'
import { startOneRosterRest, type StandIn } from '../../../simulators/oneroster-rest/start.ts'
import { afterTest } from '../../harness/after-test.ts'
import { extractParts, fetchParts } from './read-all.ts'

const district = { seed: 11, students: 120, studentsPerSchool: 60 }
const settingsOf = (standIn: StandIn) => ({ ...standIn.settings, pageSize: 50, pauseMs: 0 })

/** What the run of it is like: everything there and proved, everything there without proof, or some refused. */
const outcomes: Readonly<Record<FaultName, 'proved' | 'unproved' | 'refused'>> = {
  ...{ 'repeated-page': 'proved', 'moved-rows': 'unproved', 'shrinking-collection': 'unproved' },
  ...{ 'lying-total': 'unproved', 'no-total': 'unproved', 'no-link': 'proved', 'looping-next': 'proved' },
  ...{ 'short-pages': 'proved', 'named-after-path': 'proved', 'odd-case': 'proved', 'filter-ignored': 'proved' },
  ...{
    'filter-finds-nothing': 'proved',
    'inactive-status': 'proved',
    'touched-dates': 'proved',
    'missing-value': 'proved',
    'local-dates': 'proved',
  },
  ...{ 'dangling-reference': 'proved', 'unknown-role': 'proved', 'repeated-row': 'unproved' },
  ...{ 'row-without-id': 'unproved', 'token-revoked': 'proved', 'rate-limited': 'proved' },
  ...{ 'rate-limited-silently': 'proved', 'rate-limited-until': 'proved', 'server-error': 'proved' },
  ...{ 'html-error': 'proved', 'error-with-200': 'proved', 'filter-refused': 'proved', 'truncated-json': 'proved' },
  ...{ 'malformed-json': 'proved', slow: 'proved', 'connection-cut': 'proved', 'connection-refused': 'proved' },
  'expired-certificate': 'refused',
}
/** Where somebody is not read, or not as a student. */
const losesRows: readonly FaultName[] = [
  'moved-rows',
  'shrinking-collection',
  'repeated-row',
  'row-without-id',
  'unknown-role',
]

describe('a provider with a fault', () => {
  let standIn: StandIn
  let calm: string[]
  beforeAll(async () => {
    standIn = await startOneRosterRest({ district, version: '1.2' })
    const { keys, report } = await extractParts(await fetchParts(settingsOf(standIn), 'students'), '1.2', 'students')
    assert.equal(report.isComplete, true)
    calm = keys
  })
  afterAll(() => standIn.close())

  for (const name of Object.keys(faultKinds) as FaultName[]) {
    if (name === 'expired-certificate') continue
    it(`is read all the same, and believed no more than it deserves: ${name}`, async () => {
      standIn.clearRequests()
      standIn.setFaults([{ name, ...(name === 'slow' && { ms: 10 }), collection: 'users' }])
      const parts = await fetchParts(settingsOf(standIn), 'students')
      const { keys, report, findings } = await extractParts(parts, '1.2', 'students')
      assert.equal(report.isComplete, outcomes[name] === 'proved')
      const unproved = findings.filter(({ rule }) => rule === 'I-18').map(({ file }) => file)
      assert.deepEqual(unproved, outcomes[name] === 'proved' ? [] : ['users'])
      if (!losesRows.includes(name)) assert.deepEqual(keys.map(idOf), calm.map(idOf))
      // No page more than twice.
      for (const { path, page, count } of standIn.pages()) assert.ok(count <= 2, `${path} ${page} ${count}`)
    })
  }

  it('is the same over OAuth 1.0a with either signature', async () => {
    for (const signature of ['HMAC-SHA256', 'HMAC-SHA1'] as const) {
      const other = await startOneRosterRest({ district, version: '1.1', signature })
      afterTest(() => other.close())
      const parts = await fetchParts(settingsOf(other), 'students')
      assert.equal((await extractParts(parts, '1.1', 'students')).report.isComplete, true)
    }
  })

  it('is read over TLS with the CA of its own, and not when the certificate ran out or the CA is unknown', async () => {
    const secure = await startOneRosterRest({ district, isTls: true })
    afterTest(() => secure.close())
    const { caCertificate: _, ...unknown } = settingsOf(secure)
    assert.ok((await fetchParts(settingsOf(secure), 'students')).length > 3)
    await assert.rejects(fetchParts(unknown, 'students'), /certificate is not to be trusted/)
    const expired = await startOneRosterRest({ district, isTls: true, faults: [{ name: 'expired-certificate' }] })
    afterTest(() => expired.close())
    await assert.rejects(fetchParts(settingsOf(expired), 'students'), /CERT_HAS_EXPIRED/)
  })

  it('that lets us not see demographics is read without them, and without users not at all', async () => {
    const core = await startOneRosterRest({ district, version: '1.2', scopes: ['roster-core.readonly'] })
    afterTest(() => core.close())
    const parts = await fetchParts(settingsOf(core), 'students')
    const { report } = await extractParts(parts, '1.2', 'students')
    assert.deepEqual([report.isUsable, parts.at(-1)?.facts['refused']], [true, '403'])
    await assert.rejects(fetchParts(settingsOf(core), 'courseHistory'), /scope/)
  })
})

describe('a test of the connection', () => {
  const test = (settings: object) =>
    oneRosterRest.test(OneRosterRestSettings.parse(settings), { mayReach: (host) => host !== '172.20.2.3' })

  it('says whether the provider answers, and what is wrong', async () => {
    const standIn = await startOneRosterRest({ district })
    afterTest(() => standIn.close())
    const { settings } = standIn
    assert.deepEqual(await test(settings), { isConnected: true })
    const { auth, baseUrl } = settings
    const wrong = await test({ ...settings, auth: { ...auth, secret: 'other' } })
    assert.ok(!wrong.isConnected && /credentials \(401\)/.test(wrong.reason))
    const astray = await test({ ...settings, baseUrl: baseUrl.replace('v1p1', 'v9') })
    assert.ok(!astray.isConnected && /404/.test(astray.reason))
    const within = await test({ ...settings, baseUrl: 'http://172.20.2.3/ims' })
    assert.ok(!within.isConnected && /private address/.test(within.reason))
  })

  it('is not made where names of people would go over the network in clear', async () => {
    const settings = { baseUrl: 'http://or.example.org/ims', version: '1.1', auth: { kind: 'bearer', token: 'x' } }
    const find = (one: object) => oneRosterRest.findSettingsProblem?.(OneRosterRestSettings.parse(one), {})
    assert.match((await find(settings)) ?? '', /https/)
    assert.equal(await find({ ...settings, baseUrl: 'https://or.example.org/ims' }), undefined)
  })
})

const idOf = (key: string) => key.split(' ')[0]
