import { Hash64 } from '../../../domain/hash64.ts'
import type { RowView } from '../../../domain/import-rules/row-view.ts'
import { isWord, readCell } from './cell-text.ts'

const firstCapacity = 1 << 12
const isStudentFlag = 1
/** A row of roles.csv was refused: nothing may be inferred about who the person is. */
const isUncertainFlag = 2

/**
 * OneRoster 1.2: who is a student, and at which orgs, from roles.csv, which is read before users.csv. Thirteen bytes
 * a user in typed arrays, because a million users would not fit as objects.
 */
export class RoleIndex {
  #keysHi = new Uint32Array(firstCapacity)
  #keysLo = new Uint32Array(firstCapacity)
  #flags = new Uint8Array(firstCapacity)
  /** Numbers of lists of orgs: most students have one of a few. */
  #orgs = new Int32Array(firstCapacity)
  #size = 0
  readonly #hash = new Hash64()
  readonly #listNumbers = new Map<string, number>()
  readonly #lists: string[] = []

  add(row: RowView, positions: ReadonlyMap<string, number>, isAccepted: boolean): void {
    const cell = (column: string) => positions.get(column) ?? -1
    const user = readCell(row, cell('userSourcedId'))
    if (user === '') return
    if (!isAccepted) {
      this.#mark(user, isUncertainFlag, '')
      return
    }
    const status = cell('status')
    if (isWord(row, status, 'tobedeleted') || isWord(row, status, 'inactive')) return
    if (!isWord(row, cell('roleType'), 'primary') || !isWord(row, cell('role'), 'student')) return
    this.#mark(user, isStudentFlag, readCell(row, cell('orgSourcedId')))
  }

  /** What is known of a user; `orgKeys` are the orgs of the primary student roles, comma-separated in their order. */
  find(user: string): { isStudent: boolean; isUncertain: boolean; orgKeys: string } {
    const slot = this.#slotOf(user)
    const flags = this.#flags[slot] ?? 0
    return {
      isStudent: (flags & isStudentFlag) !== 0,
      isUncertain: (flags & isUncertainFlag) !== 0,
      orgKeys: flags === 0 ? '' : (this.#lists[this.#orgs[slot] ?? -1] ?? ''),
    }
  }

  #mark(user: string, flag: number, org: string): void {
    if (this.#size * 3 > this.#flags.length * 2) this.#grow()
    const slot = this.#slotOf(user)
    if (this.#flags[slot] === 0) {
      this.#keysHi[slot] = this.#hash.hi
      this.#keysLo[slot] = this.#hash.lo
      this.#orgs[slot] = -1
      this.#size++
    }
    if (flag === isStudentFlag) this.#orgs[slot] = this.#addOrg(this.#orgs[slot] ?? -1, org)
    this.#flags[slot] = (this.#flags[slot] ?? 0) | flag
  }

  /** The number of the list with one more org. */
  #addOrg(number: number, org: string): number {
    const before = this.#lists[number]
    const list = before === undefined ? org : before.split(',').includes(org) ? before : `${before},${org}`
    const known = this.#listNumbers.get(list)
    if (known !== undefined) return known
    this.#listNumbers.set(list, this.#lists.length)
    return this.#lists.push(list) - 1
  }

  #slotOf(user: string): number {
    const { hi, lo } = this.#hash.reset().text(user).finish()
    return findSlot(this.#keysHi, this.#keysLo, this.#flags, hi, lo)
  }

  #grow(): void {
    const capacity = this.#flags.length * 2
    const [hi, lo] = [new Uint32Array(capacity), new Uint32Array(capacity)]
    const [flags, orgs] = [new Uint8Array(capacity), new Int32Array(capacity)]
    for (let old = 0; old < this.#flags.length; old++) {
      if (this.#flags[old] === 0) continue
      const slot = findSlot(hi, lo, flags, this.#keysHi[old] ?? 0, this.#keysLo[old] ?? 0)
      hi[slot] = this.#keysHi[old] ?? 0
      lo[slot] = this.#keysLo[old] ?? 0
      flags[slot] = this.#flags[old] ?? 0
      orgs[slot] = this.#orgs[old] ?? -1
    }
    this.#keysHi = hi
    this.#keysLo = lo
    this.#flags = flags
    this.#orgs = orgs
  }
}

/** The slot of a key, or the free one where it would go. A slot is free while its flags are zero. */
function findSlot(keysHi: Uint32Array, keysLo: Uint32Array, flags: Uint8Array, hi: number, lo: number): number {
  const mask = flags.length - 1
  let slot = lo & mask
  while (flags[slot] !== 0 && (keysHi[slot] !== hi || keysLo[slot] !== lo)) slot = (slot + 1) & mask
  return slot
}
