import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** The configuration files a tool needs to judge a planted tree exactly as it judges ours. */
const configuration = [
  '.dependency-cruiser.cjs',
  'eslint.config.js',
  'package.json',
  'tsconfig.json',
  'tests/harness/jest-globals.d.ts',
  'tests/house/lint-rules.js',
]

/**
 * A scratch checkout with our configuration, our dependencies and the given files, `path → text`.
 * Disposed of with `await using`.
 */
export async function plantTree(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-house-'))
  for (const path of configuration) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await cp(join(root, path), join(folder, path))
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** Runs a tool of node_modules/.bin in a folder and gives what it printed, whatever its exit code. */
export function runIn(folder: string, tool: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join('node_modules', '.bin', tool), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
    child.on('error', reject)
    child.on('close', () => {
      resolve(output)
    })
  })
}
