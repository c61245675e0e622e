import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const defaultMaxBytes = 10 * 1024 * 1024
const defaultOldFiles = 3

/**
 * The log of one process in a file that only its owner reads. When it would grow beyond `maxBytes` it becomes `.1`, the
 * one before `.2`, and the oldest goes. Written at once, so that the last words of a process are there when it has ended; what
 * cannot be written, on a full disk for one, is dropped, for a log must not end what it tells of.
 */
export class RotatingLog {
  readonly #path: string
  readonly #maxBytes: number
  readonly #oldFiles: number
  #bytes: number

  constructor(path: string, options: { readonly maxBytes?: number; readonly oldFiles?: number } = {}) {
    this.#path = path
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes
    this.#oldFiles = options.oldFiles ?? defaultOldFiles
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#bytes = existsSync(path) ? statSync(path).size : 0
  }

  write(text: string): void {
    const bytes = Buffer.byteLength(text)
    try {
      if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) this.#rotate()
      appendFileSync(this.#path, text, { mode: 0o600 })
      this.#bytes += bytes
    } catch {
      // Said above.
    }
  }

  #rotate(): void {
    for (let n = this.#oldFiles; n > 0; n -= 1) {
      const from = n === 1 ? this.#path : `${this.#path}.${n - 1}`
      if (existsSync(from)) renameSync(from, `${this.#path}.${n}`)
    }
    this.#bytes = 0
  }
}
