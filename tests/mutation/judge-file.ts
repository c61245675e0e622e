import type { Courtroom } from './courtroom.ts'
import { describeMutant, plant, type Mutant } from './mutant.ts'

export type JudgedMutant = ReturnType<typeof describeMutant> & {
  /** The test file that noticed it; none where it survived. */
  readonly killedBy: string | undefined
}

export type JudgedFile = { readonly file: string; readonly mutants: readonly JudgedMutant[] }

/**
 * Plants one mutant after the other in a file and asks its tests in their order, until one fails. They must pass
 * without a mutant; how long they take then is what a mutant is given three times of.
 */
export async function judgeFile(
  { copy, ask }: Courtroom,
  {
    file,
    mutants,
    tests,
  }: { readonly file: string; readonly mutants: readonly Mutant[]; readonly tests: readonly string[] },
  tell: (line: string) => void,
): Promise<JudgedFile> {
  const limits = new Map<string, number>()
  for (const test of tests) {
    const { outcome, tookMs, said } = await ask(test, 15 * 60_000)
    if (outcome !== 'passed') throw new Error(`${test} does not pass without a mutant:\n${said}`)
    limits.set(test, tookMs * 3 + 10_000)
    tell(`${(tookMs / 1000).toFixed(1).padStart(6)} s  ${test}`)
  }
  const source = copy.read(file)
  const judged: JudgedMutant[] = []
  for (const mutant of mutants) {
    const killedBy = await copy.withChanged(file, plant(source, mutant), async () => {
      for (const test of tests) if ((await ask(test, limits.get(test) ?? 0)).outcome !== 'passed') return test
      return undefined
    })
    const one = { ...describeMutant(source, mutant), killedBy }
    judged.push(one)
    const place = `${file}:${one.line}`
    tell(killedBy === undefined ? `SURVIVED  ${place}  ${one.after}` : `killed    ${place}`)
  }
  return { file, mutants: judged }
}
