import { doesNotMatch, match, ok, strictEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { preparePostgres, withClient } from '../../../stack/postgres/postgres.ts'
import { Supervisor } from '../../../stack/processes/supervisor.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { readComposeFile } from '../../house/deployment/compose-file.ts'
import { until } from '../../harness/until.ts'

const temporary = makeTemporaryDirectory()
afterAll(() => temporary.remove())

/** In every statement below, so that one search finds whatever became of it. */
const value = 'Zebedee'

/** The ways by which a value comes near the log: refused rows, wrong values, what is slow, what is raised. */
const statements: readonly (readonly [text: string, parameters?: readonly string[]])[] = [
  ['insert into secrets values ($1, 1)', [value]],
  [`insert into secrets values ('${value}', 1)`],
  ['insert into secrets values ($1, -1)', [`${value} Okafor`]],
  ['insert into secrets values ($1, null)', [`${value} Okafor`]],
  [`select '${value}'::date`],
  ['select $1::int', [value]],
  [`select "${value}" from secrets`],
  [`selekt '${value}'`],
  [`do $$ begin raise exception 'no room for ${value}'; end $$`],
  [`do $$ begin raise warning 'no room for ${value}'; end $$`],
  [`select pg_sleep(0.3), '${value}'`],
]

/** Both must hold, or a production server tells what the tests never see. */
const servers = ['the embedded one', 'that of docker-compose.yml'] as const

describe.each(servers)('the log of a PostgreSQL, %s,', (name) => {
  it('repeats no value of a statement that failed or was slow, and still tells of the server', async () => {
    const directory = join(temporary.path, name.replaceAll(/\W+/g, '-'))
    const logs = join(directory, 'logs')
    const postgres = await preparePostgres({ directory: join(directory, 'postgres'), isThrowAway: true })
    const supervisor = new Supervisor({ logDirectory: logs })
    const readLog = () => readFileSync(join(logs, 'postgres.log'), 'utf8')
    let failures = 0
    try {
      await supervisor.start(name === 'the embedded one' ? postgres.plan : await likeCompose(postgres.plan))
      await postgres.prepareDatabase()
      await withClient(postgres.ownerUrl(), async (client) => {
        await client.query('create table secrets (name text primary key, n int not null check (n > 0))')
        await client.query('insert into secrets values ($1, 1)', [value])
        for (const [text, parameters] of statements) {
          await client.query(text, parameters?.slice()).catch(() => (failures += 1))
        }
      })
      strictEqual(failures, statements.length - 2)
      // A password that is wrong is FATAL, and comes after all of the above.
      const wrong = new URL(postgres.ownerUrl())
      wrong.password = 'wrong'
      await withClient(wrong.href, () => Promise.resolve()).catch(() => undefined)
      await until(() => readLog().includes('password authentication failed'))
    } finally {
      await supervisor.stop()
    }
    ok(!readLog().includes(value))
    doesNotMatch(readLog(), /STATEMENT|DETAIL|CONTEXT/)
    match(readLog(), /LOG: /)
  })
})

/** The same server as it comes, with nothing but the settings of the compose file that are about logs. */
async function likeCompose(plan: Parameters<Supervisor['start']>[0]): Promise<typeof plan> {
  const { services } = await readComposeFile(join(import.meta.dirname, '..', '..', '..'))
  const settings = services['postgres']?.command?.filter((argument) => /^-c(log|debug)_/.test(argument)) ?? []
  return {
    ...plan,
    command: () => {
      const { args, ...command } = plan.command()
      const isAboutLogs = (argument: string | undefined) => /^(log_(?!timezone)|debug_)/.test(argument ?? '')
      const others = args.filter((argument, at) => !isAboutLogs(argument) && !isAboutLogs(args[at + 1]))
      return { ...command, args: [...others, ...settings] }
    },
  }
}
