import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { RunDocument } from '../api/contract/run.ts'
import { RosterPackage } from './fixtures/roster-package.ts'
import { makeZip } from './fixtures/zip-maker.ts'

/**
 * `npm run fuzz:api -- [--seconds n] [--seed n]`: sends invented requests by the OpenAPI document that the API serves to a
 * throw-away stack, and fails on an answer of 500 and above, or one that the document does not have. Twice: once with
 * ids of what is there, so that the handlers are reached, and once with any. `SCHEMATHESIS` names its executable.
 */
const { values: asked } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    inside: { type: 'boolean', default: false },
  },
})
const schemathesis = process.env['SCHEMATHESIS'] ?? 'schemathesis'
const rollbook = join(import.meta.dirname, '..', 'cli', 'main.ts')

/** It has no idea of a body that is a file. */
const uploadsAsBytes = `import schemathesis
from hypothesis import strategies as st

schemathesis.openapi.media_type("application/zip", st.binary(max_size=5000))
`

if (spawnSync(schemathesis, ['--version']).status !== 0) {
  console.error(`${schemathesis} cannot be started. Install it beside the repository:
  python3 -m venv ~/schemathesis && ~/schemathesis/bin/pip install schemathesis
  SCHEMATHESIS=~/schemathesis/bin/schemathesis npm run fuzz:api`)
  process.exitCode = 2
} else if (asked.inside)
  process.exitCode = await fuzz(process.env['ROLLBOOK_URL'] ?? '', process.env['ROLLBOOK_TOKEN'] ?? '')
else {
  const again = [import.meta.filename, '--inside', '--seconds', asked.seconds, '--seed', asked.seed]
  process.exitCode = await run(process.execPath, [rollbook, 'stack', 'exec', '--', process.execPath, ...again])
}

async function fuzz(url: string, token: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-fuzz-'))
  try {
    const hooks = join(folder, 'hooks.py')
    writeFileSync(hooks, uploadsAsBytes)
    const planted = join(folder, 'planted.toml')
    writeFileSync(planted, `hooks = ${JSON.stringify(hooks)}\n${describePlanted(await plant(url, token))}`)
    const anything = join(folder, 'anything.toml')
    writeFileSync(anything, `hooks = ${JSON.stringify(hooks)}\n`)
    let exitCode = 0
    for (const config of [planted, anything]) {
      const options = ['--max-time', String(Math.ceil(Number(asked.seconds) / 2)), '--seed', asked.seed]
      // What an answer may be; whether a request that fits the document must be taken depends on what is there.
      const checks = [
        ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'],
        ...['negative_data_rejection', 'unsupported_method'],
      ].join(',')
      const how = ['--checks', checks, '--workers', '1', '--continue-on-failure', '--warnings', 'off']
      const header = ['--header', `Authorization: Bearer ${token}`]
      const target = ['run', ...options, ...how, ...header, `${url}/api/openapi.json`]
      exitCode = (await run(schemathesis, ['--config-file', config, ...target], folder)) || exitCode
    }
    return exitCode
  } finally {
    rmSync(folder, { recursive: true })
  }
}

type Planted = {
  readonly district: string
  readonly run: string
  readonly connection: string
  readonly webhook: string
}

async function plant(url: string, token: string): Promise<Planted> {
  const district = 'fuzzed'
  const post = async <Answer>(path: string, type: string, body: string | Uint8Array<ArrayBuffer>): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Answer // as the contract has it
  }
  const json = 'application/json'
  await post('/api/districts', json, JSON.stringify({ slug: district, name: 'Fuzzed' }))
  const roster = new Uint8Array(makeZip(new RosterPackage('1.1').members()))
  const path = `/api/districts/${district}`
  const { runId, connection } = await post<RunDocument>(`${path}/imports?dataType=students`, 'application/zip', roster)
  const wanted = JSON.stringify({ url: 'https://hooks.example/fuzzed' })
  const { id: webhook } = await post<{ id: string }>(`${path}/webhooks`, json, wanted)
  return { district, run: runId, connection, webhook }
}

function describePlanted({ district, run: runId, connection, webhook }: Planted): string {
  const ids = { '^/api/runs/': runId, '^/api/connections/': connection, '/webhooks/': webhook }
  return [
    '[parameters]',
    ...['slug', 'district', 'query.district'].map(
      (name) => `${JSON.stringify(place(name))} = ${JSON.stringify(district)}`,
    ),
    '"path.dataType" = "students"',
    ...Object.entries(ids).map(([path, id]) => {
      return `[[operations]]\ninclude-path-regex = ${JSON.stringify(path)}\nparameters = { "path.id" = ${JSON.stringify(id)} }`
    }),
    '',
  ].join('\n')
}

function place(name: string): string {
  return name.includes('.') ? name : `path.${name}`
}

/** `cwd`: where the program leaves what it remembers. */
function run(file: string, args: readonly string[], cwd = process.cwd()): Promise<number> {
  const child = spawn(file, args, { stdio: 'inherit', cwd })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
