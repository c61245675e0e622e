import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isDiskFull } from '../../stack/disk/disk-room.ts'
import { withClient } from '../../stack/postgres/postgres.ts'
import { startStack, type Stack } from '../../stack/stack.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'
import { until } from '../harness/until.ts'

const temporary = makeTemporaryDirectory()
const disk = join(temporary.path, 'disk')
mkdirSync(disk)
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tmpfs', disk]).status === 0
if (!mounted) process.stderr.write('A full disk is not tried: this account may not mount a small one.\n')
afterAll(() => {
  if (mounted) execFileSync('umount', ['--lazy', disk])
  temporary.remove()
})

/** Takes all room that is left, and gives a way to have it back. */
function fill(): () => void {
  const path = join(disk, 'filler')
  const file = openSync(path, 'w')
  try {
    for (const piece of [Buffer.alloc(1 << 20), Buffer.alloc(4096)]) {
      for (;;) {
        try {
          writeSync(file, piece)
        } catch {
          break
        }
      }
    }
  } finally {
    closeSync(file)
  }
  return () => rmSync(path)
}

/** The stack hands out no superuser; its password comes from the secret beside the data (stack/postgres/postgres.ts). */
function superuserUrl(stack: Stack, directory: string): string {
  const secret = readFileSync(join(directory, 'postgres', 'secret'), 'utf8')
  const url = new URL(stack.databaseUrl)
  url.username = 'postgres'
  url.password = createHmac('sha256', secret).update('postgres').digest('base64url').slice(0, 32)
  return url.href
}

async function send({ url, token }: Stack, method: string, body?: object): Promise<Response | undefined> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const request = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
  return await fetch(`${url}/api/districts`, request).catch(() => undefined)
}

;(mounted ? describe : describe.skip)('a stack whose disk is full', () => {
  it('says so in one sentence, keeps what was written, and goes on when there is room', async () => {
    const said: string[] = []
    const directory = join(disk, 'stack')
    const stack = await startStack({ dataDirectory: directory, say: (text) => said.push(text) })
    let reason: string | undefined
    void stack.givenUp.then((given) => (reason = given))
    try {
      assert.equal((await send(stack, 'POST', { slug: 'before-county', name: 'Before' }))?.status, 201)
      const { postgres: first } = JSON.parse(readFileSync(stack.pidsFile, 'utf8')) as { postgres: number }
      const free = fill()
      // Every new file of its log needs room; where there is none, PostgreSQL ends itself.
      await withClient(superuserUrl(stack, directory), async (client) => {
        for (;;) await client.query(`select pg_logical_emit_message(true, 'x', repeat('x', 1000000)), pg_switch_wal()`)
      }).catch(() => undefined)
      await until(() => said.some((text) => text.includes('is full')))
      await until(
        () =>
          /PANIC.*No space left/.test(readFileSync(join(directory, 'logs', 'postgres.log'), 'utf8')) || !isUp(first),
      )
      await until(async () => (await send(stack, 'POST', { slug: 'during-county', name: 'x' }))?.status !== 201)
      // Longer than the eight starts that are granted otherwise take.
      const since = performance.now()
      await until(() => performance.now() - since > 30_000)
      assert.equal(reason, undefined)
      assert.equal(said.filter((text) => text.includes('is full')).length, 1)

      free()
      await until(async () => (await send(stack, 'POST', { slug: 'after-county', name: 'After' }))?.status === 201)
      const districts = (await (await send(stack, 'GET'))?.text()) ?? ''
      assert.ok(districts.includes('before-county') && districts.includes('after-county'))
      await until(async () => (await fetch(`${stack.url}/api/health`)).ok)
      await until(() => said.includes('There is room on the disk again.'))
      assert.equal(reason, undefined)
    } finally {
      await stack.stop()
    }
  })

  it('does not start on one that was full already, and says why', async () => {
    const free = fill()
    assert.ok(isDiskFull(disk))
    await assert.rejects(
      startStack({ dataDirectory: join(disk, 'stack') }),
      /^Error: The disk of .* is full: what was written is kept.* Make room and start again\.$/,
    )
    free()
  })
})

function isUp(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
