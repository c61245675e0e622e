import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileInput } from '../../../connectors/kit/file-input.ts'
import { openFolderInput } from '../../../connectors/kit/folder-input.ts'

const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, i) => i % 251))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollbook-input-'))
  await mkdir(join(folder, 'a'))
  await writeFile(join(folder, 'a', 'large.bin'), bytes)
  await writeFile(join(folder, 'b.csv'), 'x')
  await symlink(join(folder, 'b.csv'), join(folder, 'c.csv'))
})

afterAll(() => rm(folder, { recursive: true }))

describe('a file on disk', () => {
  it('is read at any place, past its end without an error', async () => {
    const file = await openFileInput(join(folder, 'a', 'large.bin'))
    assert.equal(file.sizeBytes, bytes.length)
    assert.deepEqual(await file.read(300_000, 10), bytes.subarray(300_000, 300_010))
    assert.deepEqual(await file.read(bytes.length - 3, 10), bytes.subarray(-3))
    assert.equal((await file.read(bytes.length + 5, 10)).length, 0)
    await file.close()
  })

  it('is streamed in order, from and to any place', async () => {
    const file = await openFileInput(join(folder, 'a', 'large.bin'))
    for (const [offset, length] of [
      [0, bytes.length],
      [7, 600_000],
      [699_990, 1000],
      [5, 0],
    ] as const) {
      const pieces: Buffer[] = []
      for await (const piece of file.stream(offset, length)) pieces.push(piece)
      assert.ok(Buffer.concat(pieces).equals(bytes.subarray(offset, offset + length)))
    }
    await file.close()
  })

  it('may be closed right after a reader stopped early', async () => {
    const file = await openFileInput(join(folder, 'a', 'large.bin'))
    for await (const piece of file.stream(0, bytes.length)) {
      assert.ok(piece.length > 0)
      break
    }
    await file.close()
  })
})

describe('a folder', () => {
  it('lists what is beneath it by name, and says what is no plain file', async () => {
    const items = await openFolderInput(folder).list(100)
    assert.deepEqual(
      items.map(({ name, kind, sizeBytes }) => [name, kind, sizeBytes]),
      [
        ['a/', 'folder', 0],
        ['a/large.bin', 'file', bytes.length],
        ['b.csv', 'file', 1],
        ['c.csv', 'special', 0],
      ],
    )
  })

  it('stops listing where it is told', async () => {
    assert.equal((await openFolderInput(folder).list(2)).length, 2)
  })
})
