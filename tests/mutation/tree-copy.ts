import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from '../../stack/root.ts'

const leftOut = new Set(['.git', 'node_modules', '.rollbook', 'coverage', 'dist', 'tmp'])

/** A copy of the working tree in which faults are planted; the tree itself is never touched. */
export class TreeCopy {
  readonly path: string

  constructor(path: string) {
    this.path = path
    cpSync(root, path, { recursive: true, filter: (from) => !leftOut.has(relative(root, from)) })
    symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  }

  read(file: string): string {
    return readFileSync(join(root, file), 'utf8')
  }

  /** Works on the copy with `file` changed, and puts it back. */
  async withChanged<Result>(file: string, text: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.read(file)
    writeFileSync(join(this.path, file), text)
    try {
      return await work()
    } finally {
      writeFileSync(join(this.path, file), before)
    }
  }
}
