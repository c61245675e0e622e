/** What this folder reads and writes of an OpenAPI 3.1 document. */
export type Parameter = {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: unknown
}
export type Reference = { readonly $ref: string }

export type Operation = {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  security?: unknown[]
  parameters?: (Parameter | Reference)[]
  requestBody?: unknown
  responses: Record<string, unknown>
}

export type OpenApiDocument = {
  readonly info: { title: string; version: string; description?: string }
  readonly paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
  tags?: { name: string; description: string }[]
}

/** Every operation with where it is, in the order of the document. */
export function listOperations({ paths }: Pick<OpenApiDocument, 'paths'>): {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  )
}

/** Whether an operation takes a header of this name, in small letters. */
export function takesHeader({ parameters = [] }: Operation, name: string): boolean {
  return parameters.some((one) => 'in' in one && one.in === 'header' && one.name.toLowerCase() === name)
}
