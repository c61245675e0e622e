import { spawn } from 'node:child_process'
import { join } from 'node:path'

export type Ended = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }

const entry = join(import.meta.dirname, '..', '..', 'cli', 'main.ts')

type CommandOptions = { readonly url?: string; readonly cwd?: string; readonly env?: Record<string, string> }

/** Runs the rollbook command as a process of its own, without anything of this machine's environment. */
export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return runScript(entry, args, options)
}

/** Many command lines, one after the other in one process. */
export async function runCommands(
  lines: readonly (readonly string[])[],
  options: CommandOptions = {},
): Promise<readonly Ended[]> {
  const { stdout, stderr } = await runScript(join(import.meta.dirname, 'run-many.ts'), [JSON.stringify(lines)], options)
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Ended[] // as run-many.ts prints it
}

function runScript(script: string, args: readonly string[], options: CommandOptions): Promise<Ended> {
  const server = options.url === undefined ? {} : { ROLLBOOK_URL: options.url, ROLLBOOK_TOKEN: 'token' }
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...server, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}
