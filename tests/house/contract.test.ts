import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { RunDocument } from '../../api/contract/run.ts'
import { UndoDocument } from '../../api/contract/undo.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { buildProgram } from '../../cli/program.ts'
import { parseMarkdownTables } from './markdown-tables.ts'

const page = await readFile(join(import.meta.dirname, '..', '..', 'docs/reference/contract.md'), 'utf8')
const rowsUnder = (heading: string) => parseMarkdownTables(page).find((table) => table.heading === heading)?.rows ?? []

/** The commands that do something, as `run show`; those that only say that they are not built yet are left out. */
function listCommands(parent: Command, above: readonly string[] = []): string[] {
  return parent.commands.flatMap((command) => {
    const path = [...above, command.name()]
    if (command.commands.length > 0) {
      // One that takes arguments does something by itself as well.
      return [...(command.registeredArguments.length > 0 ? [path.join(' ')] : []), ...listCommands(command, path)]
    }
    return command.description() === 'not built yet' ? [] : [path.join(' ')]
  })
}

describe('docs/reference/contract.md', () => {
  it('lists the exit codes, and no others', () => {
    const inPage = rowsUnder('Exit codes').map((row) => [row['Name'], Number(row['Code'])])
    assert.deepEqual(Object.fromEntries(inPage), exitCodes)
  })

  it('lists the commands that are built, and no others', () => {
    const inPage = rowsUnder('Commands').map((row) => row['Command'])
    const inCode = listCommands(buildProgram(() => Promise.resolve()))
    assert.deepEqual(inPage.sort(), inCode.sort())
  })

  it('lists the fields of a run, and no others', () => {
    const inPage = rowsUnder('The document of a run').map((row) => row['Field'])
    assert.deepEqual(inPage, Object.keys(RunDocument.shape))
  })

  it('lists the fields of an undo, and no others', () => {
    const inPage = rowsUnder('The document of an undo').map((row) => row['Field'])
    assert.deepEqual(inPage, Object.keys(UndoDocument.shape))
  })
})
