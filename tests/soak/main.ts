import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../../stack/root.ts'
import { listenForStop } from '../../stack/processes/stop-signals.ts'
import { Journal } from './journal.ts'
import { writeReport } from './report.ts'
import { soak, type SoakFigures } from './soak.ts'

/**
 * `npm run soak -- --hours 1 | --minutes 10 [--seed n] [--districts n] [--students n]`: a long story on a stack of its
 * own, with everything going wrong that may. Exit code 1 when anything was not as it should be.
 */
const { values: asked } = parseArgs({
  options: {
    hours: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    districts: { type: 'string', default: '3' },
    students: { type: 'string', default: '240' },
  },
})
const options = {
  minutes: Number(asked.minutes ?? Number(asked.hours ?? 1) * 60),
  seed: Number(asked.seed ?? Math.floor(Math.random() * 1_000_000)),
  districts: Number(asked.districts),
  students: Number(asked.students),
}
if (!Object.values(options).every((value) => value > 0)) throw new Error('every option of the soak is a number above 0')

const startedAt = new Date()
const name = `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}-seed-${options.seed}`
const journal = new Journal(join(root, '.rollbook', 'soak', name))
console.error(`soak: ${options.minutes} minutes, seed ${options.seed}; the story is in ${journal.directory}`)
let figures: SoakFigures | undefined
try {
  figures = await soak(options, journal, listenForStop())
} catch (error) {
  journal.fault('story broke off', 'soak', error instanceof Error ? (error.stack ?? error.message) : String(error))
}
console.log(writeReport(options, journal, figures, startedAt))
process.exit(journal.faults.length === 0 ? 0 : 1)
