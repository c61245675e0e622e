import { parseArgs } from 'node:util'
import { listMutants } from './mutation/code-mutants.ts'
import { openCourtroom } from './mutation/courtroom.ts'
import { judgeFile, type JudgedFile } from './mutation/judge-file.ts'
import { listJudges } from './mutation/judges.ts'
import { describeMutant, sampleMutants, type Mutant } from './mutation/mutant.ts'
import { readFileSync } from 'node:fs'
import { formatScores } from './mutation/format-scores.ts'

/**
 * `npm run mutate -- file… [--sample n] [--seed n] [--lines from-to] [--tests file,…] [--list] [--json]`: plants small
 * faults in each file, one at a time, and tells which of them no test notices. Faults are planted in a copy.
 */
const { positionals: files, values: asked } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    lines: { type: 'string' },
    tests: { type: 'string' },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const chosen = files.map((file) => ({
  file,
  tests: asked.tests?.split(',') ?? listJudges(file),
  ...chooseMutants(file),
}))
if (asked.list) {
  for (const { file, source, mutants } of chosen) {
    for (const mutant of mutants) {
      const { line, after } = describeMutant(source, mutant)
      console.log(`${file}:${line}  ${after}`)
    }
  }
} else await judgeAll()

function chooseMutants(file: string): { readonly source: string; readonly mutants: readonly Mutant[] } {
  const source = readFileSync(file, 'utf8')
  const [from = 1, to = Infinity] = asked.lines?.split('-').map(Number) ?? []
  const all = listMutants(source, file.startsWith('db/')).filter((mutant) => {
    const { line } = describeMutant(source, mutant)
    return line >= from && line <= to
  })
  return { source, mutants: sampleMutants(all, Number(asked.sample ?? all.length), Number(asked.seed)) }
}

async function judgeAll(): Promise<void> {
  const courtroom = await openCourtroom()
  const judged: JudgedFile[] = []
  const tellScores = () => {
    console.log(asked.json ? JSON.stringify(judged, undefined, 2) : formatScores(judged))
  }
  const stopOnSignal = () => void courtroom.close().finally(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stopOnSignal)
  try {
    for (const one of chosen) {
      judged.push(await judgeFile(courtroom, one, (line) => console.error(line)))
    }
  } finally {
    await courtroom.close()
  }
  tellScores()
}
