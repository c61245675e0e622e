// What a short command costs before and after it asks, in processor time: `node bench/cli-start.ts [--times 20]`.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')
/** Of Linux: what /proc counts in. Over many runs the error of each is evened out. */
const ticksPerSecond = 100

const { values } = parseArgs({ options: { times: { type: 'string', default: '20' } } })
const times = Number(values.times)

/** The floor is what Node itself takes to start; `bin` begins on the Node that the machine has, `main` on ours. */
const ways: Readonly<Record<string, readonly string[]>> = {
  'floor: our Node alone': [process.execPath, '-e', '0'],
  'floor: the machine’s Node alone': ['node', '-e', '0'],
  'node cli/main.ts --version': [process.execPath, 'cli/main.ts', '--version'],
  'node cli/main.ts district list': [process.execPath, 'cli/main.ts', 'district', 'list'],
  'node cli/main.ts run list': [process.execPath, 'cli/main.ts', 'run', 'list'],
  'bin/rollbook.js --version': ['node', 'bin/rollbook.js', '--version'],
  'bin/rollbook.js district list': ['node', 'bin/rollbook.js', 'district', 'list'],
  'npx rollbook district list': ['npx', 'rollbook', 'district', 'list'],
}

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ items: [], nextCursor: null }))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
// A listening TCP server has an address with a port.
const { port } = server.address() as AddressInfo
const env = { ...process.env, ROLLBOOK_URL: `http://127.0.0.1:${port}`, ROLLBOOK_TOKEN: 'token' }

for (const [name, [file = '', ...args]] of Object.entries(ways)) {
  // The first one fills the compile cache.
  await run(file, args)
  const before = readChildTicks()
  for (let count = 0; count < times; count++) await run(file, args)
  const milliseconds = ((readChildTicks() - before) * 1000) / ticksPerSecond / times
  console.log(`${name.padEnd(34)} ${milliseconds.toFixed(0).padStart(6)} ms of processor time`)
}
server.close()

function run(file: string, args: readonly string[]): Promise<void> {
  const child = spawn(file, args, { cwd: root, env, stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      resolve()
    })
  })
}

/** User and system time of all children that have ended, theirs included. */
function readChildTicks(): number {
  // The name of the process, in brackets, may hold anything; the times are fields 16 and 17 of proc(5).
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(fields[13]) + Number(fields[14])
}
