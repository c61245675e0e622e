import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listSourceFiles } from './house/source-files.ts'
import { treeChecks } from './house/tree-checks.ts'

/** What came of one check: nothing, or what to look at, ready to print. */
export type CheckResult = { readonly name: string; readonly problems: readonly string[] }

const root = join(import.meta.dirname, '..')

/** The folders whose imports are held to their borders; one that is not there yet is left out. */
const cruised =
  'domain platform connectors db activities workflows workers api console cli simulators stack bench tests'
    .split(' ')
    .concat('bin', 'config.ts')

/**
 * Runs every check that needs no database: format, types, lint, borders, and the tree as text. Prints each with its
 * result as it ends, and gives true when all are clean.
 */
export async function runChecks(): Promise<boolean> {
  const tools: readonly (readonly [name: string, tool: string, ...args: string[]])[] = [
    ['format', 'prettier', '--check', '--log-level=warn', '.'],
    ['types', 'tsc', '--project', '.'],
    ['lint', 'eslint', '--max-warnings=0', '.'],
    ['borders', 'depcruise', ...cruised.filter((path) => existsSync(join(root, path)))],
  ]
  let isClean = true
  for (const [name, tool, ...args] of tools) isClean = report(await runTool(name, tool, args)) && isClean
  const files = await listSourceFiles(root)
  for (const { name, check } of treeChecks) isClean = report({ name, problems: check(files) }) && isClean
  return isClean
}

function report({ name, problems }: CheckResult): boolean {
  console.log(problems.length === 0 ? `ok       ${name}` : `FAILED   ${name}`)
  for (const problem of problems) console.log(`         ${problem.replaceAll('\n', '\n         ')}`)
  return problems.length === 0
}

function runTool(name: string, tool: string, args: readonly string[]): Promise<CheckResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join('node_modules', '.bin', tool), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (piece: Buffer): void => void (output += piece.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (exitCode) => {
      resolve({ name, problems: exitCode === 0 ? [] : [output.trim() || `${tool} ended with ${exitCode}`] })
    })
  })
}

if (import.meta.main && !(await runChecks())) process.exitCode = 1
