import { z } from '@hono/zod-openapi'

/** A yes or no in a query: `true`, `1` or the bare name is yes; absent, `false` or `0` is no. */
export const Flag = z
  .enum(['', 'true', '1', 'false', '0'])
  .optional()
  .transform((text) => text !== undefined && text !== 'false' && text !== '0')
  .openapi({ type: 'boolean' })
