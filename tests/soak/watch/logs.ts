import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type LogSummary = {
  /** Lines of the level `error` and above, by process and message. */
  readonly errors: Readonly<Record<string, number>>
  /** Such as tell of a defect of ours. */
  readonly defects: readonly string[]
}

const errorLevels = ['error', 'fatal']
const mostDefects = 20

/** What worker and API wrote about failures, in all their lives. */
export function readLogs(directory: string): LogSummary {
  const errors: Record<string, number> = {}
  const defects: string[] = []
  for (const file of readdirSync(directory).filter((name) => /^(worker|api)\.log$/.test(name))) {
    for (const text of readFileSync(join(directory, file), 'utf8').split('\n')) {
      const line = parseLine(text)
      if (text.includes('UnhandledPromise') || text.includes('uncaught')) defects.push(`${file}: ${text.slice(0, 400)}`)
      if (line === undefined || !errorLevels.includes(line.level)) continue
      const name = `${file}: ${line.msg}`
      errors[name] = (errors[name] ?? 0) + 1
      if (text.includes('INTERNAL_ERROR')) defects.push(`${file}: ${text.slice(0, 400)}`)
    }
  }
  return { errors, defects: defects.slice(0, mostDefects) }
}

function parseLine(text: string): { readonly level: string; readonly msg: string } | undefined {
  try {
    return JSON.parse(text) as { level: string; msg: string } // pino wrote it
  } catch {
    return undefined
  }
}
