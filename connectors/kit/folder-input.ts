import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { openFileInput } from './file-input.ts'
import type { FileInput } from './file-input.ts'

/** A folder that stands for a package: the files in it, as a person has unpacked them. */
export interface FolderInput {
  /** For messages only. */
  readonly name: string
  /**
   * Everything beneath the folder, names relative to it with `/` between their parts, sorted. Stops after `most`
   * items, because a folder given by mistake may be a whole disk.
   */
  list(most: number): Promise<readonly FolderItem[]>
  /** The file of that name; closed again by whoever opened it. */
  openFile(name: string): Promise<FileInput>
}

export type FolderItem = {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'special'
  readonly sizeBytes: number
}

/** The folder at `path`, unread until it is asked. */
export function openFolderInput(path: string): FolderInput {
  return {
    name: basename(resolve(path)),
    list: async (most) => {
      const items: FolderItem[] = []
      await listInto(items, path, '', most)
      return items
    },
    openFile: (name) => openFileInput(join(path, name)),
  }
}

async function listInto(items: FolderItem[], root: string, folder: string, most: number): Promise<void> {
  const found = await readdir(join(root, folder), { withFileTypes: true })
  found.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const item of found) {
    if (items.length >= most) return
    const name = `${folder}${item.name}`
    const kind = kindOf(item)
    const sizeBytes = kind === 'file' ? (await stat(join(root, name))).size : 0
    items.push({ name: kind === 'folder' ? `${name}/` : name, kind, sizeBytes })
    if (kind === 'folder') await listInto(items, root, `${name}/`, most)
  }
}

function kindOf(item: Dirent): FolderItem['kind'] {
  if (item.isFile()) return 'file'
  return item.isDirectory() ? 'folder' : 'special'
}
