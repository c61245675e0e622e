import assert from 'node:assert/strict'
import { afterTest } from '../../harness/after-test.ts'
import { runCommand } from '../run-command.ts'
import { startStandInServer, type Answer, type SeenRequest } from '../stand-in-server.ts'

const recordId = '01930000-0000-7000-8000-000000000007'
const origin = { owner: null, ownerConnectionId: null, runId: null, connectionId: null, by: null, at: null }
const listed = {
  recordId,
  status: 'active',
  fields: { sisId: 'S-1', race: ['asian', 'white'] },
  customFields: { bus: '7' },
}
const detail = {
  ...{ ...listed, version: 3, createdAt: '2026-11-22T08:00:00.000Z', updatedAt: '2026-11-22T08:00:00.000Z' },
  ...{ keptFields: ['race'], aliases: [{ field: 'sisId', value: 'S-0' }] },
  origins: {
    sisId: {
      ...origin,
      owner: 'connection',
      runId: '01930000-0000-7000-8000-000000000001',
      at: '2026-11-22T08:00:00.000Z',
    },
    race: { ...origin, owner: 'person', by: 'Ms. Alder', at: '2026-11-23T09:30:00.000Z' },
  },
}

async function command(answer: (request: SeenRequest) => Answer, ...args: string[]) {
  const server = await startStandInServer(answer)
  afterTest(server.close)
  return { ...(await runCommand(args, { url: server.url })), seen: server.seen }
}

const students = ['records', 'students', '--district', 'lincoln-county']

describe('records of a search', () => {
  it('are asked for in a body, and never in the address', async () => {
    const asked = ['--search', 'García', '--filter', 'gradeLevel=09', '--filter', 'gradeLevel=10', '--filter', 'email=']
    const { stdout, seen } = await command(
      () => ({ text: 'recordId\n' }),
      ...students,
      ...asked,
      '--sort',
      '-name',
      '--all',
    )
    assert.equal(stdout, 'recordId\n')
    assert.equal(seen[0]?.path, '/api/districts/lincoln-county/records/students/search')
    assert.deepEqual(JSON.parse(seen[0].body), {
      ...{
        search: 'García',
        filter: { gradeLevel: ['09', '10'], email: [''] },
        sort: '-name',
        status: 'all',
        format: 'csv',
      },
    })
  })

  it('come page by page as one array', async () => {
    const answer = ({ body }: SeenRequest) => {
      const isFirst = !body.includes('next')
      return { json: { items: [{ recordId: isFirst ? 'a' : 'b' }], nextCursor: isFirst ? 'next' : null } }
    }
    const { stdout, seen } = await command(answer, ...students, '--search', 'x', '--json')
    assert.deepEqual(JSON.parse(stdout), [{ recordId: 'a' }, { recordId: 'b' }])
    assert.equal(seen.length, 2)
  })

  it('need a district, and filters with a field', async () => {
    for (const args of [
      ['records', 'students'],
      [...students, '--filter', 'name'],
    ]) {
      const { exitCode, stderr, seen } = await command(() => ({}), ...args)
      assert.equal(exitCode, 2)
      assert.match(stderr, /--district <slug>|--filter takes field=value/)
      assert.equal(seen.length, 0)
    }
  })
})

describe('one record', () => {
  const answer = ({ method, path }: SeenRequest): Answer =>
    method === 'POST'
      ? { json: { items: [listed], nextCursor: null } }
      : { json: path.endsWith(recordId) ? detail : {} }

  it('is found by its first id, and shown with who wrote each value', async () => {
    const { stdout, seen } = await command(answer, 'records', 'show', 'students', 'S-1', '--district', 'lincoln-county')
    assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), { filter: { sisId: 'S-1' }, status: 'all' })
    const [first, heading, ...rows] = stdout.trimEnd().split('\n')
    assert.equal(first, `record ${recordId}, active, version 3`)
    assert.match(heading ?? '', /^field +value +owner +written +by$/)
    assert.match(rows[0] ?? '', /^sisId +S-1 +connection +2026-11-22 08:00 +run 01930000-/)
    assert.match(rows[1] ?? '', /^race +asian;white +person +2026-11-23 09:30 +Ms\. Alder$/)
    assert.match(rows[2] ?? '', /^customFields\.bus +7$/)
    assert.equal(rows[3], 'also known by sisId S-0')
  })

  it('is edited as the version that it has, and a list is divided', async () => {
    const change = [
      '--set',
      'race=asian;white',
      '--set',
      'phone=',
      '--set',
      'customFields.bus=9',
      '--give-back',
      'email',
    ]
    const { exitCode, stderr, seen } = await command(
      answer,
      ...['records', 'edit', 'students', recordId, '--district', 'lincoln-county', ...change],
    )
    assert.equal(exitCode, 0, stderr)
    const sent = seen.find(({ method }) => method === 'PATCH')
    assert.deepEqual(JSON.parse(sent?.body ?? ''), {
      ...{ fields: { race: ['asian', 'white'], phone: '' }, customFields: { bus: '9' }, giveBack: ['email'] },
    })
    assert.match(stderr, /its version is 3\. Imports leave alone: race\./)
  })

  it('that was changed since ends as refused', async () => {
    const problem = {
      code: 'CHANGED_SINCE',
      status: 412,
      title: 'x',
      type: 'x',
      requestId: 'x',
      detail: 'Read it again.',
    }
    const { exitCode } = await command(
      () => ({ status: 412, json: problem }),
      ...['records', 'edit', 'students', recordId, '--district', 'x', '--version', '2', '--set', 'phone=1'],
    )
    assert.equal(exitCode, 3)
  })
})
