import { failures } from '../../domain/errors.ts'
import { failureStatus, refusals } from '../failures.ts'
import { takesHeader, type Operation } from './document.ts'

/** For each status that is a problem, an answer that lists its codes: `#/components/responses/Problem409`. */
export function listProblemAnswers(): Record<string, unknown> {
  const codes = new Map<number, string[]>()
  const add = (status: number, code: string, words: string): void => {
    codes.set(status, [...(codes.get(status) ?? []), `\`${code}\`: ${words}`])
  }
  for (const [code, { status, title }] of Object.entries(refusals)) add(status, code, title)
  for (const [code, { text }] of Object.entries(failures)) {
    // Every code of the table has a status; the compiler checks it.
    add(failureStatus[code as keyof typeof failureStatus], code, text)
  }
  const answers = [...codes].map(([status, lines]) => [
    `Problem${status}`,
    {
      description: lines.join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      ...(status === 429 && { headers: { 'retry-after': { description: 'In seconds', schema: { type: 'integer' } } } }),
    },
  ])
  return Object.fromEntries(answers) as Record<string, unknown> // the pairs of the lines above
}

const changing: ReadonlySet<string> = new Set(['post', 'put', 'patch', 'delete'])
/** Where something is asked for that is kept for so many days only. */
const ofLimitedLife = /\/runs\/\{\w+\}\/|\/cases\/|\/imports$|^\/api\/runs$|\/uploads/
/** Where a value is well formed and still cannot be taken. */
const judged = /\/connections|\/webhooks|\/uploads|\/imports|\/configurations|\/drafts|\/records|\/schools/

/** The statuses of problems that an operation may answer with besides those that its route declares itself. */
export function listProblemStatuses(method: string, path: string, operation: Operation): number[] {
  // Whoever needs no token hears no refusal: health.
  if (operation.security?.length === 0) return []
  const isChanging = changing.has(method)
  const namesThing = path.includes('{') || operation.requestBody !== undefined
  const asksDistrict = (operation.parameters ?? []).some((one) => 'name' in one && one.name === 'district')
  const statuses: [number, boolean][] = [
    [400, true],
    [401, true],
    [403, true],
    [404, namesThing || asksDistrict],
    [409, isChanging],
    [410, ofLimitedLife.test(path)],
    [412, takesHeader(operation, 'if-match')],
    [413, operation.requestBody !== undefined],
    [422, isChanging && judged.test(path)],
    [428, takesHeader(operation, 'if-match')],
    [429, true],
    [503, true],
  ]
  return statuses.filter(([, isMet]) => isMet).map(([status]) => status)
}
