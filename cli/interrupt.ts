import { writeSync } from 'node:fs'
import { buildProblem } from './problem-document.ts'
import { countWrites } from './print.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Lets a command that somebody stops say so in JSON, and end by the signal as it would have. A command that has
 * something to tear down listens itself, and ends in its own time. Returns how to stop listening.
 */
export function tellOfInterruption(): () => void {
  const before = countWrites()
  const stop = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return
    const detail = `The command was stopped (${signal}); what it began on the server goes on.`
    if (countWrites() === before) writeSync(1, `${JSON.stringify(buildProblem('INTERRUPTED', detail), null, 2)}\n`)
    process.off(signal, stop)
    process.kill(process.pid, signal)
  }
  for (const signal of stopSignals) process.on(signal, stop)
  return () => {
    for (const signal of stopSignals) process.off(signal, stop)
  }
}
