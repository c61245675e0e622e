import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Enough for the data and the log of a night; it is memory while it is used. */
const size = '2g'

/** A file system of its own for the data of PostgreSQL, which can be filled to the last byte. */
export class SmallDisk {
  readonly #path: string
  readonly #ballast: string

  private constructor(path: string) {
    this.#path = path
    this.#ballast = join(path, 'ballast')
  }

  /** Undefined where this account may not mount one. */
  static tryToMount(path: string): SmallDisk | undefined {
    mkdirSync(path, { recursive: true })
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', path], { stdio: 'ignore' })
    } catch {
      return undefined
    }
    // PostgreSQL runs under another account than root and must pass through.
    chmodSync(path, 0o755)
    return new SmallDisk(path)
  }

  fill(): void {
    const { bavail, bsize } = statfsSync(this.#path)
    try {
      execFileSync('fallocate', ['-l', String(bavail * bsize), this.#ballast], { stdio: 'ignore' })
    } catch {
      // Somebody wrote meanwhile: the rest is filled below.
    }
    for (const bytes of [2 ** 20, 2 ** 12]) {
      try {
        for (;;) writeFileSync(this.#ballast, Buffer.alloc(bytes), { flag: 'a' })
      } catch {
        // Full.
      }
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true })
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.#path], { stdio: 'ignore' })
  }
}
