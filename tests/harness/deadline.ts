import { relative } from 'node:path'
import { Worker } from 'node:worker_threads'

/**
 * Preloaded into the process of every test file by `tests/run.ts`: kills it, with a line that names it, once it has
 * run for far longer than any file needs. A thread of its own does it, because a process that waits in a circle
 * answers neither signals nor timers, and would keep whoever runs the tests waiting for ever.
 */
const limitMinutes = 35
const watch = `
  const { writeSync } = require('node:fs')
  const { workerData } = require('node:worker_threads')
  setTimeout(() => {
    writeSync(2, workerData.line)
    process.kill(process.pid, 'SIGKILL')
  }, workerData.limitMs)
`
const file = relative(process.cwd(), process.argv[1] ?? '')
// The processes that a test starts inherit the option.
if (file.endsWith('.test.ts')) {
  new Worker(watch, {
    eval: true,
    execArgv: [],
    workerData: {
      limitMs: limitMinutes * 60_000,
      line: `${file} did not end within ${limitMinutes} minutes and was killed.\n`,
    },
  }).unref()
}
