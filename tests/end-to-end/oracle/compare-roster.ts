import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { compareRecords, type Difference } from './compare-records.ts'
import { expectRoster } from './expect-roster.ts'

/**
 * `npm run compare -- package.zip --district lincoln [--today 2026-11-22] [--values]`: compares what a district holds, as
 * `rollbook records` prints it, with the files of the package that was the only one imported. It shares no code with
 * the import. Values of people are told with `--values` alone. Exit code 1 where anything differs.
 */
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    district: { type: 'string' },
    today: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    values: { type: 'boolean', default: false },
  },
})
const rollbook = join(import.meta.dirname, '..', '..', '..', 'cli', 'main.ts')
const mostShown = 20

const [file] = positionals
if (file === undefined || asked.district === undefined) {
  console.error('Which package, and of which district? npm run compare -- package.zip --district lincoln')
  process.exitCode = 2
} else process.exitCode = await compare(file, asked.district)

async function compare(file: string, district: string): Promise<number> {
  const roster = await expectRoster(readFileSync(file), asked.today)
  const comparisons = await compareRecords(roster, (dataType) => printRecords(dataType, district))
  for (const { dataType, expected, printed, values, differences } of comparisons) {
    console.log(
      `${dataType}: ${expected} in the files, ${printed} held, ${values} values, ${differences.length} differ`,
    )
    for (const difference of differences.slice(0, mostShown)) console.log(`  ${describe(difference)}`)
    if (differences.length > mostShown) console.log(`  and ${differences.length - mostShown} more`)
  }
  return comparisons.some(({ differences }) => differences.length > 0) ? 1 : 0
}

function describe({ key, what, expected, printed }: Difference): string {
  const isWhole = what === 'missing' || what === 'surplus'
  return `${key}: ${what}${asked.values && !isWhole ? `, "${expected}" in the files, "${printed}" held` : ''}`
}

async function printRecords(dataType: string, district: string): Promise<string> {
  const args = [rollbook, 'records', dataType, '--district', district, '--csv']
  const command = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = await Promise.all([text(command.stdout), once(command, 'close')])
  if (command.exitCode !== 0) throw new Error(`rollbook records ${dataType} ended with ${String(command.exitCode)}`)
  return printed
}
