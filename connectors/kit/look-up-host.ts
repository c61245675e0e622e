import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Surroundings } from '../connector.ts'

/** The host is no public one, nor one of those that the installation lists. */
export class HostRefusedError extends Error {
  override readonly name = 'HostRefusedError'
}

/** Throws HostRefusedError for an address, written in place of a name, that may not be connected to. */
export function checkHost(host: string, { mayReach }: Surroundings): void {
  if (isIP(host) !== 0 && mayReach?.(host, host) !== true) throw new HostRefusedError('the address may not be reached')
}

/**
 * Looks a name up for a socket, and fails with HostRefusedError where it leads to an address that may not be connected
 * to; one of several is enough, for which would be taken is chance. What was looked at is what is connected to.
 */
export function lookUpWithin({ mayReach }: Surroundings): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '')
      } else if (addresses.length === 0 || addresses.some(({ address }) => mayReach?.(name, address) !== true)) {
        callback(new HostRefusedError('the name leads to an address that may not be reached'), '')
      } else if (options.all === true) {
        callback(null, addresses)
      } else {
        callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
      }
    })
  }
}
