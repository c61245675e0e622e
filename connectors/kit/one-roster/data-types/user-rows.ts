import type { Finding } from '../../../../domain/import-rules/finding.ts'
import type { RowView } from '../../csv/row-view.ts'
import type { FileMode } from '../format/column.ts'
import type { SourceRecord } from '../../../connector.ts'
import { isWord, readCell } from '../rows/cell-text.ts'
import { RoleIndex, type KnownRoles } from '../rows/role-index.ts'
import { createRowRecord, isWithdrawn, type FileTaker, type Positions, type TypeContext } from './one-roster-type.ts'
import type { Beside, MadeColumns } from '../rows/row-record.ts'

/** One of the source's people, as far as roles and orgs say who it is. */
export type RosterUser = {
  /** Of 1.2, from roles.csv; undefined where users.csv says it. */
  readonly known: KnownRoles | undefined
  readonly row: RowView
}

/** Which of the users of a package are records of a data type, and what their roles and orgs say of them. */
export type UserKind = {
  /** 1.2: whether a role makes its user one of them. */
  readonly isMeantRole: (role: string, isPrimary: boolean) => boolean
  /** 1.1: the same of the cell of a row; `isAccepted` false: one that was refused counts unless it is somebody else for sure. */
  readonly isMeantRow: (row: RowView, roleCell: number, isAccepted: boolean) => boolean
  /** Whether somebody who may not sign in is inactive. */
  readonly needsAccount: boolean
  /** Whether a refused role is told of a user who is known by another one. */
  readonly tellsEveryUncertain: boolean
  readonly describe: (user: RosterUser, positions: Positions) => Beside
  /** Told once of each user that is imported, unless a later row of the same user has none of it. */
  readonly warn?: (
    beside: Beside,
    row: RowView,
    positions: Positions,
  ) => Omit<Finding, 'line' | 'sourcedId'> | undefined
  /** Sees every row of users.csv, of whatever kind, with what was found out about it. */
  readonly watch?: (user: RosterUser, positions: Positions, presence: SourceRecord['presence']) => void
}

/** The columns of users.csv that are made of others. */
export const madeOfUsers: MadeColumns = {
  federatedId: { from: ['userIds'], make: (read) => firstUserId(read('userIds')) },
}

/** How many findings wait for the end of the file, so that a file full of them takes no memory to speak of. */
const mostWaiting = 10_000

/** Takes the users of one kind out of roles.csv and users.csv, which is read behind it. */
export function takeUsers(
  context: TypeContext,
  createKind: (context: TypeContext) => UserKind,
): (file: string, mode: FileMode, positions: Positions) => FileTaker | undefined {
  const kind = createKind(context)
  const roles = new RoleIndex(kind.isMeantRole)
  let hasRoles = false
  return (file, mode, positions) => {
    if (file === 'roles') {
      hasRoles = true
      return takeRoles(context, roles, positions)
    }
    return file === 'users' ? new UserRows(context, kind, hasRoles ? roles : undefined, mode, positions) : undefined
  }
}

function takeRoles({ facts }: TypeContext, roles: RoleIndex, positions: Positions): FileTaker {
  return {
    row: (row, isAccepted, isMisshapen) => {
      // A refused role of nobody knows whom: it may be what makes anybody one of them.
      const isOfSomebody = readCell(row, positions.get('userSourcedId') ?? -1) !== '' && !isMisshapen
      if (!isAccepted && !isOfSomebody) facts.everyRowHasKey = false
      roles.add(row, positions, isAccepted)
    },
  }
}

type Judged = { readonly presence: SourceRecord['presence']; readonly beside: Beside; readonly isUncertain: boolean }

class UserRows implements FileTaker {
  readonly #context: TypeContext
  readonly #kind: UserKind
  readonly #roles: RoleIndex | undefined
  readonly #positions: Positions
  readonly #cells: { readonly key: number; readonly role: number; readonly status: number; readonly enabled: number }
  readonly #record: ReturnType<typeof createRowRecord>
  readonly #before: ReturnType<typeof createRowRecord>
  /** By line: a later row of the same user may have what this one lacks. */
  readonly #waiting = new Map<number, Finding>()

  constructor(
    context: TypeContext,
    kind: UserKind,
    roles: RoleIndex | undefined,
    mode: FileMode,
    positions: Positions,
  ) {
    const cell = (column: string) => positions.get(column) ?? -1
    this.#context = context
    this.#kind = kind
    this.#roles = roles
    this.#positions = positions
    this.#cells = { key: cell('sourcedId'), role: cell('role'), status: cell('status'), enabled: cell('enabledUser') }
    this.#record = createRowRecord(context, { file: 'users', mode, positions, made: madeOfUsers })
    this.#before = createRowRecord(context, { file: 'users', mode, positions, made: madeOfUsers })
  }

