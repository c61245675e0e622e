import { closeSync, openSync, readdirSync, readSync, statSync, type Stats } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import ssh2, { type Attributes, type AuthContext, type Connection, type SFTPWrapper } from 'ssh2'
import { fingerprintOf } from '../../connectors/kit/drop/sftp-place.ts'

const { Server, utils } = ssh2
const { OPEN_MODE, STATUS_CODE } = utils.sftp

export type TestSftp = {
  readonly port: number
  /** As a connection's settings pin it. */
  readonly hostKey: string
  /** Names of those who were asked for a password or a key. */
  readonly logins: string[]
  readonly publicKeyLogin: string
  readonly close: () => Promise<void>
}

const open = new Set<() => Promise<void>>()
afterAll(async () => {
  for (const close of open) await close()
})

export const sftpUser = { username: 'sender', password: 'only-here' } as const

/** A real SFTP server on loopback that serves one folder for reading. */
export async function startTestSftp(
  folder: string,
  /** Called before each answer to a read, with how many bytes were read so far. */
  onRead: (bytesRead: number) => void = () => undefined,
): Promise<TestSftp> {
  const hostKey = utils.generateKeyPairSync('ed25519')
  const clientKey = utils.generateKeyPairSync('ed25519')
  const logins: string[] = []
  const connections = new Set<Connection>()
  const server = new Server({ hostKeys: [hostKey.private] }, (connection) => {
    connections.add(connection)
    connection.on('error', () => undefined)
    connection.on('close', () => connections.delete(connection))
    connection.on('authentication', (context) => {
      if (context.method !== 'none') logins.push(context.username)
      if (isAllowed(context, clientKey.public)) context.accept()
      else context.reject(['password', 'publickey'])
    })
    connection.on('session', (acceptSession) => {
      acceptSession().on('sftp', (acceptSftp) => serve(acceptSftp(), folder, onRead))
    })
  })
  // The small packets of the protocol would wait for one another otherwise; sshd does the same.
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens at no port')
  const close = async (): Promise<void> => {
    open.delete(close)
    for (const connection of connections) connection.end()
    await new Promise<void>((resolve) => listener.close(() => resolve()))
  }
  open.add(close)
  const parsed = utils.parseKey(hostKey.public)
  if (parsed instanceof Error) throw parsed
  return {
    port: address.port,
    hostKey: fingerprintOf(parsed.getPublicSSH()),
    logins,
    publicKeyLogin: clientKey.private,
    close,
  }
}

function isAllowed(context: AuthContext, publicKey: string): boolean {
  if (context.username !== sftpUser.username) return false
  if (context.method === 'password') return context.password === sftpUser.password
  if (context.method !== 'publickey') return false
  const allowed = utils.parseKey(publicKey)
  if (allowed instanceof Error || !allowed.getPublicSSH().equals(context.key.data)) return false
  if (context.signature === undefined || context.blob === undefined) return true
  return allowed.verify(context.blob, context.signature, context.hashAlgo)
}

/** What one handle stands for: a folder whose names were given, or an open file. */
type Handle = { kind: 'folder'; path: string; isListed: boolean } | { kind: 'file'; fd: number }

function serve(sftp: SFTPWrapper, folder: string, onRead: (bytesRead: number) => void): void {
  const handles = new Map<number, Handle>()
  let lastHandle = 0
  let bytesRead = 0
  const real = (path: string) => join(folder, path.replace(/^\/+/, ''))
  const give = (id: number, handle: Handle) => {
    handles.set((lastHandle += 1), handle)
    const name = Buffer.alloc(4)
    name.writeUInt32BE(lastHandle)
    sftp.handle(id, name)
  }
  const find = (name: Buffer) => handles.get(name.readUInt32BE())
  const answer = (id: number, act: () => void) => {
    try {
      act()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      if (code === 'ENOENT' || code === 'ENOTDIR') sftp.status(id, STATUS_CODE.NO_SUCH_FILE)
      else if (code === 'EACCES') sftp.status(id, STATUS_CODE.PERMISSION_DENIED)
      else sftp.status(id, STATUS_CODE.FAILURE)
    }
  }
  sftp.on('REALPATH', (id, path) => {
    const attrs: Attributes = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 }
    sftp.name(id, [{ filename: join('/', path), longname: path, attrs }])
  })
  sftp.on('OPENDIR', (id, path) =>
    answer(id, () => {
      if (!statSync(real(path)).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' })
      give(id, { kind: 'folder', path: real(path), isListed: false })
    }),
  )
  sftp.on('READDIR', (id, name) =>
    answer(id, () => {
      const handle = find(name)
      if (handle?.kind !== 'folder' || handle.isListed) return sftp.status(id, STATUS_CODE.EOF)
      handle.isListed = true
      const items = readdirSync(handle.path).map((filename) => {
        const stats = statSync(join(handle.path, filename))
        const type = stats.isDirectory() ? 'd' : '-'
        return { filename, longname: `${type}rw-r--r-- 1 a a ${stats.size} ${filename}`, attrs: toAttributes(stats) }
      })
      sftp.name(id, items)
    }),
  )
  for (const event of ['STAT', 'LSTAT'] as const) {
    sftp.on(event, (id: number, path: string) => answer(id, () => sftp.attrs(id, toAttributes(statSync(real(path))))))
  }
  sftp.on('OPEN', (id, path, flags) =>
    answer(id, () => {
      if ((flags & OPEN_MODE.WRITE) !== 0) return sftp.status(id, STATUS_CODE.PERMISSION_DENIED)
      give(id, { kind: 'file', fd: openSync(real(path), 'r') })
    }),
  )
  sftp.on('READ', (id, name, offset, length) =>
    answer(id, () => {
      const handle = find(name)
      if (handle?.kind !== 'file') return sftp.status(id, STATUS_CODE.FAILURE)
      onRead(bytesRead)
      const buffer = Buffer.alloc(length)
      const count = readSync(handle.fd, buffer, 0, length, offset)
      bytesRead += count
      if (count === 0) return sftp.status(id, STATUS_CODE.EOF)
      sftp.data(id, buffer.subarray(0, count))
    }),
  )
  sftp.on('CLOSE', (id, name) => {
    const handle = find(name)
    if (handle?.kind === 'file') closeSync(handle.fd)
    handles.delete(name.readUInt32BE())
    sftp.status(id, STATUS_CODE.OK)
  })
}

function toAttributes({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) }
}
