import { ok, strictEqual } from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { preparePostgres, withClient } from '../../../stack/postgres/postgres.ts'
import { Supervisor } from '../../../stack/processes/supervisor.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { until } from '../../harness/until.ts'

const temporary = makeTemporaryDirectory()
afterAll(() => temporary.remove())

/** Only its owner may pass through it, as with a home folder or what `mktemp -d` makes. */
function makeClosedFolder(name: string): string {
  const path = join(temporary.path, name)
  mkdirSync(path)
  chmodSync(path, 0o700)
  return path
}

async function readNumber(url: string): Promise<unknown> {
  return withClient(url, async (client) => (await client.query<{ n: number }>('select n from numbers')).rows[0]?.n)
}

describe('the embedded PostgreSQL', () => {
  it('runs below a folder that is closed to others, and keeps what was committed when it is killed', async () => {
    const directory = join(makeClosedFolder('closed'), 'postgres')
    const postgres = await preparePostgres({ directory, isThrowAway: true })
    const supervisor = new Supervisor({ logDirectory: join(temporary.path, 'logs') })
    try {
      await supervisor.start(postgres.plan)
      await postgres.prepareDatabase()
      await withClient(postgres.ownerUrl(), (client) => client.query('create table numbers as select 42 n'))
      const { postgres: pid = 0 } = supervisor.pids
      process.kill(pid, 'SIGKILL')
      await until(() =>
        readNumber(postgres.ownerUrl()).then(
          (n) => n === 42,
          () => false,
        ),
      )
    } finally {
      await supervisor.stop()
    }

    // The number of a process that has nothing to do with it must not keep the next start out.
    writeFileSync(join(directory, 'data', 'postmaster.pid'), `${process.pid}\n${join(directory, 'data')}\n`)
    const again = await preparePostgres({ directory, isThrowAway: true })
    const next = new Supervisor({ logDirectory: join(temporary.path, 'logs') })
    try {
      await next.start(again.plan)
      await again.prepareDatabase()
      strictEqual(await readNumber(again.ownerUrl()), 42)
    } finally {
      await next.stop()
    }
  })

  it('orders text the same on every machine, and never logs the values of a refused row', async () => {
    const directory = join(temporary.path, 'order')
    const postgres = await preparePostgres({ directory, isThrowAway: true })
    const lines: string[] = []
    const supervisor = new Supervisor({ logDirectory: join(temporary.path, 'order-logs') })
    try {
      await supervisor.start(postgres.plan)
      await postgres.prepareDatabase()
      const ordered = await withClient(postgres.ownerUrl(), async (client) => {
        await client.query('create table secrets (a text primary key)')
        await client.query("insert into secrets values ('Zebedee')")
        await client
          .query("insert into secrets values ('Zebedee')")
          .catch((error: unknown) => lines.push(String(error)))
        return client.query<{ t: string }>("select t from unnest(array['b', 'a', 'B', 'é']) t order by t")
      })
      strictEqual(ordered.rows.map(({ t }) => t).join(''), 'Babé')
      strictEqual(lines.length, 1)
    } finally {
      await supervisor.stop()
    }
    ok(!readFileSync(join(temporary.path, 'order-logs', 'postgres.log'), 'utf8').includes('Zebedee'))
  })
})
