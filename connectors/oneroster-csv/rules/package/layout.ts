import { listDataFiles } from '../../../kit/one-roster/format/files.ts'

/** What is known of an entry of a package without reading it. */
export type PackageEntry = {
  /** Parts separated by `/`; a folder ends in one. */
  readonly path: string
  readonly isFolder: boolean
  /** A link or a device. */
  readonly isSpecial: boolean
}

/** A file at the root of the package. */
export type PackageMember = {
  readonly path: string
  /** Without the folder around the package. */
  readonly fileName: string
  /** `users`, `manifest`; undefined for a file that OneRoster does not know. */
  readonly name: string | undefined
  /** False when the name is spelt with other capitals than OneRoster's. */
  readonly isExact: boolean
}

export type PackageLayout = {
  /** The one folder that holds everything, with its slash; '' when the files are at the root or there are several. */
  readonly wrapper: string
  /** Entries in folders, or folders, that are not that wrapper. */
  readonly strays: readonly PackageEntry[]
  /** What operating systems leave in archives. */
  readonly litter: readonly PackageEntry[]
  readonly members: readonly PackageMember[]
}

const litterNames = new Set(['.ds_store', 'thumbs.db', 'desktop.ini'])
const namesByLowerCase = new Map(
  [...listDataFiles('1.1'), ...listDataFiles('1.2'), 'manifest'].map((name) => [`${name}.csv`.toLowerCase(), name]),
)

/** Sorts the entries of a package into what belongs to it, what an operating system left, and what is in the way. */
export function derivePackageLayout(entries: readonly PackageEntry[]): PackageLayout {
  const litter = entries.filter(({ path }) => isLitter(path))
  const others = entries.filter(({ path }) => !isLitter(path))
  const wrapper = findWrapper(others)
  const strays = others.filter(({ path }) => path !== wrapper && path.slice(wrapper.length).includes('/'))
  const members = others
    .filter(({ path, isFolder }) => !isFolder && !path.slice(wrapper.length).includes('/'))
    .map(({ path }) => buildMember(path, path.slice(wrapper.length)))
  return { wrapper, strays, litter, members }
}

/** True when none of OneRoster's files is at the root and some are in folders, where they are not looked for. */
export function isMisplaced({ members, strays }: PackageLayout): boolean {
  const isAtRoot = members.some(({ name }) => name !== undefined)
  return !isAtRoot && listStrayNames(strays).length > 0
}

/** OneRoster's names of files that lie in folders: not to be read, yet not missing either. */
export function listStrayNames(strays: readonly PackageEntry[]): string[] {
  return strays.flatMap(({ path }) => namesByLowerCase.get(lastPart(path).toLowerCase()) ?? [])
}

export function isLitter(path: string): boolean {
  const name = lastPart(path).toLowerCase()
  return path.split('/').includes('__MACOSX') || name.startsWith('._') || litterNames.has(name)
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function findWrapper(entries: readonly PackageEntry[]): string {
  const wrapper = /^[^/]+\//.exec(entries[0]?.path ?? '')?.[0] ?? ''
  const holdsAll = entries.every(({ path }) => path.startsWith(wrapper) && !path.slice(wrapper.length).includes('/'))
  const holdsFiles = entries.some(({ path }) => path !== wrapper)
  return holdsAll && holdsFiles ? wrapper : ''
}

function buildMember(path: string, fileName: string): PackageMember {
  const name = namesByLowerCase.get(fileName.toLowerCase())
  return { path, fileName, name, isExact: name !== undefined && fileName === `${name}.csv` }
}
