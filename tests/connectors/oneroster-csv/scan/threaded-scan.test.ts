import assert from 'node:assert/strict'
import fc from 'fast-check'
import { checkPackage, type RowHook } from '../../../../connectors/oneroster-csv/check/check-package.ts'
import { openPackage, type OpenedPackage } from '../../../../connectors/oneroster-csv/package/open-package.ts'
import { PackageDamage } from '../../../../connectors/oneroster-csv/package/package-damage.ts'
import { listDigestCells } from '../../../../connectors/kit/one-roster/rows/row-record.ts'
import { RowDigest } from '../../../../connectors/kit/one-roster/rows/row-digest.ts'
import type { Finding, Profile } from '../../../../domain/import-rules/finding.ts'
import { memoryFile } from '../../../fixtures/memory-file.ts'
import { RosterPackage, rosterDay } from '../../../fixtures/roster-package.ts'
import { makeZip } from '../../../fixtures/zip-maker.ts'

const digestColumns = ['sourcedId', 'identifier', 'givenName', 'familyName', 'grades', 'userIds']
const scanned = 0
const unscanned = Infinity

/** Everything a taker of rows can learn of them, digests too. */
function createRecorder(): RowHook & { readonly told: string[] } {
  const told: string[] = []
  const digest = new RowDigest()
  let file = ''
  let cells: readonly number[] = []
  return {
    told,
    beginFile(fileName, mode, positions) {
      file = fileName
      cells = listDigestCells(digestColumns, positions)
      told.push(`begin ${fileName} ${mode} ${JSON.stringify([...positions])}`)
    },
    digestColumns: () => digestColumns,
    row(row, isAccepted) {
      const values = Array.from({ length: row.width }, (_, cell) => row.text(cell))
      const { hi, lo } = isAccepted ? digest.of(row, cells, 'school-1') : { hi: 0, lo: 0 }
      told.push(`${file} ${row.line} ${values.join('|')} ${isAccepted} ${hi} ${lo}`)
    },
    endFile: () => told.push(`end ${file}`),
    retract: (fileName, sourcedId, line) => told.push(`retract ${fileName} ${sourcedId} ${line}`),
  }
}

type Reading = { readonly profile?: Profile; readonly blockBytes?: number; readonly maxRows?: number }

async function read(zip: Buffer, scanAheadFrom: number, { profile = 'default', blockBytes, maxRows }: Reading = {}) {
  const findings: Finding[] = []
  const recorder = createRecorder()
  const sink = (finding: Finding) => findings.push(finding)
  const opened = await openPackage(memoryFile(zip), { profile, sink })
  const cut = blockBytes === undefined ? opened : cutBlocks(opened, blockBytes)
  const progress: string[] = []
  const check = await checkPackage(cut, {
    profile,
    sink,
    today: rosterDay,
    onRow: recorder,
    scanAheadFrom,
    limits: maxRows === undefined ? undefined : { maxRows },
    drain: ({ file, bytesRead }) => {
      progress.push(`${file} ${bytesRead}`)
      return Promise.resolve()
    },
  })
  return { findings, check, told: recorder.told, lastProgress: progress.at(-1) }
}

/** The same package, its files coming in blocks of so many bytes. */
function cutBlocks(opened: OpenedPackage, blockBytes: number): OpenedPackage {
  const files = opened.files.map((file) => ({
    ...file,
    async *stream() {
      for await (const piece of file.stream()) {
        for (let at = 0; at < piece.length; at += blockBytes) yield piece.subarray(at, at + blockBytes)
      }
    },
  }))
  return { ...opened, files }
}

/** Files as people send them: cells quoted or not, other line ends, odd bytes, rows cut short. */
const edits = fc.array(
  fc.record({
    at: fc.nat(1_500),
    put: fc.constantFrom(
      ',',
      '"',
      '""',
      '\r\n',
      '\n',
      '\r',
      ' ',
      '',
      'é',
      '\u0000',
      '\ufeff',
      '=',
      'e\u0301',
      '\u00a0',
      '\u200b',
      'x'.repeat(300),
    ),
    drop: fc.nat(3),
  }),
  { maxLength: 4 },
)

function edit(text: string, changes: readonly { at: number; put: string; drop: number }[]): Buffer {
  return changes.reduce(
    (bytes, { at, put, drop }) =>
      Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(Math.min(bytes.length, at + drop))]),
    Buffer.from(text),
  )
}

describe('a package scanned ahead by a thread', () => {
  it('is read as one that is not: the same findings, counts, rows and digests', async () => {
    await fc.assert(
      fc.asyncProperty(
        edits,
        fc.constantFrom<Profile>('strict', 'default'),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom<'1.1' | '1.2'>('1.1', '1.2'),
        async (changes, profile, blockBytes, version) => {
          const roster = new RosterPackage(version, 'bulk').rewrite('users', (text) => edit(text, changes))
          const zip = makeZip(roster.members())
          const expected = await read(zip, unscanned, { profile })
          assert.deepEqual(await read(zip, scanned, { profile, blockBytes }), expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps many rows apart over many blocks', async () => {
    const roster = new RosterPackage()
    for (let student = 10; student < 3_000; student++) {
      roster.addRow('users', { sourcedId: `student-${student}`, givenName: `Given "${student}"`, middleName: 'é, ü' })
    }
    const zip = makeZip(roster.members())
    const expected = await read(zip, unscanned)
    assert.equal(expected.check.files['users']?.rows, 2_993)
    assert.deepEqual(await read(zip, scanned, { blockBytes: 1_000 }), expected)
  })

  it('stops at the limit of rows as the other way does', async () => {
    const zip = makeZip(new RosterPackage().members())
    const expected = await read(zip, unscanned, { maxRows: 2 })
    assert.equal(expected.check.files['users']?.rows, 2)
    assert.deepEqual(await read(zip, scanned, { maxRows: 2, blockBytes: 50 }), expected)
  })

  it('gives the rows before a damage, then the damage', async () => {
    const damage: Finding = { rule: 'Z-01', severity: 'block', file: 'orgs.csv', message: 'broken' }
    const readBroken = async (scanAheadFrom: number) => {
      const told: string[] = []
      const opened: OpenedPackage = {
        version: '1.1',
        isBlocked: false,
        unreadFiles: [],
        files: [
          {
            name: 'orgs',
            fileName: 'orgs.csv',
            mode: 'bulk',
            sizeBytes: 100,
            async *stream() {
              yield Buffer.from('sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\n')
              yield Buffer.from('district-1,,,Lincoln,district,,\r\nschool-1,,,High,sch')
              await Promise.resolve()
              throw new PackageDamage(damage)
            },
          },
        ],
      }
      const findings: Finding[] = []
      const check = await checkPackage(opened, {
        profile: 'default',
        sink: (finding) => findings.push(finding),
        today: rosterDay,
        scanAheadFrom,
        onRow: { ...createRecorder(), row: (row) => told.push(row.text(0)) },
      })
      return { told, findings, check }
    }
    const expected = await readBroken(unscanned)
    assert.deepEqual(expected.told, ['district-1'])
    assert.deepEqual(await readBroken(scanned), expected)
  })

  it('ends its thread when whoever takes the rows gives up', async () => {
    const zip = makeZip(new RosterPackage().members())
    const opened = await openPackage(memoryFile(zip), { profile: 'default', sink: () => undefined })
    const reading = checkPackage(cutBlocks(opened, 40), {
      profile: 'default',
      sink: () => undefined,
      today: rosterDay,
      scanAheadFrom: scanned,
      drain: () => Promise.reject(new Error('enough')),
    })
    await assert.rejects(reading, { message: 'enough' })
  })
})
