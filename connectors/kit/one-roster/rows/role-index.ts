import { Hash64 } from '../../../../domain/hash64.ts'
import type { RowView } from '../../csv/row-view.ts'
import { isWord, readCell } from './cell-text.ts'

const firstCapacity = 1 << 12
const isMeantFlag = 1
/** A row of roles.csv was refused: nothing may be inferred about who the person is. */
const isUncertainFlag = 2
const isOtherFlag = 4
const isStudentFlag = 8

/** What is known of a user from roles.csv. */
export type KnownRoles = {
  /** Has a role of the kind that is looked for. */
  readonly isMeant: boolean
  readonly isUncertain: boolean
  /** Has a role of another kind. */
  readonly isOther: boolean
  readonly isStudent: boolean
  /** Of the roles that are meant: their orgs and their names, comma-separated in their order, each once. */
  readonly orgKeys: string
  readonly roles: string
}

/**
 * OneRoster 1.2: who is of the kind that is looked for, as what, and at which orgs, from roles.csv, which is read before
 * users.csv. Seventeen bytes a user in typed arrays, because a million users would not fit as objects.
 */
export class RoleIndex {
  #keysHi = new Uint32Array(firstCapacity)
  #keysLo = new Uint32Array(firstCapacity)
  #flags = new Uint8Array(firstCapacity)
  /** Numbers of lists of orgs: most students have one of a few. */
  #orgs = new Int32Array(firstCapacity)
  #roles = new Int32Array(firstCapacity)
  #size = 0
  readonly #hash = new Hash64()
  readonly #listNumbers = new Map<string, number>()
  readonly #lists: string[] = []
  readonly #isMeant: (role: string, isPrimary: boolean) => boolean

  /** `isMeant`: whether a role, in its spelling of the standard, is of the kind that is looked for. */
  constructor(isMeant: (role: string, isPrimary: boolean) => boolean) {
    this.#isMeant = isMeant
  }

  add(row: RowView, positions: ReadonlyMap<string, number>, isAccepted: boolean): void {
    const cell = (column: string) => positions.get(column) ?? -1
    const user = readCell(row, cell('userSourcedId'))
    if (user === '') return
    if (!isAccepted) {
      this.#mark(user, isUncertainFlag)
      return
    }
    const status = cell('status')
    if (isWord(row, status, 'tobedeleted') || isWord(row, status, 'inactive')) return
    const role = isWord(row, cell('role'), 'student') ? 'student' : readCell(row, cell('role'))
    const flag = role === 'student' ? isStudentFlag : 0
    if (!this.#isMeant(role, isWord(row, cell('roleType'), 'primary'))) {
      this.#mark(user, isOtherFlag | flag)
      return
    }
    this.#mark(user, isMeantFlag | flag, readCell(row, cell('orgSourcedId')), role)
  }

  find(user: string): KnownRoles {
    const slot = this.#slotOf(user)
    const flags = this.#flags[slot] ?? 0
    const list = (numbers: Int32Array) => (flags === 0 ? '' : (this.#lists[numbers[slot] ?? -1] ?? ''))
    return {
      isMeant: (flags & isMeantFlag) !== 0,
      isUncertain: (flags & isUncertainFlag) !== 0,
      isOther: (flags & isOtherFlag) !== 0,
      isStudent: (flags & isStudentFlag) !== 0,
      orgKeys: list(this.#orgs),
      roles: list(this.#roles),
    }
  }

  #mark(user: string, flag: number, org = '', role = ''): void {
    if (this.#size * 3 > this.#flags.length * 2) this.#grow()
    const slot = this.#slotOf(user)
    if (this.#flags[slot] === 0) {
      this.#keysHi[slot] = this.#hash.hi
      this.#keysLo[slot] = this.#hash.lo
      this.#orgs[slot] = -1
      this.#roles[slot] = -1
      this.#size++
    }
    if ((flag & isMeantFlag) !== 0) {
      this.#orgs[slot] = this.#addItem(this.#orgs[slot] ?? -1, org)
      this.#roles[slot] = this.#addItem(this.#roles[slot] ?? -1, role)
    }
    this.#flags[slot] = (this.#flags[slot] ?? 0) | flag
  }

  /** The number of the list with one more item. */
  #addItem(number: number, item: string): number {
    const before = this.#lists[number]
    const list = before === undefined ? item : before.split(',').includes(item) ? before : `${before},${item}`
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
    const [flags, orgs, roles] = [new Uint8Array(capacity), new Int32Array(capacity), new Int32Array(capacity)]
    for (let old = 0; old < this.#flags.length; old++) {
      if (this.#flags[old] === 0) continue
      const slot = findSlot(hi, lo, flags, this.#keysHi[old] ?? 0, this.#keysLo[old] ?? 0)
      hi[slot] = this.#keysHi[old] ?? 0
      lo[slot] = this.#keysLo[old] ?? 0
      flags[slot] = this.#flags[old] ?? 0
      orgs[slot] = this.#orgs[old] ?? -1
      roles[slot] = this.#roles[old] ?? -1
    }
    this.#keysHi = hi
    this.#keysLo = lo
    this.#flags = flags
    this.#orgs = orgs
    this.#roles = roles
  }
}

/** The slot of a key, or the free one where it would go. A slot is free while its flags are zero. */
function findSlot(keysHi: Uint32Array, keysLo: Uint32Array, flags: Uint8Array, hi: number, lo: number): number {
  const mask = flags.length - 1
  let slot = lo & mask
  while (flags[slot] !== 0 && (keysHi[slot] !== hi || keysLo[slot] !== lo)) slot = (slot + 1) & mask
  return slot
}
