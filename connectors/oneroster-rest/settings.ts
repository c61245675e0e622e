import { isIP } from 'node:net'
import { z } from 'zod'

const address = z.url({ protocol: /^https?$/ })

/** Settings of a `oneroster-rest` connection. They hold secrets: all are sealed. */
export const OneRosterRestSettings = z.strictObject({
  /** All that precedes the name of a collection: `https://…/ims/oneroster/v1p1`, `https://…/ims/oneroster/rostering/v1p2`. */
  baseUrl: address,
  version: z.enum(['1.1', '1.2']),
  /** Of line items and results in 1.2; by itself the base with `gradebook` in place of `rostering`. */
  gradebookUrl: address.optional(),
  auth: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('oauth1'),
      key: z.string().min(1),
      secret: z.string().min(1),
      signature: z.enum(['HMAC-SHA256', 'HMAC-SHA1']).default('HMAC-SHA256'),
    }),
    z.strictObject({
      kind: z.literal('oauth2'),
      tokenUrl: address,
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
      /** Several with a space between them; without it none is asked for. */
      scope: z.string().optional(),
      /** Id and secret in the form instead of a Basic header. */
      sendsForm: z.boolean().optional(),
    }),
    z.strictObject({ kind: z.literal('bearer'), token: z.string().min(1) }),
  ]),
  /** PEM of a CA that is not publicly known. */
  caCertificate: z.string().optional(),
  /** Rows asked for at once; the provider may give fewer. */
  pageSize: z.number().int().min(1).max(10_000).default(5_000),
  /** Between whole readings the provider is asked for what changed alone, if it is proved to answer that. */
  changes: z.strictObject({ wholeEveryDays: z.number().int().min(1).max(7).default(7) }).optional(),
  /** Between two requests, milliseconds. */
  pauseMs: z.number().int().min(0).max(60_000).default(100),
})
export type OneRosterRestSettings = z.infer<typeof OneRosterRestSettings>

/** Undefined where the settings may be used: names of people go over the network only enciphered. */
export function findAddressProblem({ baseUrl, gradebookUrl, auth }: OneRosterRestSettings): string | undefined {
  const all = [baseUrl, gradebookUrl, auth.kind === 'oauth2' ? auth.tokenUrl : undefined]
  const isOpen = all.some((text) => text !== undefined && isClear(new URL(text)))
  return isOpen ? 'An address of a provider begins with https; http is only for an address of this network.' : undefined
}

/** An address in place of a name is looked at by whoever connects: a public one needs https all the same. */
function isClear({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return false
  return !(hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
}
