import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportSet } from '../../../api/contract/import-set.ts'
import { afterTest } from '../../harness/after-test.ts'
import { makeFolder } from '../make-folder.ts'
import { runCommand } from '../run-command.ts'
import { heldRun, runDocument, startStandInServer } from '../stand-in-server.ts'

const started: ImportSet = {
  setId: '01930000-0000-7000-8000-0000000000e1',
  district: 'lincoln-county',
  connection: '01930000-0000-7000-8000-0000000000c1',
  workflowId: 'import-set/lincoln-county/01930000-0000-7000-8000-0000000000e1',
  test: false,
  finished: false,
  startedAt: '2026-11-22T02:00:00.000Z',
  finishedAt: null,
  requestedBy: 'tester',
  input: { sha256: 'ab'.repeat(32), bytes: 18 },
  waiting: [],
  runs: [],
}

async function importAll(changes: Partial<ImportSet>, ...flags: string[]) {
  const end = { ...started, finished: true, ...changes }
  const server = await startStandInServer((_, at) => ({ json: at === 0 ? started : end }))
  afterTest(server.close)
  const path = join(makeFolder(), 'package.zip')
  writeFileSync(path, 'bytes of a package')
  return runCommand(['import', path, '--district', 'lincoln-county', '--data-type', 'all', ...flags], server)
}

describe('a start of all data types of a connection', () => {
  const args = ['run', 'start', '--connection', started.connection, '--data-type', 'all', '--json']
  const answer = async (...flags: string[]) => {
    const end = { ...started, finished: true, input: null, runs: [runDocument()] }
    const server = await startStandInServer((_, at) => ({ json: at === 0 ? started : end }))
    afterTest(server.close)
    const { exitCode, stdout } = await runCommand([...args, ...flags], server)
    return { exitCode, ...(JSON.parse(stdout) as Pick<ImportSet, 'setId' | 'runs'>) }
  }

  it('waits for the import set, and prints its runs', async () => {
    const { exitCode, setId, runs } = await answer()
    assert.deepEqual([exitCode, setId, runs], [0, started.setId, [runDocument()]])
  })

  it('returns at once where it is told to', async () => {
    const { exitCode, setId, runs } = await answer('--no-wait')
    assert.deepEqual([exitCode, setId, runs], [0, started.setId, []])
  })
})

describe('the end of an import of all data types', () => {
  const notStarted = { dataType: 'guardians', state: 'notStarted', reason: 'the package has no users.csv' } as const
  const cases: readonly (readonly [string, number, ImportSet['runs']])[] = [
    ['all are completed or have nothing to do', 0, [runDocument(), notStarted]],
    ['one asks for a person', 4, [runDocument(), runDocument({ state: 'completedWithAlerts' })]],
    ['one is held', 5, [runDocument({ state: 'completedWithAlerts' }), heldRun(), runDocument()]],
    ['one is refused', 3, [heldRun(), runDocument({ state: 'cancelled' })]],
    ['none could start', 3, [notStarted]],
  ]
  for (const [words, exitCode, runs] of cases) {
    it(`has the exit code ${exitCode} where ${words}`, async () => {
      const ended = await importAll({ runs }, '--json')
      assert.equal(ended.exitCode, exitCode, ended.stderr)
      const { setId, workflowId } = started
      assert.deepEqual(JSON.parse(ended.stdout), { setId, workflowId, runs })
    })
  }

  it('is a failure where a data type never had its turn, and says which', async () => {
    const ended = await importAll({ runs: [runDocument()], waiting: ['guardians'] })
    assert.equal(ended.exitCode, 1)
    assert.match(ended.stdout, /Not started: guardians/)
  })

  it('is a failure where no run was started at all, and says where to look', async () => {
    const ended = await importAll({})
    assert.equal(ended.exitCode, 1)
    assert.match(ended.stdout, /before any run was started; see workflow import-set\//)
  })
})
