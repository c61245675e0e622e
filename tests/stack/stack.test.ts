import { deepStrictEqual, notStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Readiness } from '../../api/contract/readiness.ts'
import { readCommandLine } from '../../stack/processes/leftover-process.ts'
import { withClient } from '../../stack/postgres/postgres.ts'
import { startStack, type Stack } from '../../stack/stack.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'
import { until } from '../harness/until.ts'

const directory = makeTemporaryDirectory()
afterAll(() => directory.remove())

const Pids = z.record(z.string(), z.int())
const names = ['api', 'postgres', 'temporal', 'worker']

function readPids({ pidsFile }: Stack): Record<string, number> {
  return Pids.parse(JSON.parse(readFileSync(pidsFile, 'utf8')))
}

/** The names of what a process was started with; of those that are empty none counts. */
function readEnvironment(pid: number | undefined): ReadonlySet<string> {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  return new Set(
    variables.map((variable) => variable.split('=')).flatMap(([name = '', value]) => (value ? [name] : [])),
  )
}

/** With migrations and workers, and so more than `/api/health` asks for. */
async function isReady({ url }: Stack): Promise<boolean> {
  return fetch(`${url}/api/health/ready`).then(
    async (answer) => ((await answer.json()) as Readiness).status === 'ready', // as the route answers
    () => false,
  )
}

async function createDistrict({ url, token }: Stack, slug: string): Promise<void> {
  const response = await fetch(`${url}/api/districts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ slug, name: slug }),
  })
  ok(response.ok, `answered ${response.status}`)
}

async function listDistricts({ url, token }: Stack): Promise<string> {
  const response = await fetch(`${url}/api/districts`, { headers: { authorization: `Bearer ${token}` } })
  ok(response.ok, `answered ${response.status}`)
  return response.text()
}

describe('a stack', () => {
  it('goes on when each of its processes is killed, and stops with nothing left running', async () => {
    const stack = await startStack({ dataDirectory: join(directory.path, 'killed'), isThrowAway: true })
    deepStrictEqual(Object.keys(readPids(stack)).sort(), names)
    if (process.platform === 'linux') {
      const { api, worker } = readPids(stack)
      ok(readEnvironment(worker).has('ROLLBOOK_SECRET_KEY'))
      deepStrictEqual(
        [...readEnvironment(api)].filter((name) => /SECRET|SEALING/.test(name)),
        ['ROLLBOOK_SEALING_KEY'],
      )
    }
    for (const name of names) {
      const pid = readPids(stack)[name]
      ok(pid !== undefined)
      process.kill(pid, 'SIGKILL')
      await until(() => readPids(stack)[name] !== pid)
    }
    await until(() => isReady(stack))
    const pids = Object.values(readPids(stack))
    strictEqual(pids.filter((pid) => readCommandLine(pid) === undefined).length, 0)
    await stack.stop()
    deepStrictEqual(
      pids.filter((pid) => readCommandLine(pid) !== undefined),
      [],
    )
  })

  it('keeps data, token and addresses over a second start', async () => {
    const dataDirectory = join(directory.path, 'kept')
    const first = await startStack({ dataDirectory })
    await createDistrict(first, 'kept-county')
    await first.stop()
    const second = await startStack({ dataDirectory })
    try {
      strictEqual(second.token, first.token)
      strictEqual(second.url, first.url)
      ok((await listDistricts(second)).includes('kept-county'))
    } finally {
      await second.stop()
    }
  })

  it('runs beside another, refuses a second one on the same data, and tells its addresses to its owner alone', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => startStack({ dataDirectory: join(directory.path, name), isThrowAway: true })),
    )
    ok(one !== undefined && two !== undefined)
    try {
      notStrictEqual(one.url, two.url)
      await createDistrict(one, 'only-in-one')
      ok(!(await listDistricts(two)).includes('only-in-one'))
      await rejects(startStack({ dataDirectory: join(directory.path, 'one') }), /runs already/)
      ok(await isReady(one))
      const env = join(dirname(one.pidsFile), 'env')
      strictEqual(statSync(env).mode & 0o777, 0o600)
      ok(readFileSync(env, 'utf8').includes(`ROLLBOOK_URL=${one.url}\n`))
      await one.stop()
      ok(!existsSync(env))
    } finally {
      await Promise.all([one.stop(), two.stop()])
    }
  })

  it('gives the app role neither the tables nor the password of their owner', async () => {
    const stack = await startStack({ dataDirectory: join(directory.path, 'roles'), isThrowAway: true })
    try {
      notStrictEqual(new URL(stack.appDatabaseUrl).password, new URL(stack.databaseUrl).password)
      await withClient(stack.appDatabaseUrl, (client) =>
        rejects(client.query('create table mine (a int)'), /permission denied/),
      )
    } finally {
      await stack.stop()
    }
  })
})
