import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import JSZip from 'jszip'
import type { RunFinding } from '../../../api/contract/finding.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { Page } from '../../../api/contract/paging.ts'
import type { PlanRow } from '../../../api/contract/plan.ts'
import type { RunDocument } from '../../../api/contract/run.ts'
import { withDistrict } from '../../../db/database.ts'
import { appendPart, completeParts, openPartsDraft } from '../../../db/import/inputs/input-parts.ts'
import { claimStep } from '../../../db/import/step-fence.ts'
import { insertFindings } from '../../../db/import/findings.ts'
import { readAnswer, useApiRig, type TestDistrict } from '../api-rig.ts'
import { plantStudents, recordId } from '../plant-records.ts'

const rig = useApiRig()

/** An uploaded run that is held: one update, one create, and two deactivations at one school. */
async function plantHeldRun(token: string, district: TestDistrict, firstRecord: number): Promise<string> {
  const path = `/api/districts/${district.slug}/imports?dataType=students`
  const { runId } = await readAnswer<RunDocument>(await rig().send(token, 'POST', path, { body: 'the package' }), 202)
  const ids = [0, 1, 2].map((at) => recordId(firstRecord + at))
  const planted = ids.map((id, at) => ({ id, sisId: `S-${at}` }))
  const schoolId = await plantStudents(rig(), district, planted)
  const own = { districtId: district.id, runId }
  const none = { revision: null, reason: null, changes: null, recordId: null, schoolId }
  const row = (seq: number) => ({ ...own, ...none, planNo: 0, seq })
  const limit = { limit: 'deactivations' as const, scope: 'school' as const, schoolId, value: 0.5, max: 0.1, count: 2 }
  // The second row is named by none of the plan: a create.
  const staged = [
    { ...own, seq: 1, line: 2, kind: 1, parts: 1, sisId: 'S-0', familyName: 'Quist-Ode', schoolId },
    { ...own, seq: 2, line: 3, kind: 1, parts: 1, sisId: 'S-9', familyName: 'Nova', schoolId },
  ]
  await withDistrict(rig().db, district.id, async (trx) => {
    const changes = JSON.stringify({ familyName: ['Quist', 'Quist-Ode'] })
    // The columns of a data type are not in the schema's TypeScript, where the registry is their one home.
    await trx.insertInto('stagedStudents').values(staged).execute()
    await trx
      .insertInto('planRows')
      .values([
        { ...row(1), action: 'update', recordId: ids[0] ?? null, changes },
        { ...row(3), action: 'deactivate', recordId: ids[1] ?? null },
        { ...row(4), action: 'deactivate', recordId: ids[2] ?? null },
      ])
      .execute()
    const hold = JSON.stringify({ limits: [limit] })
    await trx.updateTable('importRuns').set({ state: 'held', hold }).where('id', '=', runId).execute()
    const findings = [
      { rule: 'F-06', severity: 'warning', file: 'users.csv', line: 2, column: 'enabledUser', message: 'x, "y"' },
      { rule: 'R-01', severity: 'error', file: 'users.csv', line: 3, sourcedId: 'u-3', message: 'no such org' },
    ] as const
    await insertFindings(trx, { ...own, step: 'stage', firstSeq: 0, findings })
  })
  return runId
}

describe('a held run', () => {
  it('names the school and examples; values only for those who may see them', async () => {
    const token = await rig().makeToken()
    const viewer = await rig().makeToken({ rights: ['view'] })
    const runId = await plantHeldRun(token, await rig().makeDistrict(), 100)
    const run = await readAnswer<RunDocument>(await rig().send(token, 'GET', `/api/runs/${runId}`))
    const limit = run.hold?.limits[0]
    assert.deepEqual([limit?.limit, limit?.count, limit?.schoolName], ['deactivations', 2, 'Franklin High'])
    assert.deepEqual(limit?.examples, [
      { recordId: recordId(101), sisId: 'S-1', values: { sisId: 'S-1', givenName: 'Ada', familyName: 'Quist' } },
      { recordId: recordId(102), sisId: 'S-2', values: { sisId: 'S-2', givenName: 'Ada', familyName: 'Quist' } },
    ])
    const list = await rig().send(token, 'GET', '/api/runs?limit=1000')
    const listed = (await readAnswer<Page<RunDocument>>(list)).items.find((item) => item.runId === runId)
    assert.deepEqual([listed?.hold?.limits[0]?.count, listed?.hold?.limits[0]?.examples], [2, []])
    const seen = await readAnswer<RunDocument>(await rig().send(viewer, 'GET', `/api/runs/${runId}`))
    assert.deepEqual(seen.hold?.limits[0]?.examples, [
      { recordId: recordId(101), sisId: 'S-1' },
      { recordId: recordId(102), sisId: 'S-2' },
    ])
  })
})

