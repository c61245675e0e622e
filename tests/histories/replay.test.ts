import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { getWorkflowBundle } from '../../stack/code/workflow-bundle.ts'

const directory = import.meta.dirname
const names = globSync('*.json', { cwd: directory }).sort()
const largestPayloadBytes = 50_000

let codePath = ''

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  })
  codePath = await getWorkflowBundle()
})

function readHistory(name: string): string {
  return readFileSync(join(directory, name), 'utf8')
}

async function replay(name: string, json: string): Promise<Error | undefined> {
  const workflowId = basename(name, '.json')
  const items = [{ workflowId, history: historyFromJSON(JSON.parse(json)) }]
  const results = Worker.runReplayHistories({ workflowBundle: { codePath } }, items)
  for await (const result of results) return result.error
  throw new Error('nothing was replayed')
}

describe('a recorded history', () => {
  it('is there for each way a run can go', () => {
    assert.ok(names.length >= 15, `only ${names.length} histories`)
  })

  for (const name of names) {
    it(`replays: ${basename(name, '.json')}`, async () => {
      assert.equal(await replay(name, readHistory(name)), undefined)
    })

    it(`holds ids and counts, nothing large: ${basename(name, '.json')}`, () => {
      for (const bytes of payloadSizes(JSON.parse(readHistory(name)))) assert.ok(bytes <= largestPayloadBytes)
    })
  }

  it('replays of a run that changed records before there was an undo window', async () => {
    const encode = (undoUntil: string | null) =>
      Buffer.from(JSON.stringify({ state: 'completed', undoUntil })).toString('base64')
    const recorded = readHistory('applied.json')
    const json = recorded.replaceAll(encode(null), encode('2026-01-01T00:00:00.000Z'))
    assert.notEqual(json, recorded)
    assert.equal(await replay('applied.json', json), undefined)
  })

  it('of other steps is refused, so that the others prove something', async () => {
    const json = readHistory('applied.json').replaceAll('"stageRun"', '"readInput"')
    assert.equal((await replay('applied.json', json))?.name, 'DeterminismViolationError')
  })
})

function* payloadSizes(value: unknown, key = ''): Generator<number> {
  if (typeof value === 'string' && key === 'data') yield Buffer.from(value, 'base64').length
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) yield* payloadSizes(inner, name)
}
