import { findDirectory } from '../zip/end-record.ts'
import type { FileInput } from '../file-input.ts'

/** What lies in a place where inputs are dropped: which files are meant, and how a whole one is told. */
export type DropContent = {
  /** For people: `package (*.zip)`. */
  readonly what: string
  readonly isMeant: (name: string) => boolean
  /** Of a file whose size and time have not moved for a while. */
  readonly isWhole: (file: FileInput) => Promise<boolean>
}

/** Senders write to another name, or a hidden one, and rename when they are done; those that do not are waited for. */
export const packages: DropContent = {
  what: 'package (*.zip)',
  isMeant: (name) => /^[^.].*\.zip$/i.test(name),
  // What is no ZIP at all will not become one: it is taken, and refused with its findings.
  isWhole: async (file) => {
    const directory = await findDirectory(file)
    return typeof directory !== 'string' || directory === 'notAnArchive'
  },
}

/** A text does not say where it ends: that it has stood still is all that is known. */
export const tables: DropContent = {
  what: 'file (*.csv, *.tsv or *.txt)',
  isMeant: (name) => /^[^.].*\.(csv|tsv|txt)$/i.test(name),
  isWhole: () => Promise.resolve(true),
}
