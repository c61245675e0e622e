import { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import { IdState } from '../index/id-table.ts'
import { targetRecord, targetStays } from '../rules/reference/targets.ts'
import { parentChain } from '../rules/reference/trees.ts'
import type { RowView } from '../../kit/csv/row-view.ts'
import type { FileRows } from './file-rows.ts'
import { deriveResolution } from './reference-column.ts'

const column = 'parentSourcedId'
const none = -1

type Link = { readonly child: number; readonly hi: number; readonly lo: number; readonly foldedLo: number }

/**
 * The parents of a file whose records point to each other: orgs, academicSessions. A parent may come after its
 * children, so they are settled at the end of the file.
 */
export class ParentLinks {
  readonly #rows: FileRows
  readonly #cell: number
  readonly #hash = new CellHash()
  readonly #links: Link[] = []
  readonly #parents = new Map<number, number>()

  constructor(rows: FileRows) {
    this.#rows = rows
    this.#cell = rows.cell(column)
  }

  note(row: RowView): void {
    const child = this.#rows.ordinal
    if (child < 0 || !this.#hash.cell(row, this.#cell)) return
    const { hi, lo, foldedLo } = this.#hash
    this.#links.push({ child, hi, lo, foldedLo })
  }

  /** The usable parent of a record, after `settle`; undefined without one, or when it is not in the package. */
  parentOf(child: number): number | undefined {
    return this.#parents.get(child)
  }

  /** Whether the record names a parent, in the package or not. */
  listNamed(): ReadonlySet<number> {
    return new Set(this.#links.map(({ child }) => child))
  }

  settle(): void {
    const missing: Link[] = []
    for (const link of this.#links) {
      const parent = this.#rows.table.find(link)
      if (parent >= 0 && this.#isUsable(parent)) this.#parents.set(link.child, parent)
      else if (this.#isMissing(link)) missing.push(link)
    }
    const inCycles = this.#findCycles()
    const children = this.#listChildren()
    const lost: number[] = []
    for (const link of missing) {
      const parent = this.#rows.table.find(link)
      const wasRead = parent >= 0 && (this.#rows.table.bits(parent) & IdState.present) !== 0
      if (this.#reportMissing(link.child, wasRead ? 'refused' : 'unknown')) lost.push(link.child)
    }
    for (const member of inCycles) {
      const problem = parentChain.check(true)
      if (problem !== undefined && this.#rows.reportLate(parentChain, problem, member, column)) lost.push(member)
    }
    // What hangs below a rejected record has lost its parent, and may be rejected for it in its turn.
    for (let parent = lost.pop(); parent !== undefined; parent = lost.pop()) {
      for (const child of children.get(parent) ?? []) {
        this.#parents.delete(child)
        if (!inCycles.has(child) && this.#reportMissing(child, 'refused')) lost.push(child)
      }
    }
    this.#reportWithdrawn()
  }

  #isUsable(ordinal: number): boolean {
    return (this.#rows.table.bits(ordinal) & (IdState.present | IdState.rejected)) === IdState.present
  }

  #isMissing({ hi, lo }: Link): boolean {
    const resolution = deriveResolution(this.#rows, this.#rows.name)
    if (resolution === 'held') return this.#rows.context.heldOrgs?.has(hi, lo) !== true
    return resolution === 'closed'
  }

  /** Whether the child is rejected for it. */
  #reportMissing(child: number, state: 'refused' | 'unknown'): boolean {
    const problem = targetRecord.check(state, this.#rows.name, false)
    return problem !== undefined && this.#rows.reportLate(targetRecord, problem, child, column)
  }

  #reportWithdrawn(): void {
    for (const [child, parent] of this.#parents) {
      const problem = targetStays.check((this.#rows.table.bits(parent) & IdState.withdrawn) !== 0, this.#rows.name)
      if (problem !== undefined) this.#rows.reportLate(targetStays, problem, child, column)
    }
  }

  #listChildren(): ReadonlyMap<number, readonly number[]> {
    const children = new Map<number, number[]>()
    for (const [child, parent] of this.#parents) {
      const siblings = children.get(parent)
      if (siblings === undefined) children.set(parent, [child])
      else siblings.push(child)
    }
    return children
  }

  /** Follows the parents of each record once; a walk that meets itself has found a cycle. */
  #findCycles(): ReadonlySet<number> {
    const inCycles = new Set<number>()
    const walkOf = new Map<number, number>()
    for (const start of this.#parents.keys()) {
      let at = start
      while (at !== none && !walkOf.has(at)) {
        walkOf.set(at, start)
        at = this.#parents.get(at) ?? none
      }
      if (at === none || walkOf.get(at) !== start) continue
      for (let member = at; !inCycles.has(member); member = this.#parents.get(member) ?? member) inCycles.add(member)
    }
    return inCycles
  }
}