describe('the lists of a run', () => {
  it('show of findings and of the plan what a filter means, as pages and as CSV', async () => {
    const token = await rig().makeToken()
    const runId = await plantHeldRun(token, await rig().makeDistrict(), 150)
    const ask = async (path: string) => {
      const page: Page<{ seq: number }> = await readAnswer(await rig().send(token, 'GET', `/api/runs/${runId}/${path}`))
      return page.items.map(({ seq }) => seq)
    }
    for (const [path, expected] of [
      ['findings?severity=error', [1]],
      ['findings?severity=error,warning&rule=F-06,Z-12', [0]],
      ['findings?rule=R-01&file=orgs.csv', []],
      ['findings?file=users.csv', [0, 1]],
      ['plan?action=create', [2]],
      ['plan?action=create,update&school=org-7', [1, 2]],
      ['plan?school=org-8', []],
      ['plan?field=familyName', [1, 2]],
      ['plan?field=familyName&action=update', [1]],
    ] as const) {
      assert.deepEqual(await ask(path), expected, path)
    }
    const csv = await rig().send(token, 'GET', `/api/runs/${runId}/findings?format=csv&rule=R-01`)
    assert.equal((await csv.text()).trimEnd().split('\n').length, 2)
    const plan = await rig().send(token, 'GET', `/api/runs/${runId}/plan?format=csv&action=deactivate`)
    assert.equal((await plan.text()).trimEnd().split('\n').length, 3)
    for (const path of ['findings?severity=dire', 'plan?action=destroy']) {
      await readAnswer<Problem>(await rig().send(token, 'GET', `/api/runs/${runId}/${path}`), 400)
    }
  })
})

describe('the findings of a run', () => {
  it('come as JSON pages and as CSV', async () => {
    const token = await rig().makeToken()
    const runId = await plantHeldRun(token, await rig().makeDistrict(), 200)
    const path = `/api/runs/${runId}/findings`
    const first = await readAnswer<Page<RunFinding>>(await rig().send(token, 'GET', `${path}?limit=1`))
    assert.equal(first.items[0]?.rule, 'F-06')
    const rest = await readAnswer<Page<RunFinding>>(
      await rig().send(token, 'GET', `${path}?limit=1&cursor=${first.nextCursor}`),
    )
    assert.equal(rest.items[0]?.sourcedId, 'u-3')
    assert.equal(rest.nextCursor, null)
    const answer = await rig().send(token, 'GET', path, { headers: { accept: 'text/csv' } })
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8')
    const csv = await answer.text()
    assert.deepEqual(csv.split('\n'), [
      'rule,severity,file,line,column,sourceId,message',
      'F-06,warning,users.csv,2,enabledUser,,"x, ""y"""',
      'R-01,error,users.csv,3,,u-3,no such org',
      '',
    ])
  })
})

describe('the plan of a run', () => {
  it('has old and new values, those of a create from nothing, and the school as its source key', async () => {
    const token = await rig().makeToken()
    const runId = await plantHeldRun(token, await rig().makeDistrict(), 300)
    const page = await readAnswer<Page<PlanRow>>(await rig().send(token, 'GET', `/api/runs/${runId}/plan`))
    const [update, create, deactivate] = page.items
    assert.deepEqual(update?.changes, { familyName: { old: 'Quist', new: 'Quist-Ode' } })
    assert.deepEqual(create?.changes, {
      sisId: { old: null, new: 'S-9' },
      familyName: { old: null, new: 'Nova' },
      schoolId: { old: null, new: 'org-7' },
    })
    assert.deepEqual([create.line, deactivate?.line, deactivate?.school], [3, null, 'org-7'])
    // Of a record that we hold as we hold it, of a create as it comes in.
    const named = page.items.map(({ sisId, name, schoolName }) => [sisId, name, schoolName])
    assert.deepEqual(named.slice(0, 3), [
      ['S-0', 'Ada Quist', 'Franklin High'],
      ['S-9', 'Nova', 'Franklin High'],
      ['S-1', 'Ada Quist', 'Franklin High'],
    ])
    const csv = await (await rig().send(token, 'GET', `/api/runs/${runId}/plan?format=csv`)).text()
    const lines = csv.split('\n')
    assert.equal(lines[0], 'action,recordId,school,line,reason,field,old,new,sisId,schoolName,name')
    assert.equal(lines[1], `update,${recordId(300)},org-7,2,,familyName,Quist,Quist-Ode,S-0,Franklin High,Ada Quist`)
    assert.ok(lines.includes(`deactivate,${recordId(301)},org-7,,,,,,S-1,Franklin High,Ada Quist`))
  })

  it('has only the names of fields for those who may not see values', async () => {
    const token = await rig().makeToken()
    const viewer = await rig().makeToken({ rights: ['view'] })
    const runId = await plantHeldRun(token, await rig().makeDistrict(), 400)
    const text = await (await rig().send(viewer, 'GET', `/api/runs/${runId}/plan`)).text()
    assert.match(text, /familyName/)
    assert.equal(text.includes('Quist'), false)
    const csv = await (await rig().send(viewer, 'GET', `/api/runs/${runId}/plan?format=csv`)).text()
    assert.match(csv, /^action,recordId,school,line,reason,field,sisId,schoolName\n/)
    assert.equal(csv.includes('Quist'), false)
  })
})

