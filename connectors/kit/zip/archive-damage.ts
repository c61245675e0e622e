import type { ArchiveFault } from './archive-fault.ts'

/** Thrown from the stream of an entry that is not what the archive's directory says, or that is a bomb. */
export class ArchiveDamage extends Error {
  override readonly name = 'ArchiveDamage'
  readonly fault: ArchiveFault

  constructor(fault: ArchiveFault, options?: ErrorOptions) {
    super(`${fault.kind} in ${fault.entry ?? 'the archive'}`, options)
    this.fault = fault
  }
}
