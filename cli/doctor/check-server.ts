import type { Readiness } from '../../api/contract/readiness.ts'
import type { ServerAddress } from '../server-address.ts'
import { failing, ok, warn, type Check } from './check.ts'

/** A clock that is further off makes links, sessions and tokens expire at other times than their answers say. */
const mostSkewMs = 60_000

/**
 * Whether the server answers, whether it is ready (each part by itself), whether it is of the version of this command,
 * and whether its clock is ours. The second says whether it makes sense to ask it more.
 */
export async function checkServer(
  { url }: Pick<ServerAddress, 'url'>,
  ownVersion: string,
): Promise<{ readonly checks: readonly Check[]; readonly isAnswering: boolean }> {
  const before = Date.now()
  let answer: Response
  try {
    answer = await fetch(new URL('/api/health/ready', url), { signal: AbortSignal.timeout(15_000) })
  } catch (error) {
    const todo =
      'Start it (`npm start`), or set ROLLBOOK_URL to where it listens; a proxy on the way may be in between.'
    return { checks: [failing('server', `${url} does not answer (${nameCause(error)})`, todo)], isAnswering: false }
  }
  const readiness = parseReadiness(await answer.text())
  if (readiness === undefined) {
    const seen = `what answers at ${url} is not this version of Rollbook (status ${answer.status})`
    return {
      checks: [failing('server', seen, 'Look at ROLLBOOK_URL, and at what your proxy forwards.')],
      isAnswering: false,
    }
  }
  const checks = [
    ok('server', `${url} answers`),
    checkVersion(readiness.version, ownVersion),
    ...checkClock(answer.headers.get('date'), before, Date.now()),
    ...readiness.parts.map(({ name, state, detail }) =>
      state === 'ok' ? ok(name, 'as it should be') : failing(name, state, detail ?? 'Look at the log of the API.'),
    ),
  ]
  return { checks, isAnswering: true }
}

function checkVersion(version: string, own: string): Check {
  if (version === own) return ok('version', version)
  const todo = 'Use the command of the same release: names of fields may differ.'
  return warn('version', `the server has ${version}, this command ${own}`, todo)
}

/** The header has whole seconds, and tells of a moment between the question and the answer. */
function checkClock(header: string | null, before: number, after: number): Check[] {
  const theirs = Date.parse(header ?? '')
  if (Number.isNaN(theirs)) return []
  const skewMs = theirs < before ? before - theirs : Math.max(0, theirs - after)
  if (skewMs <= mostSkewMs) return [ok('clock', 'the server and this machine agree')]
  const seen = `the server and this machine differ by ${Math.round(skewMs / 1000)} seconds`
  return [warn('clock', seen, 'Let both keep time by NTP; schedules fire by the clock of Temporal.')]
}

function parseReadiness(text: string): Readiness | undefined {
  try {
    // Of an answer that has parts, which no other page has at this address, the server checked the rest.
    const parsed = JSON.parse(text) as Partial<Readiness>
    return Array.isArray(parsed.parts) ? (parsed as Readiness) : undefined // it has parts, see above
  } catch {
    return undefined
  }
}

function nameCause(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return cause instanceof Error ? cause.name : 'no answer'
}
