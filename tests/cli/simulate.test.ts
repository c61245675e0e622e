import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StandInSettings } from '../../simulators/oneroster-rest/options.ts'
import { afterTest } from '../harness/after-test.ts'
import { rowsOf, StandInClient, startStandIn } from '../simulators/oneroster-rest/stand-in-client.ts'
import { runCommand } from './run-command.ts'

type Told = { readonly url: string; readonly settings: StandInSettings }

/** Runs `simulate oneroster-rest --json`; gives what the first line says, and how to stop it. */
async function simulate(...more: string[]) {
  const entry = join(import.meta.dirname, '..', '..', 'cli', 'main.ts')
  const child = spawn(process.execPath, [entry, 'simulate', 'oneroster-rest', '--json', ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  afterTest(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  await once(reader, 'line')
  return {
    told: JSON.parse(lines[0] ?? '') as Told, // compared with what it must be below
    stop: async (signal: NodeJS.Signals) => {
      child.kill(signal)
      const [exitCode] = (await once(child, 'close')) as [number | null]
      return { exitCode, lines: lines.length }
    },
  }
}

describe('rollbook simulate', () => {
  it('tells in its first line how to reach the stand-in, serves as asked, and ends with 0 when it is stopped', async () => {
    const { told, stop } = await simulate(
      ...'--oneroster 1.2 --students 60 --fault no-total --fault short-pages:rows=7'.split(' '),
    )
    assert.deepEqual(Object.keys(told), ['url', 'settings'])
    assert.equal(told.settings.baseUrl, `${told.url}/ims/oneroster/rostering/v1p2`)
    assert.deepEqual([told.settings.version, told.settings.auth.kind], ['1.2', 'oauth2'])
    const got = await new StandInClient(told).get('students?limit=100')
    assert.deepEqual([rowsOf(got).length, got.headers['x-total-count']], [7, undefined])
    assert.deepEqual(await stop('SIGTERM'), { exitCode: 0, lines: 1 })
  })

  it('serves HTTPS and OAuth 1.0a, and has classes of today', async () => {
    const { told, stop } = await simulate('--tls', '--signature', 'HMAC-SHA1', '--students', '20')
    assert.match(told.settings.caCertificate ?? '', /^-----BEGIN CERTIFICATE-----/)
    const client = new StandInClient(told)
    assert.equal((await client.all('students')).length, 20)
    const today = new Date().toISOString().slice(0, 10)
    const years = (await client.all('academicSessions')).filter(({ type }) => type === 'schoolYear')
    const now = years.filter((year) => String(year['startDate']) <= today && today < String(year['endDate']))
    assert.ok(years.length === 3 && now.length <= 1)
    assert.ok(now.length === 1 || today.slice(5, 7) === '07')
    assert.deepEqual(await stop('SIGINT'), { exitCode: 0, lines: 1 })
  })

  it('refuses a fault that is none, a version that is none, and a port that is taken', async () => {
    const { url } = await startStandIn()
    for (const [args, words] of [
      [['--fault', 'nothing'], /There is no fault "nothing"; there are/],
      [['--oneroster', '1.0'], /Allowed choices are 1\.1, 1\.2/],
      [['--port', new URL(url).port], /Nothing can listen on port \d+ \(EADDRINUSE\)/],
      [['--port', '70000'], /Nothing can listen on port 70000/],
    ] as const) {
      const ended = await runCommand(['simulate', 'oneroster-rest', ...args])
      assert.equal(ended.exitCode, 2, ended.stderr)
      assert.match(ended.stderr, words)
    }
  })
})
