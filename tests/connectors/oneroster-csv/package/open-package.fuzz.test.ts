import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import { PackageDamage } from '../../../../connectors/oneroster-csv/package/package-damage.ts'
import type { Finding } from '../../../../domain/import-rules/finding.ts'
import { memoryFile } from '../../../fixtures/memory-file.ts'
import { smallPackage } from '../../../fixtures/small-package.ts'
import { makeZip } from '../../../fixtures/zip-maker.ts'

const deflated = makeZip(smallPackage())
const archives = [
  deflated,
  makeZip(smallPackage().map((part) => ({ ...part, isStored: true }))),
  makeZip(
    smallPackage().map((part) => ({ ...part, hasDescriptor: true })),
    { isBig: true, comment: 'x' },
  ),
  makeZip(
    smallPackage().map((part) => ({ ...part, isBig: true })),
    { isBig: true },
  ),
]

/** Opens and reads whatever it is given; anything thrown but PackageDamage fails the test. */
async function readWhole(bytes: Buffer): Promise<Finding[]> {
  const findings: Finding[] = []
  const file = memoryFile(bytes, 'package.zip', 97)
  const opened = await openPackage(file, { profile: 'default', sink: (finding) => findings.push(finding) })
  for (const entry of opened.files) {
    try {
      for await (const piece of entry.stream()) assert.ok(piece.length > 0)
    } catch (error) {
      if (!(error instanceof PackageDamage)) throw error
      findings.push(error.finding)
    }
  }
  assert.equal(file.openStreams(), 0)
  return findings
}

const archive = fc.constantFrom(...archives)
const flips = fc.array(fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }), {
  minLength: 1,
  maxLength: 5,
})

describe('whatever happens to the bytes of a package', () => {
  it('a cut anywhere but at its end makes it Z-01', async () => {
    for (const whole of archives) {
      for (let length = 0; length < whole.length; length += 7) {
        const [finding, ...others] = await readWhole(whole.subarray(0, length))
        assert.deepEqual([finding?.rule, finding?.severity, others.length], ['Z-01', 'block', 0])
      }
    }
  })

  it('changed bytes end in findings, never in an exception', async () => {
    await fc.assert(
      fc.asyncProperty(archive, flips, async (whole, changes) => {
        const bytes = Buffer.from(whole)
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte
        await readWhole(bytes)
      }),
      { numRuns: 1500 },
    )
  })

  it('a changed byte inside the data of a file is always noticed', async () => {
    const first = 30 + 'manifest.csv'.length
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = Buffer.from(deflated)
        bytes[first + at] = (bytes[first + at] ?? 0) ^ mask
        const findings = await readWhole(bytes)
        assert.ok(findings.some(({ rule, severity }) => rule === 'Z-01' && severity === 'block'))
      }),
      { numRuns: 300 },
    )
  })

  it('cut out and moved parts end in findings too', async () => {
    await fc.assert(
      fc.asyncProperty(archive, fc.nat(), fc.nat(), fc.nat(), async (whole, from, length, to) => {
        const start = from % whole.length
        const part = whole.subarray(start, start + (length % 200))
        const rest = Buffer.concat([whole.subarray(0, start), whole.subarray(start + part.length)])
        const place = to % (rest.length + 1)
        await readWhole(Buffer.concat([rest.subarray(0, place), part, rest.subarray(place)]))
      }),
      { numRuns: 1000 },
    )
  })

  it('bytes of chance end in one finding', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const findings = await readWhole(Buffer.from(bytes))
        assert.deepEqual(
          findings.map(({ rule }) => rule),
          ['Z-01'],
        )
      }),
    )
  })
})
