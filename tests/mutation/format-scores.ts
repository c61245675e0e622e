import type { JudgedFile } from './judge-file.ts'

/** For a terminal: of each file how many mutants were noticed, then every one that was not. */
export function formatScores(judged: readonly JudgedFile[]): string {
  const width = Math.max(4, ...judged.map(({ file }) => file.length))
  const row = (name: string, ...cells: readonly (string | number)[]) =>
    [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(9))].join('')
  const survivors = judged.flatMap(({ file, mutants }) =>
    mutants
      .filter(({ killedBy }) => killedBy === undefined)
      .map(({ line, before, after }) => `${file}:${line}\n  - ${before}\n  + ${after}`),
  )
  const scores = judged.map(({ file, mutants }) => {
    const killedCount = mutants.filter(({ killedBy }) => killedBy !== undefined).length
    const score = mutants.length === 0 ? '' : `${((killedCount / mutants.length) * 100).toFixed(0)} %`
    return row(file, mutants.length, killedCount, mutants.length - killedCount, score)
  })
  return [row('file', 'mutants', 'killed', 'survived', 'score'), ...scores, '', ...survivors].join('\n')
}
