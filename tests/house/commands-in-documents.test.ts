import assert from 'node:assert/strict'
import { join } from 'node:path'
import { buildProgram } from '../../cli/program.ts'
import { listSourceFiles } from './source-files.ts'

const root = join(import.meta.dirname, '..', '..')

/** `npx rollbook run show <runId>   # comment` → `['run', 'show', 'x']`; every such command of a page. */
function listCommands(markdown: string): string[][] {
  return [...markdown.matchAll(/npx rollbook ([^`\n]+)/g)].map(([, line = '']) => {
    const words = line.replace(/\s+#.*$/, '').match(/"[^"]*"|\S+/g) ?? []
    return words.map((word) => word.replace(/^"(.*)"$/, '$1').replace(/^<.*>$/, 'x'))
  })
}

const pages = (await listSourceFiles(root)).filter(({ path }) => path.endsWith('.md'))
const commands = pages.flatMap(({ path, text }) => listCommands(text).map((words) => ({ path, words })))

describe('the commands named in the documents', () => {
  it('are found', () => {
    assert.ok(commands.length > 10)
  })

  for (const { path, words } of commands) {
    it(`rollbook ${words.join(' ')} is understood (${path})`, async () => {
      // A command line that is wrong throws before the action is reached; the action itself is not run.
      let isUnderstood = false
      const program = buildProgram(() => {
        isUnderstood = true
        return Promise.resolve()
      })
      await program.parseAsync(words, { from: 'user' })
      assert.ok(isUnderstood)
    })
  }
})
