import assert from 'node:assert/strict'
import type { Page } from '../../../api/contract/paging.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import type { MessageReceipt, RunDocument } from '../../../api/contract/run.ts'
import { withDistrict } from '../../../db/database.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'
import { plantConnection, plantRun } from './plant-run.ts'

const rig = useApiRig()

/** Field names of `run show --json` (contract.md). */
const contractFields = [
  ...['runId', 'district', 'connection', 'dataType', 'test', 'state', 'statusText', 'counts', 'findings', 'hold'],
  ...['startedAt', 'finishedAt', 'undoUntil', 'workflowId', 'input'],
]
const contractCounts = [
  ...['read', 'rejected', 'skipped', 'created', 'updated', 'deactivated', 'reactivated', 'unchanged', 'duplicates'],
]

describe('a run', () => {
  it('is shown with every field of the contract', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const connection = await plantConnection(rig(), token, district)
    const run = await plantRun(rig(), district, connection.id)
    const document = await readAnswer<RunDocument>(await rig().send(token, 'GET', `/api/runs/${run.id}`))
    for (const field of contractFields) assert.ok(field in document, field)
    assert.deepEqual(Object.keys(document.counts).sort(), contractCounts.sort())
    assert.deepEqual(document.findings, { block: 0, error: 0, warning: 0, info: 0, byRule: {} })
    assert.equal(document.statusText, 'Import Completed')
    assert.equal(document.hold, null)
  })

  it('is waited for until it is at rest', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const connection = await plantConnection(rig(), token, district)
    const run = await plantRun(rig(), district, connection.id, 'applying')
    let isAnswered = false
    const waiting = rig()
      .send(token, 'GET', `/api/runs/${run.id}?wait=25`)
      .finally(() => {
        isAnswered = true
      })
    const early = await readAnswer<RunDocument>(await rig().send(token, 'GET', `/api/runs/${run.id}?wait=0.2`))
    assert.equal(early.state, 'applying')
    assert.equal(isAnswered, false)
    await withDistrict(rig().db, district.id, (trx) =>
      trx.updateTable('importRuns').set({ state: 'completed' }).where('id', '=', run.id).execute(),
    )
    assert.equal((await readAnswer<RunDocument>(await waiting)).state, 'completed')
  })

  it('tells what keeps it from getting on, while it is under way', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const connection = await plantConnection(rig(), token, district)
    const run = await plantRun(rig(), district, connection.id, 'validating')
    const { workflows } = rig()
    const facts = { step: 'stageRun', attempts: 7, code: 'DISK_FULL', detail: 'No space.', nextTryAt: null }
    workflows.trouble = facts
    const show = async () =>
      (await readAnswer<RunDocument>(await rig().send(token, 'GET', `/api/runs/${run.id}`))).trouble
    try {
      assert.equal(await show(), null, 'a run of this moment is not asked about')
      const setCreated = { createdAt: new Date(Date.now() - 60_000) }
      await withDistrict(rig().db, district.id, (trx) =>
        trx.updateTable('importRuns').set(setCreated).where('id', '=', run.id).execute(),
      )
      const { advice, ...told } = (await show()) ?? { advice: '' }
      assert.deepEqual(told, facts)
      assert.match(advice, /make room/)
      await withDistrict(rig().db, district.id, (trx) =>
        trx.updateTable('importRuns').set({ state: 'completed' }).where('id', '=', run.id).execute(),
      )
      assert.equal(await show(), null)
    } finally {
      workflows.trouble = undefined
    }
  })

  it('is listed among others, the newest first, over districts and pages', async () => {
    const all = await rig().makeToken()
    const district = await rig().makeDistrict()
    const connection = await plantConnection(rig(), all, district)
    const ids: string[] = []
    for (let at = 0; at < 5; at++) ids.unshift((await plantRun(rig(), district, connection.id)).id)
    const listed: string[] = []
    let cursor: string | null = null
    do {
      const query: string = `?limit=2&district=${district.slug}${cursor === null ? '' : `&cursor=${cursor}`}`
      const page: Page<RunDocument> = await readAnswer(await rig().send(all, 'GET', `/api/runs${query}`))
      listed.push(...page.items.map(({ runId }) => runId))
      cursor = page.nextCursor
    } while (cursor !== null)
    assert.deepEqual(listed, ids)

    const everywhere = await readAnswer<Page<RunDocument>>(await rig().send(all, 'GET', '/api/runs?limit=1000'))
    for (const id of ids) assert.ok(everywhere.items.some(({ runId }) => runId === id))
  })

  it('is not found under a made-up id, and a made-up cursor is refused', async () => {
    const token = await rig().makeToken()
    await readAnswer(await rig().send(token, 'GET', '/api/runs/01930000-0000-7000-8000-000000000000'), 404)
    await readAnswer(await rig().send(token, 'GET', '/api/runs/not-an-id'), 400)
    await readAnswer(await rig().send(token, 'GET', '/api/runs?cursor=abc'), 400)
  })
})

describe('a decision on a hold', () => {
  it('reaches the workflow of a held run with the name of who decided', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const connection = await plantConnection(rig(), token, district)
    const run = await plantRun(rig(), district, connection.id, 'held')
    const path = `/api/runs/${run.id}/hold`
    const receipt = await readAnswer<MessageReceipt>(
      await rig().sendJson(token, 'POST', path, { decision: 'approve' }),
      202,
    )
    assert.equal(receipt.delivery, 'answered')
    assert.deepEqual(rig().workflows.messages.at(-1), {
      workflowId: run.workflowId,
      message: { decision: 'approve', by: 'tester' },
    })
    rig().workflows.delivery = 'sent'
    const sent = await readAnswer<MessageReceipt>(
      await rig().sendJson(token, 'POST', path, { decision: 'discard' }),
      202,
    )
    assert.match(sent.message, /No worker answered/)
    rig().workflows.delivery = 'answered'
  })

  it('is refused when the run is not held, when the workflow refuses, and when Temporal is away', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const connection = await plantConnection(rig(), token, district)
    const decide = async (runId: string, status: number): Promise<string> => {
      const answer = await rig().sendJson(token, 'POST', `/api/runs/${runId}/hold`, { decision: 'approve' })
      return (await readAnswer<Problem>(answer, status)).detail
    }
    const completed = await plantRun(rig(), district, connection.id)
    assert.match(await decide(completed.id, 409), /state is "completed"/)
    const held = await plantRun(rig(), district, connection.id, 'held')
    rig().workflows.refusal = 'the run is not held for review'
    assert.match(await decide(held.id, 409), /not held for review/)
    rig().workflows.refusal = undefined
    rig().workflows.isUp = false
    await decide(held.id, 503)
    const health = await rig().api.request('/api/health')
    assert.equal((await readAnswer<{ temporal: string }>(health, 503)).temporal, 'down')
    rig().workflows.isUp = true
  })

  it('may be to cancel, also of a run under way, and not of one that is over', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const connection = await plantConnection(rig(), token, district)
    const running = await plantRun(rig(), district, connection.id, 'applying')
    await readAnswer(await rig().sendJson(token, 'POST', `/api/runs/${running.id}/cancel`, {}), 202)
    assert.deepEqual(rig().workflows.messages.at(-1)?.message, { by: 'tester', reason: 'no reason given' })
    const over = await plantRun(rig(), district, connection.id, 'cancelled')
    await readAnswer(await rig().sendJson(token, 'POST', `/api/runs/${over.id}/cancel`, {}), 409)
  })
})
