import type { z } from '@hono/zod-openapi'
import { Problem } from '../contract/problem.ts'

/** The JSON answer of a route, as the OpenAPI document lists it. */
export function jsonAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

/** A list that comes as JSON pages or, asked for by `Accept: text/csv` or `format=csv`, as one CSV. */
export function listAnswer<Schema extends z.ZodType>(description: string, page: Schema, csv: z.ZodType) {
  return { description, content: { 'application/json': { schema: page }, 'text/csv': { schema: csv } } }
}

/** Every refusal and failure of a route. */
export const problemAnswer = {
  description: 'A refusal, or a failure; docs/reference/failures.md lists the codes',
  content: { 'application/problem+json': { schema: Problem } },
}
