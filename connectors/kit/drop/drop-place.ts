import type { FoundInput } from '../../connector.ts'
import type { FileInput } from '../file-input.ts'

/** A folder somewhere, for as long as it is looked at. Throws RollbookFailure with what to do. */
export interface DropPlace {
  /** Packages by their names, `*.zip` and not hidden; the newest first. */
  list(): Promise<readonly FoundInput[]>
  open(found: FoundInput): Promise<FileInput>
  close(): Promise<void>
}

/** Senders write to another name, or a hidden one, and rename when they are done; those that do not are waited for. */
export function isPackageName(name: string): boolean {
  return /^[^.].*\.zip$/i.test(name)
}

export function newestFirst(found: readonly FoundInput[]): readonly FoundInput[] {
  return found.toSorted((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime() || (a.name < b.name ? 1 : -1))
}

export function isSameInput(a: FoundInput | undefined, b: FoundInput | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.name === b.name &&
    a.bytes === b.bytes &&
    a.modifiedAt.getTime() === b.modifiedAt.getTime()
  )
}
