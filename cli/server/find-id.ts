import type { FoundId } from '../../api/contract/found-id.ts'
import type { ApiClient } from './api-client.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'

const wholeId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
const beginning = /^[\da-f][\da-f-]{3,}$/i

/** The run that is meant by its id or by a beginning of it that no other has. Throws a CommandFailure that says which have. */
export function findRunId(api: ApiClient, text: string): Promise<string> {
  return findId(api, 'run', text)
}

/** Likewise for a duplicate case. */
export function findCaseId(api: ApiClient, text: string): Promise<string> {
  return findId(api, 'case', text)
}

async function findId(api: ApiClient, kind: 'run' | 'case', text: string): Promise<string> {
  // A whole id costs no question; what is no part of one is for the server to refuse.
  if (wholeId.test(text)) return text
  if (!beginning.test(text)) {
    throw new CommandFailure(
      `"${text}" is no id of a ${kind}: give it whole, or at least its first four characters`,
      exitCodes.wrongUsage,
    )
  }
  const { items } = await api.get<{ items: FoundId[] }>('/api/ids', { kind, prefix: text })
  const [first, second] = items
  if (first === undefined)
    throw new CommandFailure(`no ${kind} has an id that begins with "${text}"`, exitCodes.wrongUsage)
  if (second === undefined) return first.id
  const known = items.map(({ id, district }) => `\n  ${id}  ${district}`).join('')
  throw new CommandFailure(
    `several ${kind}s have ids that begin with "${text}"; give more of the one you mean:${known}`,
    exitCodes.wrongUsage,
  )
}
