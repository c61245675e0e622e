import { describeTag, tagOperation } from './tag-operation.ts'
import { listOperations, takesHeader, type OpenApiDocument, type Operation } from './document.ts'
import { nameOperation } from './name-operation.ts'
import { listProblemAnswers, listProblemStatuses } from './problem-answers.ts'

const idempotencyKey = {
  in: 'header',
  name: 'idempotency-key',
  required: false,
  description:
    'Text of your own. The same request with the same key gets the answer of the first within 24 hours, and nothing is done a second time; another request with it is refused.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
}

/**
 * Adds what holds for every route of a kind, so that no route has to repeat it: a name, a tag, a description, the problems
 * it may answer with, and the headers that every such route takes. What a route says itself stays.
 */
export function completeDocument(document: OpenApiDocument): OpenApiDocument {
  const answers = listProblemAnswers()
  document.components = {
    ...document.components,
    responses: { ...document.components['responses'], ...answers },
    parameters: { ...document.components['parameters'], IdempotencyKey: idempotencyKey },
  }
  const used = new Set<string>()
  for (const { method, path, operation } of listOperations(document)) {
    operation.operationId ??= nameOperation(method, path)
    operation.tags ??= [tagOperation(path)]
    for (const tag of operation.tags) used.add(tag)
    const isOpen = operation.security?.length === 0
    if (method === 'post' && !isOpen && !takesHeader(operation, 'idempotency-key')) {
      operation.parameters = [...(operation.parameters ?? []), { $ref: '#/components/parameters/IdempotencyKey' }]
    }
    for (const status of listProblemStatuses(method, path, operation)) {
      if (`Problem${status}` in answers) {
        operation.responses[status] ??= { $ref: `#/components/responses/Problem${status}` }
      }
    }
    operation.description ??= describe(operation)
  }
  document.tags = [...used].sort().map((name) => ({ name, description: describeTag(name) }))
  return document
}

/** What a stranger needs to know of an operation besides its summary. */
function describe(operation: Operation): string {
  const { summary = '', parameters = [], responses } = operation
  const sentences = [/[.!?]$/.test(summary) ? summary : `${summary}.`]
  const names = new Set(parameters.map((one) => ('name' in one ? one.name.toLowerCase() : '')))
  if (names.has('cursor')) {
    sentences.push('The list comes in pages: ask again with `cursor` as `nextCursor` says, until that is null.')
  }
  if (JSON.stringify(responses['200'] ?? {}).includes('"text/csv"')) {
    sentences.push('With `Accept: text/csv` or `format=csv` the whole list comes as one CSV.')
  }
  if (names.has('if-match')) {
    sentences.push(
      'Send the `ETag` that you read as `If-Match`: if somebody changed it since, you are told what (412) and nothing is done.',
    )
  }
  if (responses['202'] !== undefined) {
    sentences.push('It is accepted before it is carried out; an accepted request is not lost while Temporal is away.')
  }
  return sentences.join(' ')
}
