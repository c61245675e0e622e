import { spawn } from 'node:child_process'

/**
 * Runs a command to its end and returns what it printed on standard output. Throws when it cannot be started, ends
 * with another code than 0 (with the end of its error output), or takes longer than `timeoutMs`.
 */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const started = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      ...(options.env === undefined ? {} : { env: options.env }),
    })
    let output = ''
    let complaint = ''
    started.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    started.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    started.once('error', reject)
    started.once('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new Error(`ended with ${code ?? signal ?? 'nothing'}: ${complaint.trim().slice(-500)}`))
    })
  })
}
