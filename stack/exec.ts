import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { startStack, type Stack } from './stack.ts'
import { exitCodeOf, listenForStop } from './processes/stop-signals.ts'
import { makeTemporaryDirectory } from './disk/temporary-directory.ts'
import { watchOver } from './processes/watchdog.ts'

/**
 * `rollbook stack exec -- command…`: starts a throw-away stack, runs the command with the variables of contract.md,
 * tears everything down, also on signals, and returns the command's exit code; 1 when the stack failed.
 */
export async function runInThrowAwayStack(command: readonly string[]): Promise<number> {
  const [file, ...args] = command
  if (file === undefined) throw new Error('stack exec needs a command after --')
  const stopWanted = listenForStop()
  const say = (text: string) => process.stderr.write(`rollbook: ${text}\n`)
  const directory = makeTemporaryDirectory()
  let stack: Stack | undefined
  try {
    stack = await startStack({
      dataDirectory: join(directory.path, 'stack'),
      isThrowAway: true,
      say,
      signal: stopWanted,
    })
    const failed = stack.givenUp.then((reason) => {
      say(`The stack failed: ${reason}`)
      return 1
    })
    return await runCommand(file, args, stack.environment, stopWanted, failed)
  } catch (error) {
    if (stopWanted.aborted) return exitCodeOf(stopWanted)
    say(error instanceof Error ? error.message : String(error))
    return 1
  } finally {
    await stack?.stop()
    directory.remove()
  }
}

/** Passes a signal on to the command and lets it end by itself; ends it when the stack fails under it. */
async function runCommand(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  stopWanted: AbortSignal,
  failed: Promise<number>,
): Promise<number> {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
  const watchdog = child.pid === undefined ? undefined : watchOver(child.pid, 'SIGTERM')
  const passOn = () => void child.kill(stopWanted.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM')
  stopWanted.addEventListener('abort', passOn)
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${file} could not be started: ${error.message}`)))
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
  })
  try {
    const code = await Promise.race([ended, failed])
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    return code
  } finally {
    stopWanted.removeEventListener('abort', passOn)
    watchdog?.release()
  }
}
