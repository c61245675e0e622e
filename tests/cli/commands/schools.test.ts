import assert from 'node:assert/strict'
import type { SchoolMatching, SourceSchool } from '../../../api/contract/school.ts'
import { afterTest } from '../../harness/after-test.ts'
import { runCommand } from '../run-command.ts'
import { startStandInServer } from '../stand-in-server.ts'

const connection = '01930000-0000-7000-8000-0000000000c1'
const [north, south] = ['01930000-0000-7000-8000-0000000000a1', '01930000-0000-7000-8000-0000000000a2']

const school = (sourceKey: string, rest: Partial<SourceSchool> = {}): SourceSchool => ({
  ...{ sourceKey, name: `School ${sourceKey}`, type: 'school', number: '', ncesId: '', stateId: '', isActive: true },
  ...{ state: 'unmatched', schoolId: null, schoolName: null, suggestion: null, decidedBy: null, decidedAt: null },
  ...{ firstSeenAt: '2026-11-22T08:00:00.000Z', seenAt: '2026-11-22T08:00:00.000Z', goneSince: null },
  ...rest,
})

const matching: SchoolMatching = {
  connection,
  newSchools: 'ask',
  counts: { matched: 1, suggested: 2, open: 1, leftOut: 0 },
  items: [
    school('a', { state: 'matched', schoolId: north, schoolName: 'North' }),
    school('b', { suggestion: { schoolId: south, schoolName: 'South', reason: 'sameNcesId', likeness: 0.4 } }),
    school('c', { suggestion: { schoolId: north, schoolName: 'North', reason: 'similarName', likeness: 0.9 } }),
    school('d', { isActive: false }),
  ],
  ours: [],
}

async function run(...args: string[]) {
  const server = await startStandInServer(() => ({ json: matching }))
  afterTest(server.close)
  const ended = await runCommand(['schools', ...args, '--connection', connection], server)
  const sent = server.seen.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body) as unknown)
  return { ...ended, sent }
}

describe('rollbook schools', () => {
  it('lists them with what is suggested and why', async () => {
    const { exitCode, stdout, stderr } = await run('list')
    assert.equal(exitCode, 0)
    assert.match(stdout, /^b +School b +suggested +South +same NCES id$/m)
    assert.match(stdout, /^d +School d +unmatched, inactive$/m)
    assert.match(stderr, /4 schools: 1 matched, 2 suggested, 1 open, 0 left out\./)
    const { stdout: json } = await run('list', '--open', '--json')
    const { items } = JSON.parse(json) as SchoolMatching
    assert.deepEqual(
      items.map(({ sourceKey }) => sourceKey),
      ['b', 'c', 'd'],
    )
  })

  it('accepts every suggestion in one change, or matches one', async () => {
    const { sent } = await run('match', '--auto')
    assert.deepEqual(sent, [
      {
        changes: [
          { action: 'match', sourceKey: 'b', schoolId: south },
          { action: 'match', sourceKey: 'c', schoolId: north },
        ],
      },
    ])
    const one = await run('match', '--source', 'd', '--school', south)
    assert.deepEqual(one.sent, [{ changes: [{ action: 'match', sourceKey: 'd', schoolId: south }] }])
    assert.equal((await run('match', '--source', 'd')).exitCode, 2)
    assert.equal((await run('match', '--auto', '--source', 'd', '--school', south)).exitCode, 2)
  })

  it('creates, leaves out and unmatches those that are named, or all that wait', async () => {
    assert.deepEqual((await run('create', '--all-open')).sent, [{ changes: [{ action: 'create', sourceKey: 'd' }] }])
    assert.deepEqual((await run('leave-out', '--source', 'd', 'b')).sent, [
      {
        changes: [
          { action: 'leaveOut', sourceKey: 'd' },
          { action: 'leaveOut', sourceKey: 'b' },
        ],
      },
    ])
    assert.deepEqual((await run('unmatch', '--source', 'a')).sent, [
      { changes: [{ action: 'unmatch', sourceKey: 'a' }] },
    ])
    assert.equal((await run('unmatch')).exitCode, 2)
    assert.deepEqual((await run('new', '--when', 'create')).sent, [{ newSchools: 'create' }])
  })
})
