import type { DestinationStream } from 'pino'
import { z } from 'zod'
import { showText } from './visible-text.ts'

const Line = z.looseObject({ level: z.string(), time: z.string(), msg: z.string().optional() })
/** What every line of a process has, and says nothing to somebody who looks at one. */
const unsaid = new Set(['level', 'time', 'msg', 'process', 'err'])
const ErrorFacts = z.looseObject({ message: z.string().optional(), stack: z.string().optional() })
const levelColours: Readonly<Record<string, string>> = { warn: '\u001b[33m', error: '\u001b[31m', fatal: '\u001b[31m' }
const plain = '\u001b[0m'

/** One JSON line of our log as a line for people: time of day, level, message, then ids and counts. */
export function describeLogLine(json: string): string {
  const { level, time, msg = '', ...rest } = Line.parse(JSON.parse(json))
  const facts = Object.entries(rest).filter(([name, value]) => !unsaid.has(name) && value !== null)
  const said = facts.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const problem = ErrorFacts.safeParse(rest['err'])
  const stack = problem.success ? (problem.data.stack ?? problem.data.message) : undefined
  const line = [new Date(time).toLocaleTimeString('en-GB'), level.padEnd(5), msg, ...said].join(' ')
  return showText(stack === undefined ? line : `${line}\n${stack}`)
}

/** Where pino writes its lines, shown as `describeLogLine` says them; warnings and errors in colour. */
export function createHumanStream(write: (text: string) => void): DestinationStream {
  return {
    write: (json) => {
      const level = /"level":"(\w+)"/.exec(json)?.[1] ?? ''
      const colour = levelColours[level]
      const line = describeLogLine(json)
      write(colour === undefined ? `${line}\n` : `${colour}${line}${plain}\n`)
    },
  }
}
