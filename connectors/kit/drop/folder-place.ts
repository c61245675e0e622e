import { readdir, realpath, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { RollbookFailure } from '../../../domain/errors.ts'
import type { FoundInput, Surroundings } from '../../connector.ts'
import { openFileInput } from '../file-input.ts'
import { isPackageName, newestFirst, type DropPlace } from './drop-place.ts'
import type { FolderDropSettings } from './drop-settings.ts'

/** A folder of this machine, or one that is mounted here. Throws SOURCE_REFUSED for one outside the district's own. */
export async function openFolderPlace({ path }: FolderDropSettings, { folderRoot }: Surroundings): Promise<DropPlace> {
  if (folderRoot === undefined) {
    throw new RollbookFailure('SOURCE_REFUSED', 'Watched folders are not switched on; set ROLLBOOK_DROP_ROOT.')
  }
  const root = await findRealPath(folderRoot)
  // Links are followed before it is asked where the folder lies: one could lead to another district's.
  const folder = await findRealPath(resolve(root, path))
  if (folder !== root && !folder.startsWith(root + sep)) {
    throw new RollbookFailure('SOURCE_REFUSED', 'The watched folder is not beneath the folder kept for this district.')
  }
  return {
    list: async () => {
      const names = await readdir(folder).catch((error: unknown) => {
        throw folderFailure(error)
      })
      const found = await Promise.all(names.filter(isPackageName).map((name) => findFile(folder, name)))
      return newestFirst(found.filter((one) => one !== undefined))
    },
    open: ({ name }) =>
      openFileInput(join(folder, name)).catch((error: unknown) => {
        throw folderFailure(error)
      }),
    close: () => Promise.resolve(),
  }
}

async function findFile(folder: string, name: string): Promise<FoundInput | undefined> {
  const path = join(folder, name)
  // Gone since it was listed, or a link out of the folder: not a package of this place.
  const real = await realpath(path).catch(() => undefined)
  if (real !== path) return undefined
  const facts = await stat(path).catch(() => undefined)
  return facts?.isFile() === true ? { name, bytes: facts.size, modifiedAt: facts.mtime } : undefined
}

async function findRealPath(path: string): Promise<string> {
  return await realpath(path).catch((error: unknown) => {
    throw folderFailure(error)
  })
}

function folderFailure(error: unknown): RollbookFailure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new RollbookFailure('SOURCE_REFUSED', 'The watched folder is not there.')
  if (code === 'EACCES' || code === 'EPERM') {
    return new RollbookFailure('SOURCE_REFUSED', 'The watched folder may not be read by the process of Rollbook.')
  }
  return new RollbookFailure('SOURCE_UNAVAILABLE', `The watched folder could not be read (${String(code)}).`)
}
