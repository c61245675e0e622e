import type { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import { RoleBit } from '../index/codes.ts'
import { ByteColumn, WordColumn } from '../index/columns.ts'
import { IdState } from '../index/id-table.ts'
import { PairKey } from '../index/pair-key.ts'
import { agents, checkAgentRole, checkMutualAgents } from '../rules/reference/agents.ts'
import { targetRecord, targetStays } from '../rules/reference/targets.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { Problem, RuleEntry } from '../../../domain/import-rules/rule.ts'
import type { FileRows } from './file-rows.ts'
import { deriveResolution } from './reference-column.ts'

const column = 'agentSourcedIds'
const comma = 0x2c
/** What is kept of an agent whose row has not come yet: who lists it, and the hash of its id. */
const waitingWords = 4
const waitingChunk = waitingWords * 4096

/** What one row, or one pair that was settled later, has to be told of. One finding of a kind for each cell. */
const Trouble = { missing: 1, withdrawn: 2, self: 4, teacher: 8, refused: 16 } as const

/**
 * Agents of users. An agent may come later in the file; those wait until its end. Whether both
 * sides of each pair list the other is told by one sum for each user: what a pair adds on the one side the other side
 * takes away, so that with all pairs mutual every sum is 0.
 */
export class AgentLinks {
  readonly #rows: FileRows
  readonly #hash: CellHash
  readonly #pair = new PairKey()
  readonly #balances = new WordColumn()
  readonly #hasAgents = new ByteColumn()
  readonly #waiting: Int32Array[] = []
  #waitingLength = waitingChunk

  constructor(rows: FileRows, hash: CellHash) {
    this.#rows = rows
    this.#hash = hash
  }

  /** Takes in the agents of a row; whether the row stays. */
  note(row: RowView, cell: number, isUsable: boolean): boolean {
    const user = this.#rows.ordinal
    const end = row.ends[cell] as number
    let trouble = 0
    for (let from = row.starts[cell] as number; from <= end;) {
      let to = from
      while (to < end && (row.bytes[to] as number) !== comma) to++
      if (this.#hash.trimmed(row.bytes, from, to)) {
        const agent = this.#rows.table.find(this.#hash)
        const isRead = agent >= 0 && (this.#rows.table.bits(agent) & IdState.present) !== 0
        if (isRead) trouble |= this.#link(user, agent, isUsable)
        else if (isUsable) this.#wait(user)
      }
      from = to + 1
    }
    return trouble === 0 || this.#tell(trouble, (rule, problem) => this.#rows.report(rule, problem, row, column))
  }

  /** Settles what waited for later rows, when all users are known. */
  settle(): void {
    let user = -1
    let trouble = 0
    const tell = () => {
      const settled = user
      if (trouble === 0) return
      this.#tell(trouble, (rule, problem) => this.#rows.reportLate(rule, problem, settled, column))
    }
    const id = { hi: 0, lo: 0, foldedLo: 0 }
    for (const [index, chunk] of this.#waiting.entries()) {
      const length = index === this.#waiting.length - 1 ? this.#waitingLength : waitingChunk
      for (let at = 0; at < length; at += waitingWords) {
        const next = chunk[at] as number
        if (next !== user) {
          tell()
          user = next
          trouble = 0
        }
        id.hi = chunk[at + 1] as number
        id.lo = chunk[at + 2] as number
        id.foldedLo = chunk[at + 3] as number
        const agent = this.#rows.table.find(id)
        trouble |= agent < 0 ? this.#missing() : this.#link(user, agent, true)
      }
    }
    tell()
    this.#waiting.length = 0
    this.#waitingLength = waitingChunk
    this.#checkBalances()
  }

  /** Whether a pair is mutual is asked only where neither was refused. */
  #link(user: number, agent: number, isUsable: boolean): number {
    const bits = this.#rows.table.bits(agent)
    if (user === agent) return Trouble.self
    if ((bits & IdState.present) === 0) return this.#missing()
    if ((bits & IdState.rejected) !== 0) return this.#missing() === 0 ? 0 : Trouble.refused
    if (isUsable) {
      const { hi, lo } = this.#pair.of(Math.min(user, agent), Math.max(user, agent))
      this.#balances.add(user, hi ^ lo)
      this.#balances.add(agent, -(hi ^ lo))
      this.#hasAgents.set(user, 1)
    }
    if ((bits & IdState.withdrawn) !== 0) return Trouble.withdrawn
    const { context } = this.#rows
    const isTeacher = checkAgentRole(context.rolesOfUser(user), context.rolesOfUser(agent)) !== undefined
    return isTeacher ? Trouble.teacher : 0
  }

  #missing(): number {
    return deriveResolution(this.#rows, 'users') === 'closed' ? Trouble.missing : 0
  }

  /** Whether the row stays. */
  #tell(trouble: number, report: (rule: RuleEntry, problem: Problem) => boolean): boolean {
    const isMissing = (trouble & Trouble.missing) !== 0
    const state = isMissing ? 'unknown' : (trouble & Trouble.refused) === 0 ? 'usable' : 'refused'
    const found: (readonly [RuleEntry, Problem | undefined])[] = [
      [targetRecord, targetRecord.check(state, 'users', false)],
      [targetStays, targetStays.check((trouble & Trouble.withdrawn) !== 0, 'users')],
      [agents, agents.check((trouble & Trouble.self) !== 0)],
      [agents, (trouble & Trouble.teacher) === 0 ? undefined : checkAgentRole(RoleBit.student, RoleBit.teacher)],
    ]
    let isKept = true
    for (const [rule, problem] of found) if (problem !== undefined && report(rule, problem)) isKept = false
    return isKept
  }

  #wait(user: number): void {
    if (this.#waitingLength === waitingChunk) {
      this.#waiting.push(new Int32Array(waitingChunk))
      this.#waitingLength = 0
    }
    const chunk = this.#waiting[this.#waiting.length - 1] as Int32Array // pushed above when there was none
    chunk[this.#waitingLength++] = user
    chunk[this.#waitingLength++] = this.#hash.hi
    chunk[this.#waitingLength++] = this.#hash.lo
    chunk[this.#waitingLength++] = this.#hash.foldedLo
  }

  #checkBalances(): void {
    const { table, context } = this.#rows
    if (!context.asks(agents)) return
    const problem = checkMutualAgents(false)
    if (problem === undefined) return
    for (let user = 0; user < table.size; user++) {
      if (this.#hasAgents.get(user) === 0 || this.#balances.get(user) === 0) continue
      if ((table.bits(user) & IdState.rejected) === 0) this.#rows.reportLate(agents, problem, user, column)
    }
  }
}
