import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import yauzl from 'yauzl'
import { openZip } from '../../../../connectors/kit/zip/open-zip.ts'
import { defaultZipLimits } from '../../../../connectors/kit/zip/zip-limits.ts'
import { memoryFile } from '../../../fixtures/memory-file.ts'
import { makeZip } from '../../../fixtures/zip-maker.ts'

type Listing = Record<string, string>

async function listOurs(bytes: Buffer): Promise<Listing> {
  const { entries, faults } = await openZip(memoryFile(bytes), defaultZipLimits)
  assert.deepEqual(faults, [])
  const listing: Listing = {}
  for (const entry of entries) listing[entry.name] = (await buffer(entry.stream())).toString('latin1')
  return listing
}

async function listYauzl(bytes: Buffer): Promise<Listing> {
  const zip = await yauzl.fromBufferPromise(bytes)
  const listing: Listing = {}
  for await (const entry of zip.eachEntry()) {
    listing[entry.fileName] = (await buffer(await zip.openReadStreamPromise(entry))).toString('latin1')
  }
  return listing
}

const part = fc.record(
  {
    data: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
    isStored: fc.boolean(),
    hasDescriptor: fc.boolean(),
    isBig: fc.boolean(),
  },
  { requiredKeys: ['data'] },
)
const parts = fc.array(part, { maxLength: 6 })
const options = fc.record({ isBig: fc.boolean(), comment: fc.string({ maxLength: 40 }) })

describe('an archive in any permitted form', () => {
  it('holds for us what it holds for yauzl', async () => {
    await fc.assert(
      fc.asyncProperty(parts, options, async (made, how) => {
        const named = made.map((one, i) => ({ ...one, name: `file-${String(i)}.csv` }))
        const bytes = makeZip(named, how)
        assert.deepEqual(await listOurs(bytes), await listYauzl(bytes))
      }),
      { numRuns: 150 },
    )
  })
})
