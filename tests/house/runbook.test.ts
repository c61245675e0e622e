import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findTemporalCli } from '../../stack/temporal/temporal-cli.ts'
import { runbook, runbookCommands, toWords } from '../harness/runbook.ts'
import { readComposeFile } from './deployment/compose-file.ts'
import { parseMarkdownTables } from './markdown-tables.ts'

const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)
const anything = new Proxy({}, { get: () => 'x' })

describe('docs/guides/runbook.md', () => {
  it('quotes no command but of three programs', () => {
    const programs = new Set(runbookCommands.map((line) => line.split(' ')[0]))
    assert.deepEqual([...programs].sort(), ['docker', 'npx', 'temporal'])
    // tests/house/commands-in-documents.test.ts tries those of Rollbook.
    for (const line of runbookCommands) if (line.startsWith('npx')) assert.match(line, /^npx rollbook /)
  })

  for (const line of runbookCommands.filter((command) => command.startsWith('temporal '))) {
    it(`quotes what the Temporal CLI understands: ${line}`, async () => {
      const [, group = '', verb = '', ...rest] = toWords(line, anything)
      const { stdout } = await run(await findTemporalCli(), [group, verb, '--help'])
      assert.ok(stdout.includes(`temporal ${group} ${verb} [flags]`), stdout)
      for (const flag of rest.filter((word) => word.startsWith('--'))) assert.match(stdout, new RegExp(` ${flag} `))
    })
  }

  it('names a service of the compose file that can speak to Temporal', async () => {
    const [line = ''] = runbookCommands.filter((command) => command.startsWith('docker '))
    const service = (await readComposeFile(root)).services[line.split(' ').at(-1) ?? '']
    assert.deepEqual(Object.keys(service?.environment ?? {}).sort(), ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'])
  })

  it('has no link to a heading that is not there', () => {
    const headings = [...runbook.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    )
    for (const [, anchor = ''] of runbook.matchAll(/\]\(#([^)]*)\)/g)) assert.ok(headings.includes(anchor), anchor)
  })

  it('names a test for each lever, and each of them is there', async () => {
    const table = parseMarkdownTables(runbook).find(({ heading }) => heading === 'Which test pulls which lever')
    assert.ok((table?.rows.length ?? 0) > 15)
    for (const { Test: name = '', In: path = '' } of table?.rows ?? []) {
      const text = await readFile(join(root, path), 'utf8')
      assert.ok(text.includes(`it('${name}'`), `${path} has no test "${name}"`)
    }
  })
})
