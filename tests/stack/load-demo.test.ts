import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadDemo } from '../../stack/demo/load-demo.ts'
import { linkToRun, linkToRuns } from '../../stack/temporal/temporal-ui-links.ts'
import { startTestStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'

/** What Temporal's UI asks of Temporal, for the list that a link leads to. */
async function listInUi(uiUrl: string, link: string): Promise<{ types: string[]; ids: string[] }> {
  const query = new URL(link).searchParams.get('query') ?? ''
  const answer = await fetch(`${uiUrl}/api/v1/namespaces/default/workflows?query=${encodeURIComponent(query)}`)
  assert.equal(answer.status, 200)
  const { executions = [] } = (await answer.json()) as {
    executions?: { type: { name: string }; execution: { workflowId: string } }[]
  }
  return {
    types: executions.map(({ type }) => type.name),
    ids: executions.map(({ execution }) => execution.workflowId),
  }
}

describe('npm start', () => {
  it('prints what became of the demo import and where Temporal shows it, and at a later start no old run', async () => {
    const stack = await startTestStack({ ROLLBOOK_SWEEP_INTERVAL_MS: '1000' })
    const directory = dirname(stack.pidsFile)
    const load = async () => {
      const said: string[] = []
      await loadDemo(stack, directory, (text) => said.push(text))
      return said.join('\n')
    }
    const first = await load()
    assert.match(first, /Import Complete/)
    const [link = ''] = /http\S+workflows\S+/.exec(first) ?? []
    assert.ok(link.startsWith(stack.temporalUiUrl))

    // The list has the run that the link is about, and none of the sweeps that come by the second.
    const all = `${stack.temporalUiUrl}/?query=`
    await until(async () => (await listInUi(stack.temporalUiUrl, all)).types.includes('sweepNotifications'))
    const { types, ids } = await listInUi(stack.temporalUiUrl, linkToRuns(stack.temporalUiUrl))
    assert.deepEqual(types.toSorted(), ['runImport', 'undoWindow'])
    const [, district = '', dataType = '', runId = ''] = ids.find((id) => id.startsWith('import/'))?.split('/') ?? []
    assert.equal(linkToRun(stack.temporalUiUrl, { district, dataType, runId }), link)

    const second = await load()
    assert.match(second.trim(), /^Going on with the data of the last start/)
    assert.doesNotMatch(second, /Import Complete/)
  })

  it('keeps logs that its owner alone can read', async () => {
    const stack = await startTestStack()
    const logs = join(dirname(stack.pidsFile), 'logs')
    const names = readdirSync(logs)
    assert.ok(names.includes('worker.log'))
    for (const name of names) assert.equal(statSync(join(logs, name)).mode & 0o077, 0, name)
  })
})
