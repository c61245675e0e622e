import type { FindingSink, Profile } from '../../../domain/import-rules/finding.ts'
import { listFilesToRead, listUnreadFiles } from '../rules/manifest/file-modes.ts'
import { manifestIsThere } from '../rules/manifest/form.ts'
import { manifestContentRules } from '../rules/manifest/rules.ts'
import { findVersion } from '../rules/manifest/versions.ts'
import { derivePackageLayout, isMisplaced, listStrayNames } from '../rules/package/layout.ts'
import type { PackageMember } from '../rules/package/layout.ts'
import { isNoLookAlike } from '../rules/package/look-alike.ts'
import { archiveRules, contentsRules, entryRules } from '../rules/package/rules.ts'
import { ArchiveDamage } from '../../kit/zip/archive-damage.ts'
import { defaultZipLimits } from '../../kit/zip/zip-limits.ts'
import type { ZipLimits } from '../../kit/zip/zip-limits.ts'
import { lookInto } from './look-into.ts'
import { findDamage, streamMember } from './member-stream.ts'
import { PackageReport } from './package-report.ts'
import { listSource } from './package-source.ts'
import type { PackageSource, SourceEntry } from './package-source.ts'
import { readManifest } from './read-manifest.ts'
import type { ReadManifest } from './read-manifest.ts'

export type OpenPackageOptions = {
  readonly profile: Profile
  readonly sink: FindingSink
  readonly limits?: Partial<ZipLimits>
}

/** A package whose archive and manifest have been checked, ready for its rows to be read. */
export type OpenedPackage = {
  /** Null when the manifest does not tell a version we know; then there are no files to read. */
  readonly version: '1.1' | '1.2' | null
  /** True when a `block` finding was given. The files that can be read are still listed, so that all faults show. */
  readonly isBlocked: boolean
  /** The files to be read, in reading order: orgs first. */
  readonly files: readonly PackageFile[]
  /** Names of data files that are there, or promised by the manifest, and that are not read; findings say why. */
  readonly unreadFiles: readonly string[]
}

export type PackageFile = {
  /** `users` */
  readonly name: string
  /** As the archive writes it, without a folder around the package: `users.csv`; the `file` of its findings. */
  readonly fileName: string
  readonly mode: 'bulk' | 'delta'
  /** As the directory of the archive says it; true only when `stream` came to its end. */
  readonly sizeBytes: number
  /** The expanded bytes from the beginning, in pieces. May be read again. Throws PackageDamage. */
  stream(): AsyncIterable<Buffer>
}

/**
 * Checks everything of a package but its rows (rules Z and M): every fault becomes a finding in `sink`, and nothing is
 * thrown for anything the package holds. Only a source that cannot be read at all (an I/O error) throws.
 *
 * 1. The archive: what lies or is hostile is not read further.
 * 2. What its files are: a look-alike is named, and nothing else is said of it.
 * 3. The manifest, and from it the version and the files to read.
 * 4. Files that nobody will read: only whether they are damaged, because the archive is one whole.
 */
export async function openPackage(source: PackageSource, options: OpenPackageOptions): Promise<OpenedPackage> {
  const { profile, sink } = options
  const report = new PackageReport(profile, sink)
  const refused = { version: null, isBlocked: true, files: [], unreadFiles: [] }

  const { entries, faults } = await listSource(source, { ...defaultZipLimits, ...options.limits })
  report.check(archiveRules, faults)
  report.check(entryRules, entries)
  if (report.isBlocked()) return refused

  const layout = derivePackageLayout(entries)
  const { archives, lookAlikeFacts } = await lookInto(entries, layout)
  if (!isMisplaced(layout)) report.check([isNoLookAlike], lookAlikeFacts)
  if (report.isBlocked()) return refused

  const entriesByPath = new Map(entries.map((entry) => [entry.path, entry]))
  const membersByName = new Map<string, PackageMember>()
  for (const member of layout.members) if (member.name !== undefined) membersByName.set(member.name, member)
  const { manifest, findings } = await readManifestOf(membersByName.get('manifest'), entriesByPath, profile)
  const version = manifest && findVersion(manifest)
  report.check(contentsRules, { layout, archives, version })

  // Where the files lie elsewhere, or packed once more, the manifest most likely lies there too.
  const isElsewhere = isMisplaced(layout) || (archives.size > 0 && membersByName.size === 0)
  if (!isElsewhere) report.check([manifestIsThere], membersByName.has('manifest'))
  report.add(findings)
  const presentFiles = new Set([...membersByName.keys(), ...listStrayNames(layout.strays)])
  const facts = manifest && { manifest, version, presentFiles }
  if (facts !== undefined) report.check(manifestContentRules(facts), facts)

  const files = (facts === undefined ? [] : listFilesToRead(facts)).flatMap(({ name, mode }): PackageFile[] => {
    const member = membersByName.get(name)
    const entry = member && entriesByPath.get(member.path)
    if (member === undefined || entry === undefined) return []
    const { fileName } = member
    const stream = (): AsyncIterable<Buffer> => streamMember(entry, fileName, profile)
    return [{ name, fileName, mode, sizeBytes: entry.sizeBytes, stream }]
  })
  const unreadFiles = facts === undefined ? [] : listUnreadFiles(facts)
  const readPaths = new Set([...files.map(({ name }) => name), 'manifest'].map((name) => membersByName.get(name)?.path))
  for (const entry of entries) {
    if (entry.isFolder || readPaths.has(entry.path)) continue
    report.add(await findDamage(entry, entry.path.slice(layout.wrapper.length), profile))
  }
  return { version: version ?? null, isBlocked: report.isBlocked(), files, unreadFiles }
}

async function readManifestOf(
  member: PackageMember | undefined,
  entries: ReadonlyMap<string, SourceEntry>,
  profile: Profile,
): Promise<ReadManifest> {
  const entry = member && entries.get(member.path)
  if (member === undefined || entry === undefined) return { manifest: undefined, findings: [] }
  try {
    return await readManifest(entry, member.fileName, profile)
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error
    return { manifest: undefined, findings: await findDamage(entry, member.fileName, profile) }
  }
}
