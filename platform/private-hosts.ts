import { BlockList, isIP } from 'node:net'
import { isPrivateAddress } from './private-addresses.ts'

/** Whether a host may be connected to, by the name it was given under and the address that the name led to. */
export type HostGate = (host: string, address: string) => boolean

/** What ROLLBOOK_PRIVATE_HOSTS may hold: a name, an address, or a network as `172.20.0.0/16`. */
export function isPrivateHostEntry(entry: string): boolean {
  const [address = '', prefix, ...more] = entry.split('/')
  if (prefix === undefined) return isIP(entry) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(entry)
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
}

/**
 * Lets through every address of the public internet, and of the others those that are listed: by the name that leads
 * there, or by address or network. Entries are those that `isPrivateHostEntry` takes.
 */
export function createHostGate(entries: readonly string[]): HostGate {
  const names = new Set<string>()
  const listed = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address)
    if (family === 0) names.add(plainName(entry))
    else listed.addSubnet(address, Number(prefix ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6')
  }
  return (host, address) => {
    if (!isPrivateAddress(address)) return true
    const [plain = ''] = address.split('%')
    const family = isIP(plain)
    if (family === 0) return false
    return names.has(plainName(host)) || listed.check(plain, family === 4 ? 'ipv4' : 'ipv6')
  }
}

/** A name is the same in capitals, and with the dot that ends it. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
