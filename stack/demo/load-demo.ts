import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { makeLincolnCounty } from '../../simulators/oneroster-package/lincoln-county.ts'
import { root } from '../root.ts'
import type { Stack } from '../stack.ts'

const district = 'lincoln-county'
const Districts = z.array(z.object({ slug: z.string() }))
const Runs = z.array(z.object({ runId: z.string() }))

/** Codes with which an import ends that did what it should: done, or finished with open alerts. */
const goodImport = [0, 4]

/**
 * Fills a new stack with the demo district by the same commands an operator would type, and prints the summary of its
 * first import. A stack that has it already shows the summary of its newest run.
 */
export async function loadDemo(stack: Stack, directory: string): Promise<void> {
  const districts = Districts.parse(JSON.parse(await runRollbook(stack, ['district', 'list', '--json'])))
  if (!districts.some(({ slug }) => slug === district)) {
    await runRollbook(stack, ['district', 'create', district, '--name', 'Lincoln County Schools'])
  }
  const listed = await runRollbook(stack, ['run', 'list', '--district', district, '--limit', '1', '--json'])
  const [newest] = Runs.parse(JSON.parse(listed))
  if (newest !== undefined) {
    console.log(`\nThe newest import of the demo district ${district}:`)
    console.log(await runRollbook(stack, ['run', 'show', newest.runId]))
    return
  }
  const file = join(directory, `${district}.zip`)
  await pipeline(makeLincolnCounty(), createWriteStream(file))
  console.log(`\nImporting the demo district ${district} (invented people, ${file}) …`)
  const imported = ['import', file, '--district', district, '--data-type', 'students']
  console.log(await runRollbook(stack, imported, goodImport))
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
