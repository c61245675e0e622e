import type { InputFile } from './input-file.ts'

/** A folder that stands for a package: the files in it, as a person has unpacked them. */
export interface FolderInput {
  /** For messages only. */
  readonly name: string
  /** Everything beneath the folder, names relative to it with `/` between their parts, in the order of their names. */
  list(): Promise<readonly FolderItem[]>
  /** The file of that name; closed again by whoever opened it. */
  openFile(name: string): Promise<InputFile & { close(): Promise<void> }>
}

export type FolderItem = {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  readonly sizeBytes: number
}
