// Reading a million digests out of PostgreSQL, beside the bytes alone: `node bench/binary-copy.ts [--rows 1000000]`.
import { parseArgs } from 'node:util'
import { to as copyTo } from 'pg-copy-streams'
import { readBinaryRows } from '../db/fields/binary-copy.ts'
import { preparePostgres, withClient } from '../stack/postgres/postgres.ts'
import { Supervisor } from '../stack/processes/supervisor.ts'
import { makeTemporaryDirectory } from '../stack/disk/temporary-directory.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } })
const rows = Number(values.rows)
/** The first one warms up. */
const rounds = 6

const directory = makeTemporaryDirectory()
const postgres = await preparePostgres({ directory: directory.path, isThrowAway: true })
const supervisor = new Supervisor({ logDirectory: `${directory.path}/logs` })
await supervisor.start(postgres.plan)
try {
  await withClient(postgres.superuserUrl('postgres'), async (client) => {
    // Every third record has a row of demographics, as it were.
    await client.query(
      `create table digests as select n * 7919000000007 as first, case when n % 3 = 0 then n * 104729 end as second
       from generate_series(1::bigint, ${rows}) n`,
    )
    await client.query('vacuum analyze digests')
    const query = 'select first, second from digests'
    let sum = 0
    const ways: Readonly<Record<string, () => Promise<void>>> = {
      'floor: the bytes': async () => {
        const copy = client.query(copyTo(`copy (${query}) to stdout (format binary)`))
        for await (const piece of copy) sum += (piece as Buffer).length // its type says only Readable
      },
      'binary COPY': () =>
        readBinaryRows(client, query, 2, ({ bytes, starts, lengths }) => {
          sum += bytes.readUInt32BE(starts[0]) + (lengths[1] === 8 ? bytes.readUInt32BE(starts[1]) : 0)
        }),
    }
    for (let round = 0; round < rounds; round++) {
      for (const [name, way] of Object.entries(ways)) {
        const before = process.cpuUsage()
        const begun = performance.now()
        await way()
        const wallMs = Math.round(performance.now() - begun)
        const cpuMs = Math.round(process.cpuUsage(before).user / 1000)
        if (round > 0) console.log(JSON.stringify({ name, rows, wallMs, cpuMs }))
      }
    }
    if (sum === 0) throw new Error('nothing was read')
  })
} finally {
  await supervisor.stop()
  directory.remove()
}
