import { z } from '@hono/zod-openapi'

/** Query of every list: `limit` items a page, from `cursor`, which is opaque and comes from the page before. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(1000).optional(),
})

/** A page of a list. `nextCursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null }
