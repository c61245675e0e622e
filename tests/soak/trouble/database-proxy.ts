import { createServer, connect, type Server, type Socket } from 'node:net'

type Pair = { readonly client: Socket; readonly server: Socket }

/** The network between worker, API and PostgreSQL: as long as nobody cuts or stalls it, every byte passes. */
export class DatabaseProxy {
  readonly #pairs = new Set<Pair>()
  readonly #server: Server
  #target = 0
  #isCut = false
  #isStalled = false

  constructor() {
    this.#server = createServer((client) => this.#join(client))
  }

  /** Listens on loopback; gives the address that leads through here to where `url` leads. */
  async listen(url: string): Promise<string> {
    const address = new URL(url)
    this.#target = Number(address.port)
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const listening = this.#server.address()
    if (listening === null || typeof listening === 'string') throw new Error('the proxy has no port')
    address.port = String(listening.port)
    return address.href
  }

  get openCount(): number {
    return this.#pairs.size
  }

  /** Breaks every connection; new ones are refused until it is mended. */
  cut(): void {
    this.#isCut = true
    this.reset()
  }

  /** Breaks every connection; new ones pass. */
  reset(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy()
      server.destroy()
    }
  }

  /** Nothing breaks and nothing passes until it is mended. */
  stall(): void {
    this.#isStalled = true
    for (const { client, server } of this.#pairs) {
      client.pause()
      server.pause()
    }
  }

  mend(): void {
    this.#isCut = false
    this.#isStalled = false
    for (const { client, server } of this.#pairs) {
      client.resume()
      server.resume()
    }
  }

  close(): void {
    this.reset()
    this.#server.close()
  }

  #join(client: Socket): void {
    client.on('error', () => undefined)
    if (this.#isCut) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ host: '127.0.0.1', port: this.#target, allowHalfOpen: true })
    const pair = { client, server }
    this.#pairs.add(pair)
    const part = () => {
      this.#pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', part)
      socket.on('close', part)
    }
    client.pipe(server)
    server.pipe(client)
    if (this.#isStalled) {
      // What has been asked for already waits in the sockets.
      client.pause()
      server.pause()
    }
  }
}
