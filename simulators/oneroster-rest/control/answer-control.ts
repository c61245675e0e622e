import { jsonAnswer, type Answer } from '../answer.ts'
import { readFault } from '../faults/registry.ts'
import type { Provider } from '../provider.ts'

export const controlPath = '/control'
/** The same district as a package: what is imported from it and over REST must be the same. */
export const packagePath = `${controlPath}/package.zip`

/**
 * For whoever runs the stand-in, without credentials: `GET|POST|DELETE /control/faults`, `GET|DELETE
 * /control/requests`, `POST /control/tokens/revoke`, `GET|POST /control/day`.
 */
export function answerControl(provider: Provider, method: string, path: string, body: string): Answer {
  switch (`${method} ${path.slice(controlPath.length)}`) {
    case 'GET /faults':
      return jsonAnswer(200, { faults: provider.faults.list() })
    case 'POST /faults':
      return replaceFaults(provider, body)
    case 'DELETE /faults':
      provider.faults.replace([])
      return jsonAnswer(200, { faults: [] })
    case 'GET /requests':
      return jsonAnswer(200, {
        pages: provider.log.pages(),
        requests: provider.log.requests(),
        tokensGiven: provider.tokens?.given ?? 0,
      })
    case 'DELETE /requests':
      provider.log.clear()
      return jsonAnswer(200, { pages: [], requests: [] })
    case 'POST /tokens/revoke':
      provider.tokens?.revokeAll()
      return jsonAnswer(200, {})
    case 'GET /day':
      return jsonAnswer(200, { day: provider.day })
    case 'POST /day':
      return goToDay(provider, body)
    default:
      return jsonAnswer(404, { error: `There is no ${method} ${path}` })
  }
}

/** `{ "faults": [ { "name": … } ] }`: these, and none of those before. */
function replaceFaults(provider: Provider, body: string): Answer {
  try {
    const { faults } = JSON.parse(body) as { faults?: unknown } // looked at below
    if (!Array.isArray(faults)) throw new Error('The body is no object with a list "faults".')
    const read = faults.map(readFault)
    if (read.some(({ name }) => name === 'expired-certificate')) {
      throw new Error('expired-certificate can be chosen only when the stand-in starts.')
    }
    provider.faults.replace(read)
    return jsonAnswer(200, { faults: provider.faults.list() })
  } catch (error) {
    return jsonAnswer(400, { error: String(error) })
  }
}

function goToDay(provider: Provider, body: string): Answer {
  const [, text] = /^\s*\{\s*"day"\s*:\s*(\d+)\s*\}\s*$/.exec(body) ?? []
  const day = Number(text)
  if (!Number.isSafeInteger(day) || day < 1) return jsonAnswer(400, { error: 'The body is no {"day": n}, n from 1.' })
  provider.goTo(day)
  return jsonAnswer(200, { day })
}
