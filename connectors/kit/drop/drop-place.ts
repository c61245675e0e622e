import type { FoundInput } from '../../connector.ts'
import type { FileInput } from '../file-input.ts'

/** A folder somewhere, for as long as it is looked at. Throws RollbookFailure with what to do. */
export interface DropPlace {
  /** Those that are meant by their names (drop-content.ts); the newest first. */
  list(): Promise<readonly FoundInput[]>
  open(found: FoundInput): Promise<FileInput>
  close(): Promise<void>
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
