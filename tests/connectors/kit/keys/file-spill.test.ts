import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileSpill } from '../../../../connectors/kit/keys/file-spill.ts'
import { countOpenFiles, hasOpenFiles } from '../../../fixtures/open-files.ts'

const pieceOf = (start: number): Int32Array => Int32Array.from({ length: 64 }, (_, at) => start * 1000 - at)
const itCountingFiles = hasOpenFiles ? it : it.skip

describe('a spill in a temporary file', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollbook-spill-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('gives back what was put down, in any order, and leaves no file in the folder', () => {
    const spill = new FileSpill(folder)
    try {
      const places = Array.from({ length: 50 }, (_, piece) => spill.append(pieceOf(piece)))
      assert.deepEqual(readdirSync(folder), [])
      for (const piece of [49, 0, 17, 3]) {
        const into = new Int32Array(64)
        spill.take(places[piece] ?? -1, into)
        assert.deepEqual(into, pieceOf(piece))
      }
    } finally {
      spill.close()
    }
  })

  it('starts again at the beginning of the file when all was taken', () => {
    const spill = new FileSpill(folder)
    try {
      const places = [spill.append(pieceOf(1)), spill.append(pieceOf(2))]
      for (const place of places) spill.take(place, new Int32Array(64))
      assert.deepEqual([spill.append(pieceOf(3)), spill.append(pieceOf(4))], places)
    } finally {
      spill.close()
    }
  })

  itCountingFiles('opens a file for the first words only, and none is open after it is closed', () => {
    const spill = new FileSpill(folder)
    assert.equal(countOpenFiles(folder), 0)
    spill.append(pieceOf(1))
    assert.equal(countOpenFiles(folder), 1)
    spill.close()
    spill.close()
    assert.equal(countOpenFiles(folder), 0)
  })

  it('throws the error of the file system where there is no room', () => {
    const spill = new FileSpill(join(folder, 'missing'))
    assert.throws(() => spill.append(pieceOf(1)), { code: 'ENOENT' })
    spill.close()
  })
})
