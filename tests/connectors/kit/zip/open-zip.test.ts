import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import yazl from 'yazl'
import { ArchiveDamage } from '../../../../connectors/kit/zip/archive-damage.ts'
import { openZip } from '../../../../connectors/kit/zip/open-zip.ts'
import type { ZipEntry } from '../../../../connectors/kit/zip/open-zip.ts'
import { defaultZipLimits } from '../../../../connectors/kit/zip/zip-limits.ts'
import type { ZipLimits } from '../../../../connectors/kit/zip/zip-limits.ts'
import { memoryFile } from '../../../fixtures/memory-file.ts'
import { makeZip } from '../../../fixtures/zip-maker.ts'
import type { ZipPart } from '../../../fixtures/zip-maker.ts'

const data = 'sourcedId,name\n'.repeat(5000)
const zeroes = Buffer.alloc(12 * 2 ** 20)

async function open(bytes: Buffer, limits: Partial<ZipLimits> = {}): ReturnType<typeof openZip> {
  return openZip(memoryFile(bytes), { ...defaultZipLimits, ...limits })
}

async function readText(entry: ZipEntry | undefined): Promise<string> {
  assert.ok(entry)
  return (await readAll(entry)).toString()
}

async function readAll(entry: ZipEntry): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of entry.stream()) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function faultsOf(bytes: Buffer, limits: Partial<ZipLimits> = {}): Promise<string[]> {
  return (await open(bytes, limits)).faults.map((fault) => fault.kind)
}

/** The kind of damage that reading an entry comes upon. */
async function damageOf(part: Partial<ZipPart>, limits: Partial<ZipLimits> = {}): Promise<string> {
  const { entries, faults } = await open(makeZip([{ name: 'users.csv', data, ...part }]), limits)
  assert.deepEqual(faults, [])
  const [entry] = entries
  assert.ok(entry)
  try {
    await readAll(entry)
  } catch (error) {
    assert.ok(error instanceof ArchiveDamage)
    return error.fault.kind
  }
  return 'none'
}

describe('an honest archive', () => {
  const forms: Record<string, Partial<ZipPart>> = {
    deflated: {},
    stored: { isStored: true },
    'with data descriptors': { hasDescriptor: true },
    'in ZIP64': { isBig: true },
    'with an empty entry': { data: '' },
  }
  for (const [form, part] of Object.entries(forms)) {
    it(`is read when it is ${form}`, async () => {
      const { entries, faults } = await open(makeZip([{ name: 'a.csv' }, { name: 'users.csv', data, ...part }]))
      assert.deepEqual(faults, [])
      assert.equal(await readText(entries[1]), part.data ?? data)
    })
  }

  it('is read when its end is in ZIP64 and a comment follows', async () => {
    const { entries } = await open(makeZip([{ name: 'users.csv', data }], { isBig: true, comment: 'made by hand' }))
    assert.equal(await readText(entries[0]), data)
  })

  it('gives its entries as often as they are asked for', async () => {
    const { entries } = await open(makeZip([{ name: 'users.csv', data }]), { totalBytes: data.length })
    assert.equal(await readText(entries[0]), data)
    assert.equal(await readText(entries[0]), data)
  })

  it('comes back as yazl wrote it', async () => {
    const written = new yazl.ZipFile()
    const files = new Map([
      ['orgs.csv', Buffer.from(data)],
      ['námes.csv', Buffer.from('é')],
      ['stored.csv', Buffer.alloc(300_000, 'ab')],
    ])
    for (const [name, bytes] of files) written.addBuffer(bytes, name, { compress: name !== 'stored.csv' })
    written.addReadStream(Readable.from([Buffer.from('streamed')]), 'streamed.csv')
    written.end({ forceZip64Format: true, comment: '' })
    const { entries, faults } = await open(await buffer(written.outputStream))
    assert.deepEqual(faults, [])
    for (const [name, bytes] of files) {
      assert.equal(await readText(entries.find((entry) => entry.name === name)), bytes.toString())
    }
    assert.equal(await readText(entries.find((entry) => entry.name === 'streamed.csv')), 'streamed')
  })
})

