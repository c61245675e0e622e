import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the ports that systems hand out to whoever connects or asks for any (Linux from 32768, others from 49152):
 * one of those may go to somebody's connection in the seconds until its server takes it.
 */
const lowest = 15_000
const highest = 32_000
const triesWanted = 50

/**
 * A loopback port on which nobody listens at this moment; `preferred` when that one is free. It is chosen at random
 * where nothing but a server that asks for this very port takes one, so it is most likely still free when it is used.
 */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred
  for (let tries = 0; tries < triesWanted; tries++) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port was found on 127.0.0.1 between ${lowest} and ${highest}.`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
