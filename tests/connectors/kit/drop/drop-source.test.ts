import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FoundInput, SourceLook, Surroundings } from '../../../../connectors/connector.ts'
import type { DropPlace } from '../../../../connectors/kit/drop/drop-place.ts'
import { DropSettings } from '../../../../connectors/kit/drop/drop-settings.ts'
import { createDropSource, findDropProblem, testDrop } from '../../../../connectors/kit/drop/drop-source.ts'
import { openFolderPlace } from '../../../../connectors/kit/drop/folder-place.ts'
import { RollbookFailure, type FailureCode } from '../../../../domain/errors.ts'
import { createHostGate } from '../../../../platform/private-hosts.ts'
import { makeTemporaryDirectory } from '../../../../stack/disk/temporary-directory.ts'
import { lincolnCounty } from '../../../districts/lincoln-county.ts'
import { sftpUser, startTestSftp, type TestSftp } from '../../../harness/sftp-server.ts'

const directory = makeTemporaryDirectory()
afterAll(() => directory.remove())

const source = createDropSource((settings: DropSettings) => settings)
const day1 = lincolnCounty(1)
const day2 = lincolnCounty(2)
let root = ''
let drops = 0

beforeEach(() => {
  root = join(directory.path, `drop-${(drops += 1)}`)
  mkdirSync(root)
})

/** Waits of milliseconds: the schema's are whole seconds, for people. */
const settle = { settleSeconds: 0.02, patienceMinutes: 0.01 }
const folderDrop = (more: object = {}): DropSettings => ({ kind: 'folder', path: '.', ...settle, ...more })
const inRoot = (): Surroundings => ({ folderRoot: root, mayReach: createHostGate(['127.0.0.1']) })
const signal = new AbortController().signal

/** The n-th second of an hour in the past, so that times differ whatever the clock of the file system shows. */
function put(name: string, content: Buffer, second: number): string {
  const path = join(root, name)
  writeFileSync(path, content)
  const time = new Date(Date.parse('2026-11-20T02:00:00Z') + second * 1000)
  utimesSync(path, time, time)
  return path
}

/** Looks as often as it takes, as the workflow of a run does. */
async function fetchFrom(settings: DropSettings, known?: FoundInput, onPiece: () => void = () => undefined) {
  let received: { found: FoundInput; content: Buffer } | undefined
  let earlier: SourceLook | undefined
  for (;;) {
    const outcome = await source.fetch({
      ...{ settings, surroundings: inRoot(), signal, known, earlier, now: new Date() },
      receive: async (found, content) => {
        const pieces: Uint8Array[] = []
        for await (const piece of content) {
          pieces.push(piece)
          onPiece()
        }
        received = { found, content: Buffer.concat(pieces) }
      },
    })
    if (outcome.kind !== 'wait') return { outcome: outcome.kind, received }
    earlier = outcome.look
    await sleep(outcome.waitMs)
  }
}

const failsWith = (code: FailureCode, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RollbookFailure, String(error))
  assert.equal(error.code, code)
  assert.match(error.message, words)
  return true
}

