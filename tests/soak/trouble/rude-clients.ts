import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../../../stack/stack.ts'
import type { Chance } from '../chance.ts'
import type { Journal } from '../journal.ts'

const mebibyte = 2 ** 20

/** Clients that leave in the middle, and such as read a few bytes at a time. */
export class RudeClients {
  readonly #stack: Stack
  readonly #chance: Chance
  readonly #journal: Journal
  readonly #paths: readonly string[]
  readonly #slug: string
  readonly #open = new Set<Socket>()

  /** `paths`: answers worth breaking off; `slug`: the district that half an upload is sent to. */
  constructor(
    stack: Stack,
    options: { readonly paths: readonly string[]; readonly slug: string },
    chance: Chance,
    journal: Journal,
  ) {
    this.#stack = stack
    this.#paths = options.paths
    this.#slug = options.slug
    this.#chance = chance
    this.#journal = journal
  }

  async act(): Promise<void> {
    const chance = this.#chance
    const what = chance.weighted({ breakOff: 4, readSlowly: 3, uploadHalf: 3 })
    const many = chance.percent(30) ? chance.between(10, 14) : chance.between(1, 3)
    const path = chance.pick(this.#paths)
    const seconds = chance.between(5, 25)
    const kilobytes = chance.between(1, 3000)
    this.#journal.tell('clients', `${many} × ${what}${what === 'uploadHalf' ? '' : ` ${path}`}`)
    this.#journal.count(`clients: ${what}`, many)
    const acts = {
      breakOff: () => this.#breakOff(path),
      readSlowly: () => this.#readSlowly(path, seconds),
      uploadHalf: () => this.#uploadHalf(kilobytes),
    }
    await Promise.all(Array.from({ length: many }, () => acts[what]().catch(() => undefined)))
  }

  /** Whoever still reads leaves. */
  close(): void {
    for (const socket of this.#open) socket.destroy()
  }

  async #breakOff(path: string): Promise<void> {
    const socket = await this.#ask('GET', path)
    await once(socket, 'data', { signal: AbortSignal.timeout(20_000) })
    socket.destroy()
  }

  async #readSlowly(path: string, seconds: number): Promise<void> {
    const socket = await this.#ask('GET', path)
    socket.pause()
    for (let left = seconds * 5; left > 0 && !socket.destroyed; left--) {
      socket.read(2048)
      await sleep(200)
    }
    socket.destroy()
  }

  async #uploadHalf(kilobytes: number): Promise<void> {
    const path = `/api/districts/${this.#slug}/imports?dataType=students`
    const socket = await this.#ask('POST', path, [
      'content-type: application/zip',
      `content-length: ${String(16 * mebibyte)}`,
    ])
    socket.write(Buffer.alloc(kilobytes * 1024, 1))
    await sleep(500)
    socket.destroy()
  }

  async #ask(method: string, path: string, headers: readonly string[] = []): Promise<Socket> {
    const { hostname, port } = new URL(this.#stack.url)
    const socket = connect({ host: hostname, port: Number(port) })
    this.#open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#open.delete(socket))
    await once(socket, 'connect', { signal: AbortSignal.timeout(20_000) })
    const lines = [`${method} ${path} HTTP/1.1`, `host: ${hostname}`, `authorization: Bearer ${this.#stack.token}`]
    socket.write([...lines, ...headers, 'accept: */*', '', ''].join('\r\n'))
    return socket
  }
}