describe('an archive that cannot be trusted', () => {
  const local = { name: 'users.csv', data }
  const cases: Record<string, [Buffer, string]> = {
    'is not one': [Buffer.from('sourcedId,name\n1,2\n'), 'notAnArchive'],
    'is empty': [Buffer.alloc(0), 'notAnArchive'],
    'was cut off': [makeZip([local]).subarray(0, -40), 'cutOff'],
    'has bytes behind its end': [Buffer.concat([makeZip([local]), Buffer.from('more')]), 'directoryDamaged'],
    'is encrypted': [makeZip([{ ...local, central: { flags: 1 } }]), 'encrypted'],
    'is encrypted by the local header alone': [makeZip([{ ...local, local: { flags: 1 } }]), 'encrypted'],
    'uses LZMA': [makeZip([{ ...local, local: { method: 14 }, central: { method: 14 } }]), 'unknownCompression'],
    'has another name before the data': [makeZip([{ ...local, local: { name: 'orgs.csv!' } }]), 'headersDiffer'],
    'has another size before the data': [makeZip([{ ...local, local: { expandedBytes: 1 } }]), 'headersDiffer'],
    'has another method before the data': [makeZip([{ ...local, local: { method: 0 } }]), 'headersDiffer'],
    'has another checksum before the data': [makeZip([{ ...local, local: { crc32: 1 } }]), 'headersDiffer'],
    'claims more entries than it has': [makeZip([local], { entryCount: 2 }), 'directoryDamaged'],
    'hides an entry from its count': [makeZip([local, { name: 'b' }], { entryCount: 1 }), 'directoryDamaged'],
    'points outside of itself': [makeZip([{ ...local, central: { headerOffset: 9e6 } }]), 'directoryDamaged'],
    'lets data run into its directory': [
      makeZip([{ ...local, hasDescriptor: true, central: { compressedBytes: 9e6 } }]),
      'sizeDiffers',
    ],
    'lets entries share bytes': [makeZip([local, { ...local, isDirectoryOnly: true }]), 'entriesOverlap'],
    'gives one entry two names': [
      makeZip([{ ...local, central: { extra: unicodePath('users.csv', 'orgs.csv') } }]),
      'headersDiffer',
    ],
  }
  for (const [what, [bytes, kind]] of Object.entries(cases)) {
    it(`is refused when it ${what}`, async () => {
      assert.deepEqual(await faultsOf(bytes), [kind])
    })
  }

  it('is refused before it is read when it is over a limit', async () => {
    const two = makeZip([local, { name: 'b', data }])
    assert.deepEqual(await faultsOf(two, { archiveBytes: two.length - 1 }), ['archiveTooLarge'])
    assert.deepEqual(await faultsOf(two, { entryCount: 1 }), ['tooManyEntries'])
    assert.deepEqual(await faultsOf(two, { entryBytes: data.length - 1 }), ['entryTooLarge'])
    assert.deepEqual(await faultsOf(two, { totalBytes: data.length * 2 - 1 }), ['totalTooLarge'])
  })
})

describe('an entry that is not what it says', () => {
  const lie = (claims: { expandedBytes?: number; compressedBytes?: number; crc32?: number }): Partial<ZipPart> => ({
    local: claims,
    central: claims,
  })

  it('is found out by its size, too small or too large', async () => {
    assert.equal(await damageOf(lie({ expandedBytes: data.length - 1 })), 'sizeDiffers')
    assert.equal(await damageOf(lie({ expandedBytes: data.length + 1 })), 'sizeDiffers')
  })

  it('is found out by bytes behind its data', async () => {
    const compressed = Buffer.concat([deflateRawSync(data), Buffer.from('hidden')])
    assert.equal(await damageOf({ compressed }), 'sizeDiffers')
  })

  it('is found out by its checksum', async () => {
    assert.equal(await damageOf(lie({ crc32: 1 })), 'checksumDiffers')
    assert.equal(await damageOf({ isStored: true, ...lie({ crc32: 1 }) }), 'checksumDiffers')
  })

  it('is found out when its data breaks off or is no DEFLATE', async () => {
    assert.equal(await damageOf({ compressed: deflateRawSync(data).subarray(0, 50) }), 'dataDamaged')
    assert.equal(await damageOf({ compressed: Buffer.alloc(50, 0xff) }), 'dataDamaged')
  })

  it('is stopped as a bomb by what comes out, whatever the directory says', async () => {
    assert.equal(await damageOf({ data: zeroes }), 'ratioTooHigh')
    assert.equal(await damageOf({ data: zeroes, ...lie({ expandedBytes: 10 }) }), 'ratioTooHigh')
    const lying = { data: zeroes, ...lie({ expandedBytes: 10 }) }
    assert.equal(await damageOf(lying, { ratio: 2000, entryBytes: 2 ** 20 }), 'entryTooLarge')
    assert.equal(await damageOf(lying, { ratio: 2000, totalBytes: 2 ** 20 }), 'totalTooLarge')
  })

  it('is a bomb in many small parts all the same', async () => {
    const part = deflateRawSync(Buffer.alloc(2 ** 20), { level: constants.Z_BEST_COMPRESSION })
    const parts = Array.from({ length: 12 }, (_, i) => ({
      name: `${String(i)}.csv`,
      data: Buffer.alloc(2 ** 20),
      compressed: part,
    }))
    const { entries } = await open(makeZip(parts))
    await assert.rejects(async () => {
      for (const entry of entries) await readAll(entry)
    }, ArchiveDamage)
  })
})

describe('a reader of an entry', () => {
  it('may stop early and leaves no stream open', async () => {
    for (const isStored of [true, false]) {
      const file = memoryFile(makeZip([{ name: 'users.csv', data: Buffer.alloc(2 ** 20, 'abcdefg\n'), isStored }]))
      const { entries } = await openZip(file, defaultZipLimits)
      const [entry] = entries
      assert.ok(entry)
      for await (const piece of entry.stream()) {
        assert.ok(piece.length > 0)
        break
      }
      assert.equal(file.openStreams(), 0)
    }
  })

  it('is told of a failure of the input as it is, not as damage', async () => {
    const bytes = makeZip([{ name: 'users.csv', data }])
    const file = memoryFile(bytes)
    const failing = {
      ...file,
      async *stream(): AsyncGenerator<Buffer> {
        await Promise.resolve()
        throw new Error('the disk is gone')
      },
    }
    const { entries } = await openZip(failing, defaultZipLimits)
    await assert.rejects(readText(entries[0]), /the disk is gone/)
  })
})

function unicodePath(rawName: string, unicodeName: string): Buffer {
  const field = Buffer.alloc(9)
  field.writeUInt16LE(0x7075, 0)
  field.writeUInt16LE(5 + unicodeName.length, 2)
  field[4] = 1
  field.writeUInt32LE(crc32(rawName), 5)
  return Buffer.concat([field, Buffer.from(unicodeName)])
}
