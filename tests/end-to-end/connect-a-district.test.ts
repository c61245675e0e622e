import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'
import { runCommand } from '../cli/run-command.ts'
import { toWords } from '../harness/runbook.ts'
import { startTestStack } from '../harness/stack.ts'
import { packageOf } from './district-on-stack.ts'

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/connect-a-district.md'), 'utf8')
/** Every command of the page that stands in a block by itself, in its order. */
const commands = [...guide.matchAll(/^```\n([^`]*)^```$/gm)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .filter((line) => line.startsWith('npx rollbook '))
  .map((line) => line.slice('npx rollbook '.length))

describe('docs/guides/connect-a-district.md', () => {
  it('works typed as it stands, from the first command to the last', async () => {
    const stack = await startTestStack()
    const directory = makeTemporaryDirectory()
    const cwd = directory.path
    writeFileSync(join(cwd, 'package.zip'), await packageOf({ seed: 26, students: 30, studentsPerSchool: 30 }))
    // The page shows an SFTP server, which a test of the steps does not need: a folder is a source as well.
    writeFileSync(join(cwd, 'drop.json'), JSON.stringify({ source: { kind: 'folder', path: '.' } }))
    const drop = join(dirname(stack.mailDirectory), 'drop', 'lincoln-county')
    mkdirSync(drop, { recursive: true })
    copyFileSync(join(cwd, 'package.zip'), join(drop, 'package.zip'))

    assert.deepEqual(
      commands.map((line) => line.split(' ').slice(0, 2).join(' ')),
      [
        ...['validate package.zip', 'district create', 'connection add', 'connection test'],
        ...['import package.zip', 'import package.zip', 'schedule set', 'connection health'],
      ],
    )
    const places: Record<string, string> = {}
    for (const line of commands) {
      const args = toWords(line, places)
      const json = args[0] === 'connection' && args[1] === 'add' ? ['--json'] : []
      const { exitCode, stdout, stderr } = await runCommand([...args, ...json], { cwd, env: { ...stack.environment } })
      assert.ok(exitCode === 0 || (args[0] === 'import' && exitCode === 4), `${line}: ${stderr}`)
      if (json.length > 0) places['connection'] = (JSON.parse(stdout) as { id: string }).id
      if (args[0] === 'schedule') assert.match(stderr, /every day at 02:30 .* Next: \d{4}-\d\d-\d\d 02:30 C[SD]T\./)
    }
  })
})