describe('a watched folder', () => {
  it('gives its newest package, and not again while it is the newest', async () => {
    put('monday.zip', day1, 1)
    put('tuesday.zip', day2, 2)
    put('.wednesday.zip', day1, 3)
    put('thursday.zip.part', day1, 4)
    const first = await fetchFrom(folderDrop())
    assert.equal(first.outcome, 'received')
    assert.equal(first.received?.found.name, 'tuesday.zip')
    assert.ok(first.received.content.equals(day2))
    const again = await fetchFrom(folderDrop(), first.received.found)
    assert.deepEqual([again.outcome, again.received], ['known', undefined])
  })

  it('gives nothing while it is empty', async () => {
    assert.equal((await fetchFrom(folderDrop())).outcome, 'nothingThere')
  })

  it('waits for a package that is still being written', async () => {
    const half = day2.subarray(0, day2.length / 2)
    const path = put('today.zip', half, 5)
    let writes = 0
    const writing = setInterval(() => {
      writes += 1
      // Grows for a while, and gets its end at last.
      if (writes === 5) {
        appendFileSync(path, day2.subarray(half.length))
        clearInterval(writing)
      } else utimesSync(path, new Date(), new Date())
    }, 15)
    const { received } = await fetchFrom(folderDrop({ patienceMinutes: 10 }))
    assert.ok(received?.content.equals(day2))
    assert.equal(writes, 5)
  })

  it('falls back on the newest whole package when an upload broke off', async () => {
    put('yesterday.zip', day1, 1)
    put('today.zip', day2.subarray(0, day2.length - 30), 2)
    const { received } = await fetchFrom(folderDrop())
    assert.equal(received?.found.name, 'yesterday.zip')
  })

  it('has none that is whole when all it has is half a package', async () => {
    put('today.zip', day2.subarray(0, day2.length - 30), 2)
    assert.equal((await fetchFrom(folderDrop())).outcome, 'noneWhole')
  })

  it('waits for nothing itself, looks ever less often, and not before its time', async () => {
    put('today.zip', day2.subarray(0, day2.length - 30), 2)
    const settings = folderDrop({ settleSeconds: 10, patienceMinutes: 10 })
    let at = Date.parse('2026-11-20T03:00:00Z')
    let earlier: SourceLook | undefined
    const waits: number[] = []
    const look = () =>
      source.fetch({
        ...{ settings, surroundings: inRoot(), signal, known: undefined, earlier, now: new Date(at) },
        receive: () => Promise.reject(new Error('there is nothing to receive')),
      })
    for (;;) {
      const outcome = await look()
      if (outcome.kind !== 'wait') {
        assert.equal(outcome.kind, 'noneWhole')
        break
      }
      earlier = outcome.look
      waits.push(outcome.waitMs)
      at += 1000
      const early = await look()
      assert.deepEqual(early, { kind: 'wait', look: earlier, waitMs: 9000 })
      at += outcome.waitMs - 1000
    }
    assert.deepEqual(waits.slice(0, 6), [10_000, 10_000, 10_000, 10_000, 10_000, 12_500])
    assert.equal(waits.at(-1), 60_000)
    assert.ok(waits.length < 25)
  })

  it('hands over what is no ZIP at all, so that its run says so', async () => {
    put('today.zip', Buffer.from('sourcedId,status\n'), 2)
    assert.equal((await fetchFrom(folderDrop())).outcome, 'received')
  })

  it('breaks off when the sender replaces the package while it is read', async () => {
    const path = put('today.zip', day1, 2)
    const cut = () => truncateSync(path, 10)
    await assert.rejects(fetchFrom(folderDrop(), undefined, cut), failsWith('SOURCE_UNAVAILABLE', /changed while/))
  })

  it('must lie beneath the folder kept for the district, links followed', async () => {
    mkdirSync(join(root, 'mine'))
    mkdirSync(join(root, 'theirs'))
    symlinkSync(join(root, 'theirs'), join(root, 'mine', 'link'))
    const surroundings = { folderRoot: join(root, 'mine') }
    for (const path of ['..', '../theirs', join(root, 'theirs'), 'link']) {
      await assert.rejects(
        source.find(folderDrop({ path }), surroundings, signal),
        failsWith('SOURCE_REFUSED', /not beneath/),
      )
    }
    const nowhere = source.find(folderDrop(), {}, signal)
    await assert.rejects(nowhere, failsWith('SOURCE_REFUSED', /ROLLBOOK_DROP_ROOT/))
  })
})

