import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { makeLincolnCounty } from '../../simulators/oneroster-package/lincoln-county.ts'
import { root } from '../root.ts'
import { linkToRun } from '../temporal/temporal-ui-links.ts'
import type { Stack } from '../stack.ts'

const district = 'lincoln-county'
const Districts = z.array(z.object({ slug: z.string() }))
const Run = z.object({ district: z.string(), dataType: z.string(), runId: z.string() })
const Runs = z.array(Run)

/** Codes with which an import ends that did what it should: done, or finished with open alerts. */
const goodImport = [0, 4]

/**
 * Fills a new stack with the demo district by the same commands an operator would type, and prints the summary of its
 * first import. Of a stack that has it already it says only that, and how to see more: its newest run may be anything.
 */
export async function loadDemo(stack: Stack, directory: string, say: (text: string) => void): Promise<void> {
  const districts = Districts.parse(JSON.parse(await runRollbook(stack, ['district', 'list', '--json'])))
  if (!districts.some(({ slug }) => slug === district)) {
    await runRollbook(stack, ['district', 'create', district, '--name', 'Lincoln County Schools'])
  }
  if ((await findNewestRun(stack)) !== undefined) {
    say(`\nGoing on with the data of the last start. The demo district ${district} is there; its runs:`)
    say(`  npx rollbook run list --district ${district}`)
    return
  }
  const file = join(directory, `${district}.zip`)
  await pipeline(makeLincolnCounty(), createWriteStream(file, { mode: 0o600 }))
  say(`\nImporting the demo district ${district} (invented people, ${file}) …`)
  const imported = ['import', file, '--district', district, '--data-type', 'students']
  say(await runRollbook(stack, imported, goodImport))
  const run = await findNewestRun(stack)
  if (run !== undefined) say(`\nThis run in the Temporal UI:  ${linkToRun(stack.temporalUiUrl, run)}`)
}

async function findNewestRun(stack: Stack): Promise<z.infer<typeof Run> | undefined> {
  const listed = await runRollbook(stack, ['run', 'list', '--district', district, '--limit', '1', '--json'])
  return Runs.parse(JSON.parse(listed))[0]
}

/** What the command prints on standard output. Throws when it ends with a code that was not expected. */
function runRollbook(stack: Stack, args: readonly string[], expected: readonly number[] = [0]): Promise<string> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [join(root, 'cli', 'main.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...stack.environment },
    })
    let output = ''
    let complaint = ''
    started.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    started.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    started.once('error', reject)
    started.once('close', (code) => {
      if (code !== null && expected.includes(code)) resolve(output.trimEnd())
      else reject(new Error(`rollbook ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${output}${complaint}`))
    })
  })
}
