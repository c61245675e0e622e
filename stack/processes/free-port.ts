import { createServer } from 'node:net'

/**
 * A loopback port on which nobody listens at this moment; `preferred` when that one is free. Another process may take
 * it before the caller does, so a start that finds it taken asks again.
 */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined) {
    try {
      return await listenBriefly(preferred)
    } catch {
      // Taken: any other will do.
    }
  }
  return listenBriefly(0)
}

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port was given'))
        else resolve(address.port)
      })
    })
  })
}
