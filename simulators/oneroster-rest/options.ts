import type { DistrictRequest } from '../invented-district/layout.ts'
import type { FaultRequest } from './faults/fault.ts'

export type Version = '1.1' | '1.2'
export type SignatureMethod = 'HMAC-SHA256' | 'HMAC-SHA1'

/** What a provider's administrator decides. */
export type StandInOptions = {
  readonly district: DistrictRequest
  /** 1.1 by default. */
  readonly version?: Version
  /** By default OAuth 1.0a for 1.1 and OAuth 2 for 1.2. A provider takes one of them. */
  readonly auth?: 'oauth1' | 'oauth2'
  /** HMAC-SHA256 by default. */
  readonly signature?: SignatureMethod
  /** A free port by default. Always on loopback. */
  readonly port?: number
  /** HTTPS, with a certificate of a CA made for this start. */
  readonly isTls?: boolean
  /** No page has more rows, whatever `limit` asks for; 10,000 by default. */
  readonly pageCap?: number
  /** `"true"`, as the specification has it and by default, or `true`. */
  readonly booleans?: 'text' | 'json'
  readonly tokenLifetimeSeconds?: number
  /** Last parts of the scopes that the client may have, as `roster-core.readonly`; all by default. */
  readonly scopes?: readonly string[]
  readonly credentials?: { readonly id: string; readonly secret: string }
  readonly faults?: readonly FaultRequest[]
  /** Milliseconds since 1970, for timestamps and expiry. */
  readonly now?: () => number
}

/** What a client must be told, in the form of a connection's settings. */
export type StandInSettings = {
  readonly baseUrl: string
  readonly version: Version
  readonly auth:
    | {
        readonly kind: 'oauth1'
        readonly key: string
        readonly secret: string
        readonly signature: SignatureMethod
      }
    | {
        readonly kind: 'oauth2'
        readonly tokenUrl: string
        readonly clientId: string
        readonly clientSecret: string
        readonly scope: string
      }
  readonly caCertificate?: string
}

/** Gradebook collections have a base of their own in 1.2. */
export const basePaths: Readonly<Record<Version, { readonly rostering: string; readonly gradebook: string }>> = {
  '1.1': { rostering: '/ims/oneroster/v1p1', gradebook: '/ims/oneroster/v1p1' },
  '1.2': { rostering: '/ims/oneroster/rostering/v1p2', gradebook: '/ims/oneroster/gradebook/v1p2' },
}
