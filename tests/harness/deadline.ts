import { Worker } from 'node:worker_threads'

const usualLimitMs = 35 * 60_000
const watch = `
  const { writeSync } = require('node:fs')
  const { workerData } = require('node:worker_threads')
  setTimeout(() => {
    writeSync(2, workerData.line)
    process.kill(process.pid, 'SIGKILL')
  }, workerData.limitMs)
`

/**
 * Kills this process, with a line that names the test file, once it has run for far longer than any file needs. A
 * thread of its own does it, because a process that waits in a circle answers neither signals nor timers, and would
 * keep whoever runs the tests waiting for ever.
 */
export function endAtDeadline(file: string, limitMs = usualLimitMs): void {
  new Worker(watch, {
    eval: true,
    execArgv: [],
    workerData: {
      limitMs,
      line: `${file} did not end within ${limitMs / 60_000} minutes and was killed.\n`,
    },
  }).unref()
}
