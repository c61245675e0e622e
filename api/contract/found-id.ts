import { z } from '@hono/zod-openapi'

export const idKinds = ['run', 'case'] as const

/** A thing whose id begins as it was asked for. */
export const FoundId = z.object({ id: z.uuid(), district: z.string() }).openapi('FoundId')
export type FoundId = z.infer<typeof FoundId>
