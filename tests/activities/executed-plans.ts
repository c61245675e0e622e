import type { Kysely } from 'kysely'
import type pg from 'pg'
import { borrowClient, type Database } from '../../db/database.ts'

/** A node of what auto_explain writes; rows are the average of its loops. */
type PlanNode = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'CTE Name'?: string
  readonly 'Function Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Join Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly PlanNode[]
}

/** All executions of one statement within a step; statements that differ in their literals alone are one. */
export type ExecutedStatement = {
  readonly step: string
  readonly text: string
  executions: number
  /** Rows that were looked at by the busiest node, added up over the executions. */
  looked: number
  /** Rows that one pass over everything it reads takes, of the largest execution. */
  onePass: number
  /** The busiest node. */
  node: string
  mostLooked: number
}

export type PlanWatch = {
  /** Notes whatever statement `work` has executed on the connections of the database under this step. */
  readonly during: <Result>(step: string, work: () => Promise<Result>) => Promise<Result>
  readonly statements: () => readonly ExecutedStatement[]
}

/** Settings of a database in which every statement tells its client, as a notice, how it was carried out. */
export const explainingSettings: readonly string[] = [
  `session_preload_libraries = 'auto_explain'`,
  `auto_explain.log_min_duration = 0`,
  `auto_explain.log_analyze = on`,
  `auto_explain.log_timing = off`,
  `auto_explain.log_format = 'json'`,
  // Those of triggers and functions too.
  `auto_explain.log_nested_statements = on`,
  `auto_explain.log_parameter_max_length = 0`,
  `auto_explain.log_level = 'notice'`,
]

/**
 * Reads along what the connections of a pool are told by auto_explain. `connections` is the size of the pool: each of
 * them has a listener before a step begins.
 */
export function watchPlans(db: Kysely<Database>, connections: number): PlanWatch {
  const found = new Map<string, ExecutedStatement>()
  const heard = new WeakSet<pg.PoolClient>()
  let step = ''
  const hear = ({ message = '' }: { readonly message?: string | undefined }): void => {
    const start = message.indexOf('{')
    if (!message.startsWith('duration:') || start < 0) return
    const told = JSON.parse(message.slice(start)) as { readonly 'Query Text': string; readonly Plan: PlanNode } // its format
    note(found, step, told['Query Text'], told.Plan)
  }
  return {
    async during(name, work) {
      const clients = await Promise.all(Array.from({ length: connections }, () => borrowClient(db)))
      for (const client of clients) {
        if (!heard.has(client)) client.on('notice', hear)
        heard.add(client)
        client.release()
      }
      step = name
      return work()
    },
    statements: () => [...found.values()],
  }
}

/**
 * True when rows were looked at far more often than one pass over all that the statement reads takes: each row of one
 * side was compared with each of the other. Fields of a row, several keys of a person and the like multiply by tens at
 * most, and by the same number however many rows there are.
 */
export function isQuadratic({ looked, onePass, executions }: ExecutedStatement): boolean {
  return looked > mostLooks * (onePass + executions)
}

const mostLooks = 25

function note(found: Map<string, ExecutedStatement>, step: string, query: string, plan: PlanNode): void {
  const text = withoutLiterals(query)
  const key = `${step}: ${text}`
  const statement = found.get(key) ?? { step, text, executions: 0, looked: 0, onePass: 0, node: '', mostLooked: 0 }
  found.set(key, statement)
  const { looked, node } = findBusiest(plan)
  statement.executions++
  statement.looked += looked
  statement.onePass = Math.max(statement.onePass, sumOnePass(plan))
  if (looked > statement.mostLooked) Object.assign(statement, { mostLooked: looked, node })
}

function withoutLiterals(query: string): string {
  return query
    .replaceAll(/'[^']*'/g, '?')
    .replaceAll(/\b\d+\b/g, '?')
    .replaceAll(/\?(?:, \?)+/g, '?')
    .replaceAll(/\$\?(?:,\s*\$\?)+/g, '$?')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function countPass(node: PlanNode): number {
  return (
    (node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)
  )
}

function findBusiest(node: PlanNode): { readonly looked: number; readonly node: string } {
  const own = { looked: countPass(node) * (node['Actual Loops'] ?? 0), node: describeNode(node) }
  return (node.Plans ?? []).map(findBusiest).reduce((most, next) => (next.looked > most.looked ? next : most), own)
}

/** What is read in one loop: of a search by an index, which is done for each row, the few rows that it finds. */
function sumOnePass(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, next) => sum + sumOnePass(next), 0)
  return below + (isRead(node) ? countPass(node) : 0)
}

/** What has nodes below it reads rows of its own all the same where those are but asked by its condition. */
function isRead(node: PlanNode): boolean {
  return node.Plans === undefined || findSource(node) !== undefined
}

function findSource(node: PlanNode): string | undefined {
  return node['Relation Name'] ?? node['CTE Name'] ?? node['Function Name']
}

function describeNode(node: PlanNode): string {
  const of = findSource(node) ?? node['Index Name']
  const rows = `${countPass(node)} rows × ${node['Actual Loops'] ?? 0}`
  return `${node['Node Type']}${of === undefined ? '' : ` of ${of}`}, ${rows}`
}