describe('an SFTP drop', () => {
  const sftpDrop = (server: TestSftp, more: object = {}): DropSettings => ({
    ...{ kind: 'sftp', host: '127.0.0.1', port: server.port, ...sftpUser, hostKeys: [server.hostKey], path: 'out' },
    ...settle,
    ...more,
  })

  beforeEach(() => mkdirSync(join(root, 'out')))

  it('gives its newest whole package, by password or by key', async () => {
    put('out/monday.zip', day1, 1)
    put('out/tuesday.zip', day2, 2)
    put('out/wednesday.zip', day1.subarray(0, 200), 3)
    const server = await startTestSftp(root)
    const byPassword = await fetchFrom(sftpDrop(server))
    assert.equal(byPassword.received?.found.name, 'tuesday.zip')
    assert.ok(byPassword.received.content.equals(day2))
    const byKey = sftpDrop(server, { password: undefined, privateKey: server.publicKeyLogin })
    assert.equal((await fetchFrom(byKey, byPassword.received.found)).outcome, 'known')
  })

  it('gives a large package whole and in order', async () => {
    // Stored, not compressed: 5 MB over the wire, in many pieces.
    const large = Buffer.concat([Buffer.alloc(5_000_000, 'abcdefghijk'), day1])
    put('out/large.zip', large, 1)
    const server = await startTestSftp(root)
    const { received } = await fetchFrom(sftpDrop(server))
    assert.ok(received?.content.equals(large))
  })

  it('is told nothing when it shows another host key than the pinned one', async () => {
    put('out/monday.zip', day1, 1)
    const server = await startTestSftp(root)
    const other = await startTestSftp(root)
    const settings = sftpDrop(server, { hostKeys: [other.hostKey] })
    await assert.rejects(fetchFrom(settings), failsWith('SOURCE_REFUSED', /not the pinned one/))
    assert.deepEqual(server.logins, [])
    // While the server changes its key, both are good.
    const both = sftpDrop(server, { hostKeys: [other.hostKey, server.hostKey] })
    assert.equal((await fetchFrom(both)).outcome, 'received')
  })

  it('breaks off when the connection is lost in the middle', async () => {
    put('out/large.zip', Buffer.concat([Buffer.alloc(5_000_000, 'x'), day1]), 1)
    const server: TestSftp = await startTestSftp(root, (bytesRead) => {
      if (bytesRead > 1_000_000) void server.close()
    })
    await assert.rejects(fetchFrom(sftpDrop(server)), failsWith('SOURCE_UNAVAILABLE', /broke off|could not be reached/))
  })

  it('tells in its test what is wrong', async () => {
    const server = await startTestSftp(root)
    const other = await startTestSftp(root)
    const reasonOf = async (more: object) => {
      const outcome = await testDrop(sftpDrop(server, more), inRoot())
      return outcome.isConnected ? 'connected' : outcome.reason
    }
    assert.match(await reasonOf({}), /no package/)
    put('out/monday.zip', day1, 1)
    assert.equal(await reasonOf({}), 'connected')
    assert.match(await reasonOf({ password: 'wrong' }), /refused the login/)
    assert.match(await reasonOf({ path: 'nowhere' }), /folder is not there/)
    assert.match(await reasonOf({ hostKeys: [other.hostKey] }), /shows the host key SHA256:/)
    assert.match(await reasonOf({ password: undefined, privateKey: 'no key' }), /private key/)
    await other.close()
    assert.match(await reasonOf({ port: other.port }), /could not be reached; check host and port/)
  })
})

describe('an SFTP drop within the network of the server', () => {
  const listening: TestSftp[] = []
  const reasonOf = async (host: string, port: number, entries: readonly string[]) => {
    const settings: DropSettings = {
      ...{ kind: 'sftp', host, port, ...sftpUser, hostKeys: [`SHA256:${'a'.repeat(43)}`], path: '.' },
      ...settle,
    }
    const outcome = await testDrop(settings, { mayReach: createHostGate(entries) })
    return outcome.isConnected ? 'connected' : outcome.reason
  }
  beforeEach(async () => {
    listening[0] = await startTestSftp(root)
  })
  const open = () => listening[0]?.port ?? 0

  it('is not connected to unless it is listed, and tells nothing of its ports', async () => {
    const closed = await startTestSftp(root)
    await closed.close()
    const refusal = await reasonOf('127.0.0.1', open(), [])
    assert.match(refusal, /ROLLBOOK_PRIVATE_HOSTS/)
    for (const host of [
      '127.0.0.1',
      'localhost',
      '127.1',
      '0x7f000001',
      '::1',
      '::ffff:127.0.0.1',
      '0',
      'nobody.invalid',
    ]) {
      for (const port of [open(), closed.port])
        assert.equal(await reasonOf(host, port, ['172.16.0.0/12']), refusal, host)
    }
    // It did get through to the key, once it was listed, by its name or by its address.
    for (const entries of [['127.0.0.0/8', '::1'], ['LOCALHOST.']]) {
      assert.match(await reasonOf('localhost', open(), entries), /shows the host key/)
    }
  })

  it('gives one answer for a port that is closed and one where nobody speaks SSH', async () => {
    const closed = await startTestSftp(root)
    await closed.close()
    const mute = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const address = mute.address()
    assert.ok(address !== null && typeof address !== 'string')
    const answers = [closed.port, address.port].map((port) => reasonOf('127.0.0.1', port, ['127.0.0.1']))
    assert.equal(new Set(await Promise.all(answers)).size, 1)
    mute.close()
  })

  it('is known to lead nowhere before it is asked, where it is an address', async () => {
    const settings = (host: string): DropSettings => ({
      ...{ kind: 'sftp', host, port: 22, ...sftpUser, hostKeys: [`SHA256:${'a'.repeat(43)}`], path: '.' },
      ...settle,
    })
    const mayReach = createHostGate(['172.21.7.0/24'])
    assert.match((await findDropProblem(settings('172.20.2.3'), { mayReach })) ?? '', /ROLLBOOK_PRIVATE_HOSTS/)
    assert.match((await findDropProblem(settings('8.8.8.8'), {})) ?? '', /ROLLBOOK_PRIVATE_HOSTS/)
    for (const host of ['172.21.7.9', '8.8.8.8', 'sftp.lincoln.example']) {
      assert.equal(await findDropProblem(settings(host), { mayReach }), undefined)
    }
  })
})