  readonly row: FileTaker['row'] = (row, isAccepted, isMisshapen) => {
    const { facts, sink } = this.#context
    if (!isAccepted && readCell(row, this.#cells.key) === '') facts.everyRowHasKey = false
    if (isMisshapen) facts.everyItemHasKey = false
    const user = this.#judge(row, isAccepted)
    if (user === undefined) return
    facts.rowCount++
    if (user.presence !== 'rejected') facts.acceptedCount++
    else if (isAccepted && user.isUncertain) this.#reportUncertain(row)
    if (user.presence === 'active') this.#warn(user.beside, row)
    sink.record(this.#record.show(row, user.presence, user.beside))
  }

  readonly merge: NonNullable<FileTaker['merge']> = ({ first, isFirstAccepted, merged, canonical }) => {
    const { facts, sink } = this.#context
    const [known, user] = [this.#judge(first, isFirstAccepted), this.#judge(merged, true)]
    if (known === undefined || user === undefined) return
    if (known.presence === 'rejected') facts.acceptedCount++
    if (this.#kind.warn?.(user.beside, merged, this.#positions) === undefined) this.#waiting.delete(first.line)
    sink.replace(
      this.#before.show(first, known.presence, known.beside),
      this.#record.show(merged, user.presence, user.beside, canonical),
    )
  }

  readonly end: NonNullable<FileTaker['end']> = () => {
    for (const finding of this.#waiting.values()) this.#context.sink.finding(finding)
    this.#waiting.clear()
  }

  /** Says of a row of users.csv who it is; undefined for people of another kind. */
  #judge(row: RowView, isAccepted: boolean): Judged | undefined {
    const known = this.#roles?.find(readCell(row, this.#cells.key))
    const user = { known, row }
    let presence: SourceRecord['presence'] = isAccepted ? 'active' : 'rejected'
    if (presence === 'active' && this.#isInactive(row)) presence = 'inactive'
    this.#kind.watch?.(user, this.#positions, presence)
    const isUncertain = known?.isUncertain === true && !known.isMeant
    if (known === undefined) {
      if (!this.#kind.isMeantRow(row, this.#cells.role, isAccepted)) return undefined
    } else if (isUncertain) presence = 'rejected'
    else if (!known.isMeant) return undefined
    const isTold = isUncertain && (this.#kind.tellsEveryUncertain || !known.isOther)
    return { presence, beside: this.#kind.describe(user, this.#positions), isUncertain: isTold }
  }

  #isInactive(row: RowView): boolean {
    const { status, enabled } = this.#cells
    return isWithdrawn(row, status) || (this.#kind.needsAccount && isWord(row, enabled, 'false'))
  }

  /** Told of the user as well: otherwise nothing would say why she is not imported. */
  #reportUncertain(row: RowView): void {
    this.#context.sink.finding({
      rule: 'I-09',
      severity: 'error',
      file: 'users.csv',
      line: row.line,
      sourcedId: readCell(row, this.#cells.key),
      message:
        'a row of this user in roles.csv was refused, and no other says who it is; it is not imported. Correct that row.',
    })
  }

  #warn(beside: Beside, row: RowView): void {
    const finding = this.#kind.warn?.(beside, row, this.#positions)
    if (finding === undefined) return
    if (this.#waiting.size === mostWaiting) this.end()
    this.#waiting.set(row.line, { ...finding, line: row.line, sourcedId: readCell(row, this.#cells.key) })
  }
}

/** The first item of `{type:id},{type:id}` as `type:id` (contract.md); one that is not so formed is of type "unknown" (F-11). */
export function firstUserId(userIds: string): string {
  // Nearly every value is one item without blanks, and needs no pattern.
  const isPlain = userIds.startsWith('{') && userIds.indexOf('}') === userIds.length - 1
  const first = isPlain ? userIds.slice(1, -1) : (/^\s*\{([^{}]*)\}/.exec(userIds)?.[1] ?? userIds.split(',')[0] ?? '')
  if (first === '') return ''
  const colon = first.indexOf(':')
  if (colon === -1) return `unknown:${first.trim()}`
  return first.includes(' ') ? `${first.slice(0, colon).trim()}:${first.slice(colon + 1).trim()}` : first
}
