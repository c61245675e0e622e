import type { Rule } from '../../../../domain/import-rules/rule.ts'
import type { ArchiveFault, ArchiveFaultKind } from '../../../kit/zip/archive-fault.ts'
import { problemAt } from './placed-problem.ts'
import type { PlacedProblem } from './placed-problem.ts'

/** The rules on the archive itself are given every fault that its reader met, and pick their own. */
export type ArchiveRule = Rule<(faults: readonly ArchiveFault[]) => PlacedProblem[]>

const texts: Readonly<Record<ArchiveFaultKind, { rule: 'Z-01' | 'Z-02' | 'Z-03'; text: string }>> = {
  notAnArchive: { rule: 'Z-01', text: 'This is not a ZIP archive. Send the package as a .zip file.' },
  cutOff: { rule: 'Z-01', text: 'The archive ends too soon: its transfer was cut off. Send it again.' },
  directoryDamaged: { rule: 'Z-01', text: 'The directory of the archive is damaged. Make the archive again.' },
  encrypted: { rule: 'Z-01', text: 'The archive is encrypted. Send it without a password.' },
  unknownCompression: { rule: 'Z-01', text: 'The archive uses a compression other than DEFLATE. Use plain ZIP.' },
  headersDiffer: { rule: 'Z-01', text: 'The archive describes this entry in two different ways. Make it again.' },
  sizeDiffers: { rule: 'Z-01', text: 'The entry does not have the size the archive says. Make the archive again.' },
  checksumDiffers: { rule: 'Z-01', text: 'The checksum of the entry is wrong: it was damaged. Send it again.' },
  dataDamaged: { rule: 'Z-01', text: 'The compressed data of the entry is damaged. Send the archive again.' },
  archiveTooLarge: { rule: 'Z-02', text: 'The archive is too large. Leave out what is not needed.' },
  tooManyEntries: { rule: 'Z-03', text: 'There are too many files in the package.' },
  entryTooLarge: { rule: 'Z-03', text: 'A file of the package is too large when expanded.' },
  totalTooLarge: { rule: 'Z-03', text: 'The package is too large when expanded.' },
  ratioTooHigh: { rule: 'Z-03', text: 'The archive expands out of all proportion, as a ZIP bomb does.' },
  entriesOverlap: { rule: 'Z-03', text: 'Entries of the archive share the same bytes, as in a ZIP bomb.' },
}

/** One problem for each kind of fault: an archive that is encrypted is so in every entry. */
function pickFaults(id: string, faults: readonly ArchiveFault[]): PlacedProblem[] {
  const kinds = new Set(faults.map((fault) => fault.kind).filter((kind) => texts[kind].rule === id))
  return [...kinds].map((kind) => {
    const [first, ...others] = faults.filter((fault) => fault.kind === kind)
    const detail = first?.detail === undefined ? '' : ` (${first.detail})`
    const more = others.length === 0 ? '' : ` So are ${String(others.length)} more.`
    return problemAt(first?.entry === undefined ? {} : { file: first.entry }, `${texts[kind].text}${detail}${more}`)
  })
}

const block = { strict: 'block', default: 'block' } as const

export const archiveIsReadable: ArchiveRule = {
  id: 'Z-01',
  title: 'archive is no ZIP that can be opened, is encrypted, or is damaged (CRC)',
  severity: block,
  appliesTo: 'package',
  check: (faults) => pickFaults('Z-01', faults),
}

export const archiveIsNotTooLarge: ArchiveRule = {
  id: 'Z-02',
  title: 'package is larger than the limit (1 GiB compressed)',
  severity: block,
  appliesTo: 'package',
  check: (faults) => pickFaults('Z-02', faults),
}

export const archiveIsNoBomb: ArchiveRule = {
  id: 'Z-03',
  title: 'expanded size, an entry, the number of entries or the expansion ratio is over the limit',
  severity: block,
  appliesTo: 'package',
  check: (faults) => pickFaults('Z-03', faults),
}