describe('a watched folder in which things are swapped while it is looked at', () => {
  let place: DropPlace
  let mine = ''
  let theirs = ''
  beforeEach(async () => {
    mine = join(root, 'mine')
    theirs = join(root, 'theirs')
    for (const folder of [mine, join(mine, 'in'), theirs]) mkdirSync(folder)
    writeFileSync(join(mine, 'in', 'a.zip'), day1)
    writeFileSync(join(theirs, 'a.zip'), day2)
    place = await openFolderPlace({ kind: 'folder', path: 'in', ...settle }, { folderRoot: mine })
  })
  afterEach(() => place.close())
  const firstOf = async (): Promise<FoundInput> => {
    const [found] = await place.list()
    assert.ok(found !== undefined)
    return found
  }

  it('follows no link that takes the place of a package', async () => {
    const found = await firstOf()
    rmSync(join(mine, 'in', 'a.zip'))
    symlinkSync(join(theirs, 'a.zip'), join(mine, 'in', 'a.zip'))
    await assert.rejects(place.open(found), failsWith('SOURCE_UNAVAILABLE', /changed/))
    assert.deepEqual(await place.list(), [])
  })

  it('opens no other file than the one that was listed', async () => {
    const found = await firstOf()
    renameSync(join(theirs, 'a.zip'), join(mine, 'in', 'a.zip'))
    await assert.rejects(place.open(found), failsWith('SOURCE_UNAVAILABLE', /changed/))
  })

  it('waits for nobody to write into a pipe', async () => {
    const found = await firstOf()
    rmSync(join(mine, 'in', 'a.zip'))
    assert.equal(spawnSync('mkfifo', [join(mine, 'in', 'a.zip')]).status, 0)
    await assert.rejects(place.open(found), failsWith('SOURCE_UNAVAILABLE', /changed/))
  })

  it('stays in the folder that it opened when a link takes its name', async () => {
    const found = await firstOf()
    renameSync(join(mine, 'in'), join(mine, 'was'))
    symlinkSync(theirs, join(mine, 'in'))
    const file = await place.open(found)
    assert.ok((await file.read(0, day1.length)).equals(day1))
    await file.close()
    assert.equal((await firstOf()).bytes, day1.length)
  })

  it('is refused when it is added, where it can only lie outside', async () => {
    const problemOf = (path: string) => findDropProblem(folderDrop({ path }), { folderRoot: mine })
    symlinkSync(theirs, join(mine, 'link'))
    for (const path of ['..', theirs, 'in/../../theirs', 'link', '/etc']) {
      assert.match((await problemOf(path)) ?? '', /not beneath/, path)
    }
    // One that is not there may yet be made.
    for (const path of ['.', 'in', 'later']) assert.equal(await problemOf(path), undefined)
    assert.match((await findDropProblem(folderDrop(), {})) ?? '', /ROLLBOOK_DROP_ROOT/)
  })
})

describe('the settings of a drop', () => {
  const sftp = { kind: 'sftp', host: 'h', username: 'u', password: 'p', hostKeys: [`SHA256:${'a'.repeat(43)}`] }

  it('pin a host key, and log in one way', () => {
    assert.equal(DropSettings.safeParse(sftp).success, true)
    for (const wrong of [{ hostKeys: [] }, { hostKeys: ['SHA256:x'] }, { password: undefined }, { privateKey: 'k' }]) {
      assert.equal(DropSettings.safeParse({ ...sftp, ...wrong }).success, false)
    }
  })
})
