import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceLook } from '../../../connectors/connector.ts'
import { csv } from '../../../connectors/csv/connector.ts'
import { CsvSettings } from '../../../connectors/csv/settings.ts'
import { createHostGate } from '../../../platform/private-hosts.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { sftpUser, startTestSftp } from '../../harness/sftp-server.ts'

const directory = makeTemporaryDirectory()
afterAll(() => directory.remove())

const content = 'Student ID,Homeroom\n10001,A1\n'

async function fetchFrom(settings: CsvSettings, folderRoot: string) {
  const { intake } = csv
  if (intake.kind !== 'file' || intake.source === undefined) throw new Error('tables lie somewhere')
  const surroundings = { folderRoot, mayReach: createHostGate(['127.0.0.1']) }
  let received: { name: string; text: string } | undefined
  let earlier: SourceLook | undefined
  for (;;) {
    const outcome = await intake.source.fetch({
      ...{ settings, surroundings, signal: new AbortController().signal, known: undefined, earlier, now: new Date() },
      receive: async ({ name }, pieces) => {
        const all: Uint8Array[] = []
        for await (const piece of pieces) all.push(piece)
        received = { name, text: Buffer.concat(all).toString() }
      },
    })
    if (outcome.kind !== 'wait') return received
    earlier = outcome.look
    await sleep(outcome.waitMs)
  }
}

/** Waits of milliseconds: the schema's are whole seconds, for people. */
const hasten = (settings: CsvSettings): CsvSettings => ({
  ...settings,
  ...(settings.source !== undefined && { source: { ...settings.source, settleSeconds: 0.02 } }),
})

describe('a table', () => {
  const root = join(directory.path, 'drop')
  beforeAll(() => {
    mkdirSync(root)
    for (const name of ['.hidden.csv', 'roster.zip', 'half.csv.part']) writeFileSync(join(root, name), 'another')
    writeFileSync(join(root, 'Fields.CSV'), content)
  })

  it('is fetched from a folder, and packages beside it are not', async () => {
    const settings = CsvSettings.parse({ source: { kind: 'folder', path: '.' } })
    assert.deepEqual(await fetchFrom(hasten(settings), root), { name: 'Fields.CSV', text: content })
    const empty = join(directory.path, 'empty')
    mkdirSync(empty)
    const tried = await csv.test(settings, { folderRoot: empty })
    assert.match('reason' in tried ? tried.reason : '', /no file \(\*\.csv, \*\.tsv or \*\.txt\) in it/)
  })

  it('is fetched from an SFTP server', async () => {
    const server = await startTestSftp(root)
    try {
      const source = { kind: 'sftp', host: '127.0.0.1', port: server.port, ...sftpUser, hostKeys: [server.hostKey] }
      const settings = CsvSettings.parse({ source })
      assert.deepEqual(await fetchFrom(hasten(settings), root), { name: 'Fields.CSV', text: content })
      assert.deepEqual(await csv.test(settings, { mayReach: createHostGate(['127.0.0.1']) }), { isConnected: true })
    } finally {
      await server.close()
    }
  })

  it('has no connection without the data types that its settings name', async () => {
    const settings = CsvSettings.parse({ mappings: { pupils: { matchBy: 'sisId', columns: { sisId: 'No' } } } })
    assert.match((await csv.findSettingsProblem?.(settings, {})) ?? '', /pupils/)
  })
})
