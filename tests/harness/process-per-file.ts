import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { GlobalConfig, ProjectConfig } from 'jest'

/** What the process of a test file is told. */
export type Order = { readonly path: string; readonly config: ProjectConfig; readonly globalConfig: GlobalConfig }
/** What it answers: Jest's result, handed through as it is, or why there is none. */
export type Answer = { readonly result: object } | { readonly failure: string }

export type TestFile = { readonly path: string; readonly context: { readonly config: ProjectConfig } }

/**
 * Jest's runner: gives every test file a process of its own, in which jest-light-runner runs it. The light runner
 * itself keeps its processes for the next file, with the modules, hooks and native threads of the files before.
 */
export default class ProcessPerFile {
  readonly #globalConfig: GlobalConfig

  constructor(globalConfig: GlobalConfig) {
    this.#globalConfig = globalConfig
  }

  async runTests(
    files: readonly TestFile[],
    _watcher: unknown,
    onStart: (file: TestFile) => Promise<void>,
    onResult: (file: TestFile, result: object) => Promise<void>,
    onFailure: (file: TestFile, error: { message: string; stack: string }) => Promise<void>,
  ): Promise<void> {
    const waiting = files.values()
    const runOneByOne = async (): Promise<void> => {
      for (const file of waiting) {
        await onStart(file)
        const { path, context } = file
        const answer = await runInProcess({ path, config: context.config, globalConfig: this.#globalConfig })
        if ('result' in answer) await onResult(file, answer.result)
        else await onFailure(file, { message: '', stack: answer.failure })
      }
    }
    await Promise.all(Array.from({ length: this.#globalConfig.maxWorkers }, runOneByOne))
  }
}

/** A process that hangs is ended by its own deadline, see run-file.ts. */
async function runInProcess(order: Order): Promise<Answer> {
  // A file that runs alone speaks at once (Jest is verbose then); of several each is shown with its result.
  const output = order.globalConfig.verbose === true ? 'inherit' : 'pipe'
  const child = fork(join(import.meta.dirname, 'run-file.ts'), [order.path], {
    stdio: ['ignore', output, output, 'ipc'],
    serialization: 'advanced',
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  let answer: Answer | undefined
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  }
  child.once('message', (message) => {
    // It comes from run-file.ts alone.
    answer = message as Answer
  })
  child.send(order)
  await once(child, 'close')
  process.off('exit', kill)
  if (answer === undefined || child.exitCode !== 0) {
    const cause = child.signalCode ?? `exit code ${child.exitCode}`
    const when = answer === undefined ? 'before its tests had ended' : 'after its tests had ended'
    return { failure: `The process of the file ended by ${cause} ${when}.\n${said}` }
  }
  if ('failure' in answer) return { failure: `${answer.failure}\n${said}` }
  return { result: said === '' ? answer.result : { ...answer.result, console: [toConsoleEntry(said)] } }
}

/** As Jest's reporters print what a file wrote. */
function toConsoleEntry(message: string): object {
  return { message, origin: '', type: 'log' }
}
