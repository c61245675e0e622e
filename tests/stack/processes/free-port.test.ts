import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { findFreePort } from '../../../stack/processes/free-port.ts'

async function listen(port: number) {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => server.close(resolve)) }
}

describe('a free port', () => {
  it('is none that a connection of somebody may be given before it is used', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => findFreePort()))
    for (const port of ports) assert.ok(port >= 1024 && port < 32_768, String(port))
    assert.ok(new Set(ports).size > 15, 'two stacks that start together must hardly ever choose one port')
  })

  it('is the preferred one where that is free, and another where it is not', async () => {
    const preferred = await findFreePort()
    assert.equal(await findFreePort(preferred), preferred)
    const taken = await listen(preferred)
    assert.notEqual(await findFreePort(preferred), preferred)
    await taken.close()
  })
})
