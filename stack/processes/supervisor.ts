import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RotatingLog } from './rotating-log.ts'
import { watchOver } from './watchdog.ts'

export type ChildCommand = {
  readonly file: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
}

/** How one process of the stack is started, known to be up, and stopped. */
export type ChildPlan = {
  readonly name: string
  /** Called at every start, so that a restart sees what has changed since. */
  readonly command: () => ChildCommand
  /** Resolves when the process serves. `lines` are what it has printed so far; rejects on `signal`. */
  readonly waitUntilReady: (lines: readonly string[], signal: AbortSignal) => Promise<void>
  readonly stopSignal: NodeJS.Signals
  readonly stopGraceMs: number
  /** How long it may take to come up; a minute unless said. */
  readonly readyTimeoutMs?: number
  /** How often its first start is tried again: for what chooses ports of its own, which another may take meanwhile. */
  readonly furtherStarts?: number
  /** Whether a start failed only because what an earlier process left behind is still ending. Waited out, not counted. */
  readonly isHeldUp?: (lines: readonly string[]) => boolean
  /** Sent when this process was killed and could stop nobody. */
  readonly orphanSignal: NodeJS.Signals
}

type Child = {
  readonly plan: ChildPlan
  readonly log: RotatingLog
  process: ChildProcess | undefined
  isReady: boolean
  failedStarts: number
  crashTimes: number[]
  lines: string[]
  /** Resolves when the process has ended and its last words are in `lines`. */
  ended: Promise<unknown>
}

const usualReadyTimeoutMs = 60_000
const failedStartsAllowed = 8
const usualCrashesInAMinute = 20
const linesKept = 40
const heldUpPauseMs = 500
/** A statement that lost its server goes on until it next talks to somebody; none of ours takes longer. */
const longestHoldUpMs = 10 * 60_000

/** How long the output of a process that has ended is waited for. */
const lastWordsMs = 500

/**
 * Keeps the processes of one stack alive. A process that dies is started again, with growing pauses while it fails to
 * come up. One that cannot be kept up ends the stack: `givenUp` resolves with the reason, never a half-dead stack.
 */
export class Supervisor {
  readonly givenUp: Promise<string>
  readonly #children: Child[] = []
  readonly #logDirectory: string
  readonly #onPidsChanged: (pids: Readonly<Record<string, number>>) => void
  readonly #crashesAllowedInAMinute: number
  readonly #isHeldUp: () => boolean
  readonly #stopping = new AbortController()
  #giveUp: (reason: string) => void = () => undefined
  #stopped: Promise<void> | undefined

