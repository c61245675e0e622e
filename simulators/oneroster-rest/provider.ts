import type { Readable } from 'node:stream'
import { inventDistrict } from '../invented-district/invent-district.ts'
import { writeDistrict } from '../oneroster-package/write-district.ts'
import { OAuth1Verifier, type SignedRequest } from './auth/oauth1.ts'
import { TokenOffice } from './auth/oauth2.ts'
import type { Need } from './auth/scopes.ts'
import { Catalog } from './collections/catalog.ts'
import { makeShelves } from './collections/shelf.ts'
import { RequestLog } from './control/request-log.ts'
import { ArmedFaults } from './faults/armed-faults.ts'
import { basePaths, type StandInOptions, type StandInSettings, type Version } from './options.ts'

export const tokenPath = '/oauth/token'
const defaultPageCap = 10_000
const defaultTokenLifetimeSeconds = 3600

/** One provider with its district, its keys and what it remembers of its clients. */
export class Provider {
  readonly version: Version
  readonly pageCap: number
  readonly tokens: TokenOffice | undefined
  readonly faults: ArmedFaults
  readonly log = new RequestLog()
  readonly now: () => number
  catalog: Catalog
  #day: number
  readonly #options: StandInOptions
  readonly #origin: string
  readonly #credentials: { readonly id: string; readonly secret: string }
  readonly #signatures: OAuth1Verifier | undefined

  /** `origin` is scheme, host and port, as clients see them. */
  constructor(options: StandInOptions, origin: string, credentials: { id: string; secret: string }) {
    this.version = options.version ?? '1.1'
    this.pageCap = options.pageCap ?? defaultPageCap
    this.now = options.now ?? Date.now
    this.#options = options
    this.#origin = origin
    this.#credentials = credentials
    const auth = options.auth ?? (this.version === '1.1' ? 'oauth1' : 'oauth2')
    if (auth === 'oauth1') {
      this.#signatures = new OAuth1Verifier(credentials, options.signature ?? 'HMAC-SHA256', this.now)
    } else {
      this.tokens = new TokenOffice(this.version, credentials, {
        lifetimeSeconds: options.tokenLifetimeSeconds ?? defaultTokenLifetimeSeconds,
        scopes: options.scopes,
        now: this.now,
      })
    }
    this.faults = new ArmedFaults(options.faults ?? [])
    this.#day = options.district.day ?? 1
    this.catalog = this.#open()
  }

  get day(): number {
    return this.#day
  }

  /** The same district on another day, from the next request on. */
  goTo(day: number): void {
    this.#day = day
    this.catalog = this.#open()
  }

  /** The district of this day as a package, ZIP, in the version that is served. */
  package(): Readable {
    return writeDistrict({ ...this.#options.district, day: this.#day, version: this.version })
  }

  /** Throws a Refusal. */
  authorize(request: SignedRequest, need: Need): void {
    this.#signatures?.verify(request)
    this.tokens?.verify(request.authorization, need)
  }

  settings(caCertificate: string | undefined, scope: string): StandInSettings {
    const { id, secret } = this.#credentials
    return {
      baseUrl: this.#origin + basePaths[this.version].rostering,
      version: this.version,
      auth:
        this.tokens === undefined
          ? { kind: 'oauth1', key: id, secret, signature: this.#options.signature ?? 'HMAC-SHA256' }
          : { kind: 'oauth2', tokenUrl: this.#origin + tokenPath, clientId: id, clientSecret: secret, scope },
      ...(caCertificate === undefined ? {} : { caCertificate }),
    }
  }

  #open(): Catalog {
    const district = inventDistrict({ ...this.#options.district, day: this.#day })
    const { rostering, gradebook } = basePaths[this.version]
    const bases = { rostering: this.#origin + rostering, gradebook: this.#origin + gradebook }
    return new Catalog(district, makeShelves(district, this.version, this.#options.booleans, bases), this.version)
  }
}
