import type { Finding, Profile } from '../../../domain/import-rules/finding.ts'
import { buildFindings } from '../rules/package/placed-problem.ts'
import { archiveRules } from '../rules/package/rules.ts'
import { ArchiveDamage } from '../../kit/zip/archive-damage.ts'
import { PackageDamage } from './package-damage.ts'
import type { SourceEntry } from './package-source.ts'

/** The bytes of an entry; damage is thrown as PackageDamage, its finding naming the file as the others do. */
export async function* streamMember(entry: SourceEntry, fileName: string, profile: Profile): AsyncGenerator<Buffer> {
  try {
    yield* entry.stream()
  } catch (error) {
    throw error instanceof ArchiveDamage ? toPackageDamage(error, fileName, profile) : error
  }
}

/** Reads an entry whole for no other purpose than to find out whether it is damaged. */
export async function findDamage(entry: SourceEntry, fileName: string, profile: Profile): Promise<Finding[]> {
  try {
    const pieces = entry.stream()[Symbol.asyncIterator]()
    while ((await pieces.next()).done !== true);
    return []
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error
    return [toPackageDamage(error, fileName, profile).finding]
  }
}

function toPackageDamage(damage: ArchiveDamage, fileName: string, profile: Profile): PackageDamage {
  const faults = [{ ...damage.fault, entry: fileName }]
  const [finding] = archiveRules.flatMap((rule) => buildFindings(rule, rule.check(faults), profile))
  // Every kind of fault belongs to one of the three rules, and they block in both profiles.
  if (finding === undefined) throw damage
  return new PackageDamage(finding, { cause: damage })
}
