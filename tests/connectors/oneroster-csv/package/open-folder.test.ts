import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import type { OpenedPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import { openFileInput } from '../../../../connectors/kit/file-input.ts'
import { openFolderInput } from '../../../../connectors/kit/folder-input.ts'
import { smallFiles, smallPackage } from '../../../fixtures/small-package.ts'
import { makeZip } from '../../../fixtures/zip-maker.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollbook-package-'))
})

afterEach(() => rm(folder, { recursive: true }))

async function write(beneath: string, parts = smallPackage()): Promise<void> {
  for (const { name, data } of parts) {
    const path = join(folder, beneath, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, data)
  }
}

async function open(path: string): Promise<{ opened: OpenedPackage; told: string[]; texts: Record<string, string> }> {
  const told: string[] = []
  const isFolder = (await stat(path)).isDirectory()
  const file = isFolder ? undefined : await openFileInput(path)
  const source = file ?? openFolderInput(path)
  const sink = ({ rule, severity }: { rule: string; severity: string }): unknown => told.push(`${rule} ${severity}`)
  const opened = await openPackage(source, { profile: 'default', sink })
  const texts: Record<string, string> = {}
  for (const file of opened.files) {
    const pieces: Buffer[] = []
    for await (const piece of file.stream()) pieces.push(piece)
    texts[file.fileName] = Buffer.concat(pieces).toString()
  }
  await file?.close()
  return { opened, told, texts }
}

describe('a folder as a package', () => {
  it('is read as the same package in a ZIP is', async () => {
    await write('')
    const { opened, told, texts } = await open(folder)
    assert.deepEqual(told, [])
    assert.equal(opened.version, '1.1')
    assert.deepEqual(texts, smallFiles)

    const path = join(folder, 'package.zip')
    await writeFile(path, makeZip(smallPackage()))
    assert.deepEqual((await open(path)).texts, smallFiles)
  })

  it('keeps the rules on its contents', async () => {
    await write('inner')
    await write('inner', [
      { name: 'notes.txt', data: 'x' },
      { name: '.DS_Store', data: 'x' },
    ])
    assert.deepEqual((await open(folder)).told, ['Z-06 warning', 'Z-07 info', 'Z-09 warning'])
  })

  it('is not followed out of itself by a link', async () => {
    await write('')
    await symlink('/etc/passwd', join(folder, 'results.csv'))
    assert.deepEqual((await open(folder)).told, ['Z-04 block'])
  })

  it('is refused when it holds too much to be one', async () => {
    await write(
      '',
      Array.from({ length: 1001 }, (_, i) => ({ name: `${String(i)}.csv`, data: '' })),
    )
    assert.deepEqual((await open(folder)).told, ['Z-03 block'])
  })
})
