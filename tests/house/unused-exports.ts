import { posix } from 'node:path'
import type { SourceFile } from './source-files.ts'

const code = /\.(ts|tsx|js|cjs|mjs)$/
/** Found by their file and not by a name: the workflows of a bundle, the configuration of tools. */
const entries = /^workflows\/index\.ts$|^tests\/workflows\/import\/later-release\.ts$|\.config\.(ts|js)$/

const exported = /^export (?:declare )?(?:async )?(?:abstract )?(?:const|let|class|enum|function\*?) (\w+)/gm
const named = /\b(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^}]*)\}\s*from\s*['"](\.[^'"]+)['"]/g
const whole = /\bimport\s+\*\s+as\s+\w+\s+from\s*['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]/g

/**
 * What leaves a file and nobody takes: code that is dead, or a promise to other files that none of them hears. Types are
 * left out, for they name parts of what does leave.
 */
function findUnusedExports(files: readonly SourceFile[]): { readonly path: string; readonly name: string }[] {
  const taken = new Set<string>()
  const takenWhole = new Set<string>()
  for (const { path, text } of files.filter((file) => code.test(file.path))) {
    const at = (target: string): string => posix.join(posix.dirname(path), target)
    for (const [, names = '', target = ''] of text.matchAll(named)) {
      for (const word of names.split(',')) {
        const name =
          word
            .trim()
            .replace(/^type /, '')
            .split(' as ')[0] ?? ''
        taken.add(`${at(target)} ${name}`)
      }
    }
    for (const [, all, dynamic] of text.matchAll(whole)) takenWhole.add(at(all ?? dynamic ?? ''))
  }
  return files
    .filter(({ path }) => code.test(path) && !entries.test(path) && !takenWhole.has(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(exported)]
        .map(([, name = '']) => ({ path, name }))
        .filter(({ name }) => !taken.has(`${path} ${name}`)),
    )
}

export function checkUnusedExports(files: readonly SourceFile[]): string[] {
  return findUnusedExports(files).map(({ path, name }) => `${path} exports ${name}, which no other file takes`)
}
