import { writeSync } from 'node:fs'
import { buildProblem } from './problem-document.ts'
import { countWrites } from './print.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let whatGoesOn: string | undefined

/** What somebody is told who stops the command from now on: that it goes on, and how to come back. Returns how to end that. */
export function tellWhenStopped(words: string): () => void {
  whatGoesOn = words
  return () => {
    if (whatGoesOn === words) whatGoesOn = undefined
  }
}

/**
 * Lets a command that somebody stops say what goes on, in JSON too where that is asked for, and end by the signal as it
 * would have. A command that has something to tear down listens itself, and ends in its own time. Returns how to stop
 * listening.
 */
export function tellOfInterruption(isJson: boolean): () => void {
  const before = countWrites()
  const stop = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return
    // Synchronously: the process is about to end. After the line that a progress bar, or the terminal's ^C, stands in.
    if (whatGoesOn !== undefined) writeSync(2, `\n${whatGoesOn}\n`)
    const detail = `The command was stopped (${signal}); ${whatGoesOn ?? 'what it began on the server goes on.'}`
    if (isJson && countWrites() === before) {
      writeSync(1, `${JSON.stringify(buildProblem('INTERRUPTED', detail), null, 2)}\n`)
    }
    process.off(signal, stop)
    process.kill(process.pid, signal)
  }
  for (const signal of stopSignals) process.on(signal, stop)
  return () => {
    for (const signal of stopSignals) process.off(signal, stop)
  }
}
