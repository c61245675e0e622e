import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { RunDocument } from '../../../api/contract/run.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()

/** Statements that the API sends while it works. */
async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const prototype: { query: (...given: unknown[]) => unknown } = pg.Client.prototype
  const { query } = prototype
  let count = 0
  prototype.query = function (...given) {
    count += 1
    return query.apply(this, given)
  }
  try {
    await work()
  } finally {
    prototype.query = query
  }
  return count
}

describe('an id', () => {
  const unknown = [
    ['GET', (id: string) => `/api/runs/${id}`],
    ['GET', (id: string) => `/api/runs/${id}/export`],
    ['GET', (id: string) => `/api/connections/${id}/health`],
    ['POST', (id: string) => `/api/cases/${id}/unmerge`],
  ] as const

  async function countOfEach(token: string): Promise<number[]> {
    const counts: number[] = []
    for (const [method, path] of unknown) {
      const ask = async () => {
        assert.equal((await rig().send(token, method, path(randomUUID()))).status, 404)
      }
      counts.push(await countStatements(ask))
    }
    return counts
  }

  it('that nobody knows costs the same however many districts there are', async () => {
    const token = await rig().makeToken()
    await rig().makeDistrict()
    const withOne = await countOfEach(token)
    for (let count = 0; count < 30; count++) await rig().makeDistrict()
    assert.deepEqual(await countOfEach(token), withOne)
  })

  it('of another district is not there for a token that may not enter it', async () => {
    const [mine, theirs] = [await rig().makeDistrict(), await rig().makeDistrict()]
    const path = `/api/districts/${theirs.slug}/imports?dataType=students`
    const everywhere = await rig().makeToken()
    const run = await readAnswer<RunDocument>(await rig().send(everywhere, 'POST', path, { body: 'x' }), 202)
    const token = await rig().makeToken({ districtId: mine.id })
    assert.equal((await rig().send(token, 'GET', `/api/runs/${run.runId}`)).status, 404)
    assert.equal((await rig().send(token, 'GET', `/api/connections/${run.connection}/health`)).status, 404)
    const theirsToo = await rig().makeToken({ districtId: theirs.id })
    assert.equal((await rig().send(theirsToo, 'GET', `/api/runs/${run.runId}`)).status, 200)
  })
})
