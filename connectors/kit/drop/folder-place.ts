import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { RollbookFailure } from '../../../domain/errors.ts'
import type { Surroundings } from '../../connector.ts'
import { inputOfHandle } from '../file-input.ts'
import { packages, type DropContent } from './drop-content.ts'
import { newestFirst, type DropPlace } from './drop-place.ts'
import type { FolderDropSettings } from './drop-settings.ts'

const switchedOff = 'Watched folders are not switched on; set ROLLBOOK_DROP_ROOT.'
const outside = 'The watched folder is not beneath the folder kept for this district.'

/**
 * A folder of this machine, or one that is mounted here. Throws SOURCE_REFUSED for one outside the district's own.
 *
 * Whoever sends packages may write there, and may put a link in the place of a folder or a file between two looks at it. So
 * the folder is opened once and held, and files are listed and opened in what is held; a link is never
 * followed, and a file that is opened must be the one that was listed.
 */
export async function openFolderPlace(
  { path }: FolderDropSettings,
  { folderRoot }: Surroundings,
  { isMeant }: DropContent = packages,
): Promise<DropPlace> {
  if (folderRoot === undefined) throw new RollbookFailure('SOURCE_REFUSED', switchedOff)
  const root = await findRealPath(folderRoot)
  // Links are followed before it is asked where the folder lies: one could lead to another district's.
  const folder = await findRealPath(resolve(root, path))
  if (!isWithin(root, folder)) throw new RollbookFailure('SOURCE_REFUSED', outside)
  const held = await holdFolder(folder)
  const listed = new Map<string, Stats>()
  return {
    list: async () => {
      const names = await readdir(held.path).catch(throwFailure)
      listed.clear()
      for (const name of names.filter(isMeant)) {
        // Gone since it was listed, or a link: not a package of this place.
        const facts = await lstat(join(held.path, name)).catch(() => undefined)
        if (facts?.isFile() === true) listed.set(name, facts)
      }
      return newestFirst([...listed].map(([name, facts]) => ({ name, bytes: facts.size, modifiedAt: facts.mtime })))
    },
    open: ({ name }) => openListed(held.path, name, listed.get(name)),
    close: () => held.close(),
  }
}

/** Why the settings can never lead to a folder here; undefined where they do, or may once the folder is made. */
export async function findFolderProblem(
  { path }: FolderDropSettings,
  { folderRoot }: Surroundings,
): Promise<string | undefined> {
  if (folderRoot === undefined) return switchedOff
  const root = await realpath(folderRoot).catch(() => resolve(folderRoot))
  const wanted = resolve(root, path)
  const folder = await realpath(wanted).catch(() => wanted)
  return isWithin(root, wanted) && isWithin(root, folder) ? undefined : outside
}

function isWithin(root: string, folder: string): boolean {
  return folder === root || folder.startsWith(root + sep)
}

/** On Linux a path that stays with the folder whatever takes its name; elsewhere the path itself. */
async function holdFolder(folder: string): Promise<{ readonly path: string; readonly close: () => Promise<void> }> {
  if (process.platform !== 'linux') return { path: folder, close: () => Promise.resolve() }
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(
    throwFailure,
  )
  const path = `/proc/self/fd/${handle.fd}`
  // A folder above it may have become a link meanwhile: then what was opened lies elsewhere.
  const actual = await realpath(path).catch(() => undefined)
  if (actual === folder) return { path, close: () => handle.close() }
  await handle.close()
  throw changed()
}

async function openListed(folder: string, name: string, listed: Stats | undefined) {
  // Opened without waiting: a pipe in the place of the file would wait for somebody to write.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle: FileHandle = await open(join(folder, name), flags).catch(throwFailure)
  try {
    const facts = await handle.stat()
    // The number of a file that was removed is soon that of another, a pipe perhaps.
    if (!facts.isFile() || facts.dev !== listed?.dev || facts.ino !== listed.ino) throw changed()
    return await inputOfHandle(handle, name)
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function findRealPath(path: string): Promise<string> {
  return await realpath(path).catch(throwFailure)
}

function changed(): RollbookFailure {
  return new RollbookFailure('SOURCE_UNAVAILABLE', 'The package changed while it was looked at; it is looked at again.')
}

function throwFailure(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // What O_NOFOLLOW answers where a link has taken the place.
  if (code === 'ELOOP') throw changed()
  if (code === 'ENOENT' || code === 'ENOTDIR')
    throw new RollbookFailure('SOURCE_REFUSED', 'The watched folder is not there.')
  if (code === 'EACCES' || code === 'EPERM') {
    throw new RollbookFailure('SOURCE_REFUSED', 'The watched folder may not be read by the process of Rollbook.')
  }
  throw new RollbookFailure('SOURCE_UNAVAILABLE', `The watched folder could not be read (${String(code)}).`)
}
