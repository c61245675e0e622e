import { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import { WordColumn } from '../index/columns.ts'
import { IdState } from '../index/id-table.ts'
import type { IdTable } from '../index/id-table.ts'
import { KeySet } from '../../kit/keys/key-set.ts'
import { PairKey } from '../index/pair-key.ts'
import { targetRecord, targetStays } from '../rules/reference/targets.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import { reportLate } from './file-rows.ts'
import { deriveTargetState } from './reference-column.ts'
import type { RelationContext } from './relation-context.ts'

const column = 'userSourcedId'

/**
 * Profiles and roles (1.2) are read before the users they belong to, so that a user's row finds its roles known.
 * Here is whose they are, and, once the users have been read, which of them belong to nobody.
 */
export class UserOwners {
  readonly #context: RelationContext
  readonly #hash = new CellHash()
  readonly #key = new PairKey()
  readonly #owners = new Map<string, WordColumn>()
  /** The org of a user's first role as (ordinal + 1) * 2, plus 1 if it is primary; most users have no other. */
  readonly #firstRoles = new WordColumn()
  readonly #furtherRoles = new KeySet()
  #users: IdTable | undefined

  constructor(context: RelationContext) {
    this.#context = context
  }

  /** Notes whose row this is; the user's ordinal, -1 when the cell is blank. */
  own(file: string, ordinal: number, row: RowView, cell: number): number {
    if (!this.#hash.cell(row, cell)) return -1
    this.#users ??= this.#context.table('users')
    const user = this.#users.intern(this.#hash)
    if (ordinal >= 0) this.#ownersIn(file).set(ordinal, user)
    return user
  }

  /** The user whose row it is; -1 when not known. */
  ownerOf(file: string, ordinal: number): number {
    return this.#ownersIn(file).get(ordinal)
  }

  /** Takes in a role; whether the user had a primary one in that org already, if this one is primary. */
  addRole(user: number, org: number, isPrimary: boolean): boolean {
    const role = (org + 1) * 2 + (isPrimary ? 1 : 0)
    const first = this.#firstRoles.get(user)
    if (first === 0) {
      this.#firstRoles.set(user, role)
      return false
    }
    const isKnown = first === role || !this.#furtherRoles.add(this.#key.of(user, role).hi, this.#key.lo)
    return isPrimary && isKnown
  }

  hasRoleIn(user: number, org: number): boolean {
    const role = (org + 1) * 2
    if (this.#firstRoles.get(user) >>> 1 === org + 1) return true
    const { hi, lo } = this.#key.of(user, role)
    return this.#furtherRoles.has(hi, lo) || this.#furtherRoles.has(this.#key.of(user, role + 1).hi, this.#key.lo)
  }

  /** for profiles and roles, when all users are known. A second call finds nothing left. */
  settleOwners(): void {
    const { modes } = this.#context
    if (!this.#context.isWhole('users')) return
    for (const [file, owners] of this.#owners) {
      if (modes.get(file) === 'bulk' && modes.get('users') === 'bulk') this.#settle(file, owners)
    }
    this.#owners.clear()
  }

  #settle(file: string, owners: WordColumn): void {
    const context = this.#context
    const rows = context.table(file)
    const users = context.table('users')
    const leaving = targetStays.check(true, 'users')
    for (let ordinal = 0; ordinal < rows.size; ordinal++) {
      const user = owners.get(ordinal)
      if (user < 0) continue
      const bits = users.bits(user)
      const missing = targetRecord.check(deriveTargetState(bits), 'users', true)
      if (missing !== undefined) {
        reportLate(context, file, targetRecord, missing, ordinal, column)
      } else if ((bits & IdState.withdrawn) !== 0 && leaving !== undefined) {
        reportLate(context, file, targetStays, leaving, ordinal, column)
      }
    }
  }

  #ownersIn(file: string): WordColumn {
    const known = this.#owners.get(file)
    if (known !== undefined) return known
    const owners = new WordColumn(-1)
    this.#owners.set(file, owners)
    return owners
  }
}
