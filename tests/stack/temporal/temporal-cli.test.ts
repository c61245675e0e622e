import { doesNotMatch, match, rejects, strictEqual } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findExpectedSum } from '../../../stack/temporal/temporal-cli-checksum.ts'
import { downloadFromTemporal } from '../../../stack/temporal/temporal-cli-download.ts'
import { findTemporalCli, temporalCliVersion, type TemporalCliSource } from '../../../stack/temporal/temporal-cli.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollbook-test-cli-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let count = 0
function makeFolder(): string {
  count += 1
  const path = join(directory, String(count))
  mkdirSync(path)
  return path
}

const scriptOf = (version: string) => `#!/bin/sh\necho "temporal version ${version} (Server 1.0.0, UI 2.0.0)"\n`
/** Of what the sources of these tests yield. */
const sum = createHash('sha256').update(scriptOf('1.9.1')).digest('hex')

function writeExecutable(folder: string, version: string, name = 'temporal'): string {
  const file = join(folder, name)
  writeFileSync(file, scriptOf(version))
  chmodSync(file, 0o755)
  return file
}

/** A source that yields an executable which calls itself `version`, and notes that it was asked. */
function makeSource(name: string, version: string, asked: string[]): TemporalCliSource {
  return {
    name,
    fetch: async (folder) => {
      asked.push(name)
      return writeExecutable(folder, version)
    },
  }
}

const closed: TemporalCliSource = {
  name: 'a closed way',
  fetch: () => Promise.reject(new Error('the wall is high')),
}

describe('the Temporal CLI', () => {
  it('is the one that ROLLBOOK_TEMPORAL_CLI names, before any other', async () => {
    const chosen = writeExecutable(makeFolder(), '1.0.0', 'my-temporal')
    const PATH = makeFolder()
    writeExecutable(PATH, '1.9.9')
    strictEqual(await findTemporalCli({ environment: { ROLLBOOK_TEMPORAL_CLI: chosen, PATH } }), chosen)
  })

  it('is not looked for elsewhere when ROLLBOOK_TEMPORAL_CLI is wrong', async () => {
    const environment = { ROLLBOOK_TEMPORAL_CLI: join(directory, 'nothing-here') }
    await rejects(findTemporalCli({ environment, sources: [] }), /ROLLBOOK_TEMPORAL_CLI names .* not an executable/)
  })

  it('is the one on the PATH when that is new enough', async () => {
    const PATH = makeFolder()
    const installed = writeExecutable(PATH, '1.8.0')
    strictEqual(await findTemporalCli({ environment: { PATH, ROLLBOOK_CACHE: makeFolder() }, sources: [] }), installed)
  })

  it('is fetched once, into the cache, when the one on the PATH is too old', async () => {
    const asked: string[] = []
    const cache = makeFolder()
    const PATH = makeFolder()
    writeExecutable(PATH, '1.7.3')
    const environment = { PATH: `${PATH}:${process.env['PATH'] ?? ''}`, ROLLBOOK_CACHE: cache }
    const sources = [makeSource('first', '1.9.1', asked), makeSource('second', '1.9.1', asked)]
    const found = await findTemporalCli({ environment, sources, sum })
    strictEqual(
      found,
      join(cache, `temporal-${temporalCliVersion}-${process.platform}-${process.arch}-${sum.slice(0, 12)}`),
    )
    strictEqual(await findTemporalCli({ environment, sources, sum }), found)
    strictEqual(asked.join(), 'first')
    strictEqual(readdirSync(cache).length, 1)
  })

  it('comes from the next way when one is closed, and it is said which', async () => {
    const asked: string[] = []
    const said: string[] = []
    const environment = { PATH: '/usr/bin:/bin', ROLLBOOK_CACHE: makeFolder() }
    const sources = [closed, makeSource('second', '1.9.1', asked)]
    await findTemporalCli({ environment, sources, sum, say: (text) => said.push(text) })
    strictEqual(asked.join(), 'second')
    match(said.join('\n'), /a closed way[^]*the wall is high\); it is fetched from second instead\./)
    doesNotMatch(said.join('\n'), /not available|error|failed/i)
  })

  it('is whole for two processes that fetch it at once', async () => {
    const asked: string[] = []
    const cache = makeFolder()
    const environment = { PATH: '/usr/bin:/bin', ROLLBOOK_CACHE: cache }
    const sources = [makeSource('first', '1.9.1', asked)]
    const [one, two] = await Promise.all([
      findTemporalCli({ environment, sources, sum }),
      findTemporalCli({ environment, sources, sum }),
    ])
    strictEqual(one, two)
    strictEqual(readdirSync(cache).length, 1)
  })

  it('is refused when what came does not run, and every way is named', async () => {
    const broken: TemporalCliSource = {
      name: 'a broken way',
      fetch: async (folder) => {
        writeFileSync(join(folder, 'temporal'), 'not an executable')
        return join(folder, 'temporal')
      },
    }
    const environment = { PATH: makeFolder(), ROLLBOOK_CACHE: makeFolder() }
    const brokenSum = createHash('sha256').update('not an executable').digest('hex')
    await rejects(
      findTemporalCli({ environment, sources: [closed, broken], sum: brokenSum }),
      /"temporal" on the PATH[^]*a closed way: the wall is high[^]*a broken way: [^]*ROLLBOOK_TEMPORAL_CLI/,
    )
    strictEqual(readdirSync(environment.ROLLBOOK_CACHE).length, 0)
  })

  it('is never run when it is another than the one we know, whatever it calls itself', async () => {
    const ran = join(makeFolder(), 'ran')
    const planted: TemporalCliSource = {
      name: 'a planted one',
      fetch: (folder) => {
        writeFileSync(join(folder, 'temporal'), `#!/bin/sh\ntouch ${ran}\necho "temporal version 1.9.1"\n`)
        return Promise.resolve(join(folder, 'temporal'))
      },
    }
    const asked: string[] = []
    const environment = { PATH: '/usr/bin:/bin', ROLLBOOK_CACHE: makeFolder() }
    await findTemporalCli({ environment, sources: [planted, makeSource('good', '1.9.1', asked)], sum })
    strictEqual(asked.join(), 'good')
    strictEqual(existsSync(ran), false)
    await rejects(
      findTemporalCli({ environment: { ...environment, ROLLBOOK_CACHE: makeFolder() }, sources: [planted], sum }),
      /a planted one: what came is not the executable we know: its SHA-256 is [0-9a-f]{64}/,
    )
  })

  it('has a sum for every platform whose wheel is pinned', () => {
    const names = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']
    const sums = names.map((name) => findExpectedSum(`temporal-${temporalCliVersion}-${name}`))
    strictEqual(new Set(sums).size, names.length)
    for (const known of sums) match(known ?? '', /^[0-9a-f]{64}$/)
    strictEqual(findExpectedSum(`temporal-${temporalCliVersion}-plan9-x64`), undefined)
  })

  it('is not waited for when the download refuses', async () => {
    const server = createServer((_request, response) => response.writeHead(503).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    // A server that listens on TCP has an address object.
    const { port } = server.address() as AddressInfo
    const options = { directory: makeFolder(), version: '1.9.1', site: `http://127.0.0.1:${port}` }
    await rejects(downloadFromTemporal(options), /answered 503/)
    server.close()
  })
})
