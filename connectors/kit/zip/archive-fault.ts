/**
 * What can be wrong with an archive, told without a rule: the reader of archives says what it met, the rules Z-01 to
 * Z-03 say what that means for a package.
 */
export type ArchiveFaultKind =
  | 'notAnArchive'
  | 'cutOff'
  | 'directoryDamaged'
  | 'encrypted'
  | 'unknownCompression'
  | 'headersDiffer'
  | 'sizeDiffers'
  | 'checksumDiffers'
  | 'dataDamaged'
  | 'archiveTooLarge'
  | 'tooManyEntries'
  | 'entryTooLarge'
  | 'totalTooLarge'
  | 'ratioTooHigh'
  | 'entriesOverlap'

export type ArchiveFault = {
  readonly kind: ArchiveFaultKind
  /** Name of the entry it was met in, as `showName` makes it presentable. */
  readonly entry?: string | undefined
  /** Figures that help to see what is meant: `limit 1000`. */
  readonly detail?: string | undefined
}
