import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { posix } from 'node:path'
import SftpClient from 'ssh2-sftp-client'
import { RollbookFailure } from '../../../domain/errors.ts'
import type { Surroundings } from '../../connector.ts'
import type { FileInput } from '../file-input.ts'
import type { DropContent } from './drop-content.ts'
import { newestFirst, type DropPlace } from './drop-place.ts'
import type { SftpDropSettings } from './drop-settings.ts'
import { checkHost, HostRefusedError, lookUpWithin } from '../look-up-host.ts'

const readyTimeoutMs = 20_000
/**
 * The client asks for 32 KiB and waits for them before it asks for more, which over a long line is slow: so several
 * blocks are read at the same time. Four MiB in all.
 */
const blockBytes = 512 * 1024
const blocksAhead = 8

/**
 * A folder of an SFTP server that may be reached from here, whose key must be one of the pinned ones before anything is
 * said to it.
 */
export async function openSftpPlace(
  settings: SftpDropSettings,
  surroundings: Surroundings,
  signal: AbortSignal,
  { isMeant }: DropContent,
): Promise<DropPlace> {
  const client = new SftpClient('rollbook', {
    // Said by what is waited for as well; without these the client would print them.
    error: () => undefined,
    end: () => undefined,
    close: () => undefined,
  })
  const { host, port, username, password, privateKey, passphrase, hostKeys, path } = settings
  let shownKey: string | undefined
  const close = async (): Promise<void> => {
    await client.end().catch(() => undefined)
  }
  const stop = () => void close()
  const socket = new Socket()
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    checkHost(host, surroundings)
    socket.setNoDelay(true).connect({ host, port, lookup: lookUpWithin(surroundings) })
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(readyTimeoutMs)]) })
    await client.connect({
      ...{ sock: socket, username, readyTimeout: readyTimeoutMs, keepaliveInterval: 10_000 },
      ...(password !== undefined && { password }),
      ...(privateKey !== undefined && { privateKey }),
      ...(passphrase !== undefined && { passphrase }),
      hostVerifier: (key: Buffer) => {
        shownKey = fingerprintOf(key)
        return hostKeys.includes(shownKey)
      },
    })
  } catch (error) {
    signal.removeEventListener('abort', stop)
    await close()
    socket.destroy()
    signal.throwIfAborted()
    throw connectFailure(error, shownKey, hostKeys)
  }
  const pathOf = (name: string) => posix.join(path, name)
  return {
    list: async () => {
      const items = await client.list(path).catch((error: unknown) => {
        throw folderFailure(error)
      })
      const files = items.filter(({ type, name }) => type === '-' && isMeant(name))
      return newestFirst(
        files.map(({ name, size, modifyTime }) => ({ name, bytes: size, modifiedAt: new Date(modifyTime) })),
      )
    },
    open: ({ name, bytes }) => Promise.resolve(openRemoteFile(client, pathOf(name), name, bytes)),
    close: async () => {
      signal.removeEventListener('abort', stop)
      await close()
    },
  }
}

/** As `ssh-keygen -lf` prints it. */
export function fingerprintOf(hostKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`
}

function openRemoteFile(client: SftpClient, path: string, name: string, sizeBytes: number): FileInput {
  const readBlock = async (start: number, end: number): Promise<Buffer> => {
    try {
      const pieces: Buffer[] = []
      const block = client.createReadStream(path, { start, end: end - 1, highWaterMark: blockBytes })
      // Buffers, because no encoding is asked for; its type says only ReadStream.
      for await (const piece of block) pieces.push(piece as Buffer)
      return Buffer.concat(pieces)
    } catch (error) {
      throw folderFailure(error)
    }
  }
  async function* stream(offset: number, lengthBytes: number): AsyncGenerator<Buffer> {
    const end = Math.min(offset + lengthBytes, sizeBytes)
    const ahead: Promise<Buffer>[] = []
    for (let at = offset; at < end || ahead.length > 0;) {
      for (; at < end && ahead.length < blocksAhead; at += blockBytes) {
        const block = readBlock(at, Math.min(at + blockBytes, end))
        // Whoever stops early never awaits the blocks in flight; their failure must not end the process.
        block.catch(() => undefined)
        ahead.push(block)
      }
      const block = await ahead.shift()
      if (block !== undefined) yield block
    }
  }
  return {
    name,
    sizeBytes,
    stream,
    read: async (offset, lengthBytes) => {
      const pieces: Buffer[] = []
      for await (const piece of stream(offset, lengthBytes)) pieces.push(piece)
      return Buffer.concat(pieces)
    },
    close: () => Promise.resolve(),
  }
}

/** Why the settings can never lead anywhere, as far as that is known without a connection; undefined otherwise. */
export function findSftpProblem({ host }: SftpDropSettings, surroundings: Surroundings): string | undefined {
  try {
    checkHost(host, surroundings)
    return undefined
  } catch {
    return hostAdvice
  }
}

/** One answer for a name that nobody has and one of an inner network: neither is to be told from the other. */
const hostAdvice =
  'There is no server of this name or address on the public internet. One of your own network must be named in ROLLBOOK_PRIVATE_HOSTS.'
const unreachable = 'The server could not be reached; check host and port, and that its firewall lets Rollbook through.'

/**
 * Our words alone: what a server says may hold anything. Until it has shown its key nothing is told of what went wrong,
 * so that nobody who may configure can learn which ports of which machine are open.
 */
function connectFailure(error: unknown, shownKey: string | undefined, hostKeys: readonly string[]): RollbookFailure {
  if (shownKey !== undefined && !hostKeys.includes(shownKey)) {
    const advice = `The server shows the host key ${shownKey}, which is not the pinned one. Nothing was sent to it. If its administrator confirms the new key, put it into the settings.`
    return new RollbookFailure('SOURCE_REFUSED', advice)
  }
  const message = error instanceof Error ? error.message : ''
  if (/authentication methods failed/i.test(message)) {
    return new RollbookFailure(
      'SOURCE_REFUSED',
      'The server refused the login; check the user name and the password or key.',
    )
  }
  if (/cannot parse privatekey|encrypted private|passphrase|unsupported key format/i.test(message)) {
    return new RollbookFailure(
      'SOURCE_REFUSED',
      'The private key of the settings cannot be read; check it and its passphrase.',
    )
  }
  if (error instanceof HostRefusedError || codeOf(error) === 'ENOTFOUND') {
    return new RollbookFailure('SOURCE_UNAVAILABLE', hostAdvice)
  }
  return new RollbookFailure('SOURCE_UNAVAILABLE', unreachable)
}

function folderFailure(error: unknown): RollbookFailure {
  if (error instanceof RollbookFailure) return error
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : ''
  if (code === '2' || code === 'ENOENT' || /no such file/i.test(message)) {
    return new RollbookFailure('SOURCE_REFUSED', 'The folder is not there on the server.')
  }
  if (code === '3' || /permission denied/i.test(message)) {
    return new RollbookFailure('SOURCE_REFUSED', 'The folder of the server may not be read with this login.')
  }
  return new RollbookFailure('SOURCE_UNAVAILABLE', `The server broke off (${code}).`)
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return 'no code'
  return typeof error.code === 'string' || typeof error.code === 'number' ? String(error.code) : 'no code'
}