  constructor(options: {
    logDirectory: string
    onPidsChanged?: (pids: Readonly<Record<string, number>>) => void
    /** Of one process, after it had come up; with more the stack is given up. */
    crashesAllowedInAMinute?: number
    /** Whether no process can be kept up just now for a reason that passes: it is waited out, however long it takes. */
    isHeldUp?: () => boolean
  }) {
    this.#isHeldUp = options.isHeldUp ?? (() => false)
    this.#crashesAllowedInAMinute = options.crashesAllowedInAMinute ?? usualCrashesInAMinute
    this.#logDirectory = options.logDirectory
    this.#onPidsChanged = options.onPidsChanged ?? (() => undefined)
    this.givenUp = new Promise((resolve) => (this.#giveUp = resolve))
  }

  /** Process name to pid, of those that run now. */
  get pids(): Readonly<Record<string, number>> {
    const running = this.#children.flatMap(({ plan, process }) =>
      process?.pid === undefined ? [] : [[plan.name, process.pid] as const],
    )
    return Object.fromEntries(running)
  }

  /** Starts a process and waits until it serves. Throws with the end of its output when it does not come up. */
  async start(plan: ChildPlan): Promise<void> {
    if (this.#isStopping) throw new Error(`${plan.name} was not started: the stack is being stopped.`)
    const log = new RotatingLog(join(this.#logDirectory, `${plan.name}.log`))
    const child: Child = {
      ...{ plan, log, process: undefined, isReady: false, failedStarts: 0 },
      ...{ crashTimes: [], lines: [], ended: Promise.resolve() },
    }
    this.#children.push(child)
    let isUp = await this.#launch(child)
    for (let left = plan.furtherStarts ?? 0; !isUp && left > 0 && !this.#stopping.signal.aborted; left--) {
      isUp = await this.#launch(child)
    }
    if (!isUp) throw new Error(describeFailedStart(child))
    this.#watch(child)
  }

  /** Stops every process, the last started first. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll()
    return this.#stopped
  }

  async #stopAll(): Promise<void> {
    this.#stopping.abort()
    for (const child of this.#children.toReversed()) await stopChild(child)
  }

  /** True when the process serves; false when it ended, or did not come up in time (and is ended then). */
  async #launch(child: Child): Promise<boolean> {
    const { plan } = child
    const { file, args, ...options } = plan.command()
    child.isReady = false
    child.lines = []
    // A group of its own: Ctrl-C in a terminal must reach only us, so that we stop the processes in order.
    const started = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...options,
    })
    child.process = started
    for (const stream of [started.stdout, started.stderr]) collectLines(stream, child)

    const ended = new AbortController()
    const exit = new Promise<false>((resolve) => {
      started.once('error', (error) => {
        child.lines.push(error.message)
        ended.abort()
        resolve(false)
      })
      started.once('exit', () => {
        child.isReady = false
        ended.abort()
        // Its last words may still be on their way; a grandchild may keep the pipe open for ever.
        setTimeout(() => {
          resolve(false)
        }, lastWordsMs)
      })
      started.once('close', () => {
        resolve(false)
      })
    })
    child.ended = exit
    if (started.pid === undefined) return exit
    const watchdog = watchOver(started.pid, plan.orphanSignal)
    void exit.then(watchdog.release)
    this.#onPidsChanged(this.pids)

    const signal = AbortSignal.any([
      ended.signal,
      this.#stopping.signal,
      AbortSignal.timeout(plan.readyTimeoutMs ?? usualReadyTimeoutMs),
    ])
    const ready = plan.waitUntilReady(child.lines, signal).then(
      () => true as const,
      () => false as const,
    )
    const isUp = await Promise.race([ready, exit])
    if (ended.signal.aborted) await exit
    child.isReady = isUp && started.exitCode === null && started.signalCode === null
    if (!child.isReady && !ended.signal.aborted && !this.#stopping.signal.aborted) await stopChild(child)
    return child.isReady
  }

  #watch(child: Child): void {
    const { process } = child
    if (process === undefined) return
    const restart = () => {
      this.#restart(child).catch((error: unknown) => {
        this.#giveUp(`${child.plan.name} could not be restarted: ${String(error)}`)
      })
    }
    if (process.exitCode !== null || process.signalCode !== null) restart()
    else process.once('exit', restart)
  }

  async #restart(child: Child): Promise<void> {
    const { plan } = child
    if (this.#stopping.signal.aborted) return
    // A kill from outside says nothing about the process; a crash does.
    if (child.process?.signalCode !== 'SIGKILL' && !this.#isHeldUp()) {
      const now = Date.now()
      child.crashTimes = [...child.crashTimes.filter((time) => now - time < 60_000), now]
      if (child.crashTimes.length > this.#crashesAllowedInAMinute) {
        await child.ended
        this.#giveUp(`${plan.name} crashed ${child.crashTimes.length} times in a minute.${lastLines(child)}`)
        return
      }
    }
    const restarted = Date.now()
    child.failedStarts = 0
    while (child.failedStarts < failedStartsAllowed) {
      await this.#waitForEarlier(child)
      if (this.#isStopping) return
      if (await this.#launch(child)) {
        this.#watch(child)
        return
      }
      const isWaitingForItself = plan.isHeldUp?.(child.lines) === true && Date.now() - restarted < longestHoldUpMs
      const isHeldUp = isWaitingForItself || this.#isHeldUp()
      if (!isHeldUp) child.failedStarts += 1
      await this.#pause(isHeldUp ? heldUpPauseMs : Math.min(100 * 2 ** child.failedStarts, 5000))
    }
    if (!this.#isStopping) this.#giveUp(describeFailedStart(child))
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
  }

  /** What was started before is what this one needs: a worker that finds no database would only fail again. */
  async #waitForEarlier(child: Child): Promise<void> {
    const earlier = this.#children.slice(0, this.#children.indexOf(child))
    while (!this.#isStopping && earlier.some(({ isReady }) => !isReady)) await sleep(50)
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }
}

async function stopChild({ process, plan }: Child): Promise<void> {
  if (process?.pid === undefined || process.exitCode !== null || process.signalCode !== null) return
  const exited = new Promise<void>((resolve) => process.once('exit', () => resolve()))
  process.kill(plan.stopSignal)
  const grace = new AbortController()
  const inTime = await Promise.race([
    exited.then(() => true),
    sleep(plan.stopGraceMs, false, { signal: grace.signal }).catch(() => true),
  ])
  grace.abort()
  if (inTime) return
  process.kill('SIGKILL')
  await exited
}

function collectLines(stream: NodeJS.ReadableStream | null, child: Child): void {
  if (stream === null) return
  const { lines, log } = child
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    log.write(text)
    const pieces = (rest + text).split('\n')
    rest = pieces.pop() ?? ''
    lines.push(...pieces)
    if (child.isReady && lines.length > linesKept) lines.splice(0, lines.length - linesKept)
  })
}

function describeFailedStart(child: Child): string {
  return `${child.plan.name} did not start.${lastLines(child)}`
}

function lastLines(child: Child): string {
  const text = child.lines.slice(-linesKept).join('\n').trim()
  return text === '' ? '' : ` It printed last:\n${text}`
}
