import assert from 'node:assert/strict'
import { afterTest } from '../harness/after-test.ts'
import { runCommand } from './run-command.ts'
import { runDocument, runId, startStandInServer, type Answer } from './stand-in-server.ts'

const undoId = '01930000-0000-7000-8000-000000000002'
const districts = { items: [{ slug: 'lincoln-county', timeZone: 'America/Chicago' }], nextCursor: null }

async function command(answers: Readonly<Record<string, Answer['json']>>, ...args: string[]) {
  const server = await startStandInServer(({ path }) => {
    const known = Object.entries(answers).find(([start]) => path.startsWith(start))
    return known === undefined ? { status: 404, json: { code: 'NOT_FOUND', detail: path } } : { json: known[1] }
  })
  afterTest(server.close)
  return await runCommand(args, { url: server.url })
}

describe('run list for people', () => {
  it('says what kind each run is, and when it was made by the clocks of its district', async () => {
    const items = [
      runDocument({ runId: undoId, kind: 'undo', undoOf: runId }),
      runDocument({ test: true }),
      runDocument({ kind: 'resolution' }),
      runDocument(),
    ]
    const answers = { '/api/runs': { items, nextCursor: null }, '/api/districts': districts }
    const { stdout, stderr } = await command(answers, 'run', 'list')
    assert.equal(stderr, '')
    const [heading, ...rows] = stdout.trimEnd().split('\n')
    assert.match(heading ?? '', /^run +district +data type +kind +status +created at$/)
    const kinds = [`undo of ${runId}`, 'test', 'resolution', 'import']
    rows.forEach((row, at) =>
      assert.match(row, new RegExp(` students +${kinds[at] ?? ''} +Import Completed +2026-11-22 02:00 CST$`)),
    )
    assert.equal(rows.length, 4)
  })
})

describe('run findings for people', () => {
  const finding = {
    severity: 'error',
    file: 'users.csv',
    line: 4,
    column: 'email',
    sourcedId: 'u4',
    message: 'Mend it.',
  }
  const of = (rule: string, count: number, more: object = {}) =>
    Array.from({ length: count }, (_, seq) => ({ ...finding, rule, seq, ...more }))

  it('groups them by rule as validate does, the worst first, and reads no further than it shows', async () => {
    const byRule = {
      'F-12': { severity: 'warning' as const, count: 5000 },
      'S-08': { severity: 'info' as const, count: 1 },
      'R-05': { severity: 'error' as const, count: 2 },
    }
    const findings = { block: 0, error: 2, warning: 5000, info: 1, byRule }
    const items = [
      ...of('F-12', 5),
      ...of('R-05', 2),
      ...of('S-08', 1, { file: null, line: null, column: null, sourcedId: null }),
    ]
    const answers = {
      // A second page is refused: three of each rule are in the first.
      [`/api/runs/${runId}/findings?limit=1000&cursor=`]: undefined,
      [`/api/runs/${runId}/findings`]: { items, nextCursor: 'more' },
      [`/api/runs/${runId}`]: runDocument({ findings }),
    }
    const { stdout, exitCode, stderr } = await command(answers, 'run', 'findings', runId)
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual(stdout.split('\n'), [
      `5,003 findings in run ${runId}, by 3 rules`,
      '',
      'R-05  error  2 ×  the record that a reference points to is not in the package',
      ...Array<string>(2).fill('    users.csv line 4 (u4), email: Mend it.'),
      '',
      'F-12  warning  5,000 ×  grade is not in the vocabulary',
      ...Array<string>(3).fill('    users.csv line 4 (u4), email: Mend it.'),
      '    … and 4,997 more',
      '',
      'S-08  info  1 ×  no term of a class is current: none has begun and not ended',
      '    Mend it.',
      '',
      `Every finding: rollbook run findings ${runId} --csv`,
      '',
    ])
  })
})

describe('alert process', () => {
  it('says which run carries the decisions out, before it waits for it', async () => {
    const answers = {
      '/api/districts/lincoln-county/cases/process': { caseCount: 1, runIds: [runId] },
      '/api/districts/lincoln-county/cases': [],
      [`/api/runs/${runId}`]: runDocument({ kind: 'resolution' }),
    }
    const args = ['alert', 'process', '--district', 'lincoln-county', '--data-type', 'students']
    const { stderr, exitCode } = await command(answers, ...args)
    assert.equal(exitCode, 0)
    assert.equal(
      stderr,
      `Carried out by run ${runId}.
1 decided case was carried out. No likely case waits for a decision.
  run ${runId}; \`rollbook undo ${runId} --preview\` shows what taking it back would do
`,
    )
  })
})

describe('alert list for people', () => {
  const candidate = {
    recordId: runId,
    sisId: 'S-2',
    score: 0.97,
    evidence: [],
    twin: false,
    explanation: 'Same birth date.',
  }
  const one = {
    ...{
      caseId: undoId,
      district: 'lincoln-county',
      dataType: 'students',
      runId,
      strength: 'likely',
      kind: 'duplicate',
    },
    ...{
      reason: 'resembles',
      incomingRecordId: null,
      twin: false,
      others: [],
      decision: null,
      openedAt: '2026-11-22T08:00:00Z',
    },
  }

  it('names both by sisId, and by name for who may see it', async () => {
    const values = { familyName: 'Quist', givenName: 'Ada', birthDate: '2010-02-28' }
    const seen = { ...one, incoming: { sisId: 'S-9', ...values }, candidates: [{ ...candidate, values }] }
    const list = async (json: unknown) =>
      (await command({ '/api/districts/lincoln-county/cases': json }, 'alert', 'list', '--district', 'lincoln-county'))
        .stdout
    assert.equal(
      await list([seen]),
      `${undoId}  likely · students of lincoln-county
  incoming  S-9  Quist, Ada · born 2010-02-28
     97 %   S-2  Quist, Ada · born 2010-02-28 · record ${runId}
            Same birth date.
`,
    )
    const hidden = await list([{ ...one, incoming: { sisId: 'S-9' }, candidates: [candidate] }])
    assert.match(hidden, /incoming {2}S-9\n {5}97 % {3}S-2 · record /)
  })
})

describe('the rows of a run that are chosen', () => {
  it('are asked of the server, and findings only as a whole list', async () => {
    const server = await startStandInServer(() => ({ json: { items: [], nextCursor: null } }))
    afterTest(server.close)
    const chosen = ['--action', 'update,create', '--school', 'org-7', '--field', 'email']
    await runCommand(['run', 'plan', runId, ...chosen], { url: server.url })
    assert.match(server.seen[0]?.path ?? '', /plan\?.*action=update%2Ccreate&school=org-7&field=email$/)
    await runCommand(['run', 'findings', runId, '--json', '--severity', 'error'], { url: server.url })
    assert.match(server.seen[1]?.path ?? '', /findings\?.*severity=error$/)
    const ended = await runCommand(['run', 'findings', runId, '--rule', 'F-06'], { url: server.url })
    assert.equal(ended.exitCode, 2)
    assert.match(ended.stderr, /with --csv or --json/)
  })
})
