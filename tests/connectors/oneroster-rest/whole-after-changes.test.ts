import assert from 'node:assert/strict'
import { useImportRig } from '../../activities/import-rig.ts'
import { keepPages, pagesOf, type Page } from '../../conformance/pages-of-a-roster.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'

const rig = useImportRig({
  connector: 'oneroster-rest',
  settings: { baseUrl: 'https://or.example.org', version: '1.2', auth: { kind: 'bearer', token: 'x' }, changes: {} },
})

/** As if the provider had been asked then. */
async function bring(pages: readonly Page[], askedAt: string) {
  const run = await rig.giveRun(await keepPages(rig, pages))
  await rig.ask(`update import_runs set asked_at = '${askedAt}' where id = '${run.runId}'`)
  const { metLimits } = await rig.plan(run)
  if (metLimits.length === 0) {
    await rig.step('applyPlan', { ...run, part: 'all' })
    await rig.close(run, { kind: 'applied' })
  }
  return { limits: metLimits.map(({ limit }) => limit), counts: (await rig.readRun(run)).counts }
}

const changed = (at: string) => {
  const pages = pagesOf(new RosterPackage('1.2').set('users', 0, 'phone', '+15550001'))
  const rows = pages.flatMap(({ collection, rows: all }) => (collection === 'users' ? all.slice(0, 1) : [])).slice(0, 1)
  const users = rows.map((row) => ({ ...row, dateLastModified: at }))
  return [
    ...pages.filter(({ collection }) => collection === 'orgs'),
    { collection: 'users', rows: users, total: 1, isLast: true, facts: { changes: 'alone' } },
  ]
}

describe('changes that were asked for', () => {
  it('remove nobody, take nobody for late, and make no whole reading after them doubtful', async () => {
    await bring(pagesOf(new RosterPackage('1.2')), '2026-11-20T10:00:00Z')
    // Changed before the reading of everything began, and written after it: the overlap brings it.
    const delta = await bring(changed('2026-11-20T01:00:00.000Z'), '2026-11-21T10:00:00Z')
    assert.deepEqual([delta.limits, delta.counts.updated, delta.counts.deactivated], [[], 1, 0])
    const roster = new RosterPackage('1.2').set('users', 0, 'phone', '+15550001')
    roster.rows('users').splice(1, 1)
    const whole = await bring(pagesOf(roster), '2026-11-22T10:00:00Z')
    assert.deepEqual([whole.limits, whole.counts.deactivated], [[], 1])
  })

  it('that are read again later do not bring back what they said then', async () => {
    const { counts } = await bring(changed('2026-11-20T01:00:00.000Z'), '2026-11-20T12:00:00Z')
    assert.equal(counts.updated, 0)
    const findings = await rig.ask(`select distinct rule from run_findings where rule = 'D-05'`)
    assert.equal(findings.length, 1)
  })
})
