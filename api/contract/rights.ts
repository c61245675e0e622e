import { z } from '@hono/zod-openapi'

/** What a token may do. */
export const rights = [
  'view',
  'viewValues',
  'configure',
  'run',
  'approveHold',
  'resolve',
  'undo',
  'manageAccess',
] as const
export const Right = z.enum(rights).openapi('Right')
export type Right = z.infer<typeof Right>
