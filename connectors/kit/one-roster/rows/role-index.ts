import { Hash64 } from '../../../../domain/hash64.ts'
import type { RowView } from '../../csv/row-view.ts'
import { grown, KeyNumbers } from '../../keys/key-numbers.ts'
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
 * users.csv. Some thirty bytes a user in typed arrays, because a million users would not fit as objects.
 */
export class RoleIndex {
  readonly #users = new KeyNumbers()
  /** At the number of a user, as the lists are. */
  #flags = new Int32Array(firstCapacity)
  /** Number of a list of orgs, and one more: most students have one of a few. */
  #orgs = new Int32Array(firstCapacity)
  #roles = new Int32Array(firstCapacity)
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
    const { hi, lo } = this.#hash.reset().text(user).finish()
    const number = this.#users.find(hi, lo)
    const flags = this.#flags[number] ?? 0
    const list = (lists: Int32Array) => this.#lists[(lists[number] ?? 0) - 1] ?? ''
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
    const number = this.#numberOf(user)
    if ((flag & isMeantFlag) !== 0) {
      this.#orgs[number] = this.#addItem(this.#orgs[number] ?? 0, org)
      this.#roles[number] = this.#addItem(this.#roles[number] ?? 0, role)
    }
    this.#flags[number] = (this.#flags[number] ?? 0) | flag
  }

  /** The number of the list with one more item, and one more. */
  #addItem(number: number, item: string): number {
    const before = this.#lists[number - 1]
    const list = before === undefined ? item : before.split(',').includes(item) ? before : `${before},${item}`
    const known = this.#listNumbers.get(list)
    if (known !== undefined) return known
    const added = this.#lists.push(list)
    this.#listNumbers.set(list, added)
    return added
  }

  #numberOf(user: string): number {
    const { hi, lo } = this.#hash.reset().text(user).finish()
    const number = this.#users.give(hi, lo)
    if (number === this.#flags.length) {
      ;[this.#flags, this.#orgs, this.#roles] = [grown(this.#flags), grown(this.#orgs), grown(this.#roles)]
    }
    return number
  }
}