describe('the export of a run', () => {
  it('is a ZIP of the summary, the findings, the changes and the input as it came', async () => {
    const token = await rig().makeToken()
    const runId = await plantHeldRun(token, await rig().makeDistrict(), 500)
    const response = await rig().send(token, 'GET', `/api/runs/${runId}/export`)
    const zip = await JSZip.loadAsync(await response.arrayBuffer())
    assert.deepEqual(Object.keys(zip.files), ['summary.json', 'findings.csv', 'changes.csv', 'input.zip'])
    assert.equal(await zip.file('input.zip')?.async('string'), 'the package')
    // Written by the export itself.
    const summary = JSON.parse((await zip.file('summary.json')?.async('string')) ?? '') as RunDocument
    assert.equal(summary.runId, runId)
    assert.match((await zip.file('changes.csv')?.async('string')) ?? '', /Quist-Ode/)
    assert.match((await zip.file('findings.csv')?.async('string')) ?? '', /R-01/)
    const viewer = await rig().makeToken({ rights: ['view'] })
    await readAnswer(await rig().send(viewer, 'GET', `/api/runs/${runId}/export`), 403)
  })

  it('has every page of an input that came in pages', async () => {
    const token = await rig().makeToken()
    const { id: districtId, slug } = await rig().makeDistrict()
    const runId = await plantHeldRun(token, { id: districtId, slug }, 800)
    const { draft } = await withDistrict(rig().db, districtId, async (trx) =>
      openPartsDraft(trx, { districtId, runId, fence: await claimStep(trx, runId), name: 'pages' }),
    )
    let last: Awaited<ReturnType<typeof appendPart>> | undefined
    for (const page of ['orgs', 'users-1', 'users-2']) {
      const part = { collection: page.slice(0, 4), name: `${page}.json`, next: null, facts: {} }
      last = await appendPart(rig().db, draft, last, { ...part, content: Readable.from([Buffer.from(page)]) })
    }
    await withDistrict(rig().db, districtId, async (trx) => {
      const { id: inputFileId } = await completeParts(trx, draft)
      await trx.updateTable('importRuns').set({ inputFileId }).where('id', '=', runId).execute()
    })
    const answer = await rig().send(token, 'GET', `/api/runs/${runId}/export`)
    const zip = await JSZip.loadAsync(await answer.arrayBuffer())
    const pages = Object.keys(zip.files).filter((name) => name.startsWith('input'))
    assert.deepEqual(pages, ['input/orgs.json', 'input/users-1.json', 'input/users-2.json'])
    assert.equal(await zip.file('input/users-2.json')?.async('string'), 'users-2')
  })
})

describe('a run whose log was removed', () => {
  it('says so wherever its log is asked for, and how to see it again', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const runId = await plantHeldRun(token, district, 700)
    await withDistrict(rig().db, district.id, (trx) =>
      trx.updateTable('importRuns').set({ state: 'completed', logKeptDays: 45 }).where('id', '=', runId).execute(),
    )
    const ask = (path: string) => rig().send(token, 'GET', `/api/runs/${runId}${path}`)
    const parts = ['/findings', '/findings?format=csv', '/plan', '/plan?format=csv', '/export']
    for (const path of parts) {
      const problem = await readAnswer<Problem>(await ask(path), 410)
      assert.equal(problem.code, 'LOG_REMOVED')
      assert.match(problem.detail, new RegExp(`Removed after 45 days.*Rerun.*\`rollbook run rerun ${runId} --test\``))
    }
    const run = await readAnswer<RunDocument>(await ask(''))
    assert.deepEqual([run.state, run.logRemovedAfterDays], ['completed', 45])
    const again = await rig().sendJson(token, 'POST', `/api/runs/${runId}/rerun`, { test: true })
    assert.equal((await readAnswer<RunDocument>(again, 202)).rerunOf, runId)

    await withDistrict(rig().db, district.id, (trx) => trx.deleteFrom('archivedFiles').execute())
    const gone = await readAnswer<Problem>(await ask('/plan'), 410)
    assert.match(gone.detail, /Removed after 45 days.*package is no longer kept/)
    assert.doesNotMatch(gone.detail, /rollbook run rerun/)
    const refused = await rig().sendJson(token, 'POST', `/api/runs/${runId}/rerun`, { test: true })
    const problem = await readAnswer<Problem>(refused, 410)
    assert.deepEqual([problem.code, /Upload the package again/.test(problem.detail)], ['INPUT_MISSING', true])
  })
})

describe('the log of the API', () => {
  it('holds request ids and routes, and nothing of a record, a query or a token', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const runId = await plantHeldRun(token, district, 900)
    await (await rig().send(token, 'GET', `/api/runs/${runId}/plan?format=csv`)).text()
    await (await rig().send(token, 'GET', `/api/districts/${district.slug}/records/students?cursor=WyJTLTEiXQ`)).text()
    const log = rig().logLines.join('')
    assert.match(log, /"requestId":"/)
    for (const secret of ['Quist', 'S-1', 'WyJTLTEiXQ', token]) assert.equal(log.includes(secret), false, secret)
  })
})
