import { BlockList, isIP } from 'node:net'

/**
 * Networks that are not the public internet, by IANA's registries of special-purpose addresses, which a test compares
 * (tests/fixtures/iana/ has them). A server that connects to where others tell it to must not reach these: the metadata service
 * of a cloud and the databases of the machine live there. Of an IPv4 network the zeros at the end are left out.
 */
const closedNetworks: readonly (readonly [network: string, prefix: number])[] = [
  ['0', 8],
  ['10', 8],
  ['100.64', 10],
  ['127', 8],
  // In no registry: a service of Azure's machines, on an address that belongs to nobody else.
  ['168.63.129.16', 32],
  ['169.254', 16],
  ['172.16', 12],
  ['192', 24],
  ['192.0.2', 24],
  ['192.88.99', 24],
  ['192.168', 16],
  ['198.18', 15],
  ['198.51.100', 24],
  ['203.0.113', 24],
  ['224', 4],
  ['240', 4],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const closed = new BlockList()
for (const [network, prefix] of closedNetworks) {
  if (network.includes(':')) closed.addSubnet(network, prefix, 'ipv6')
  else closed.addSubnet([...network.split('.'), '0', '0', '0'].slice(0, 4).join('.'), prefix, 'ipv4')
}

/**
 * Of IPv6 only this has ever been given out; what lies outside is local, translated (NAT64) or nobody's yet, and stays closed
 * without being named. An IPv4 address that is written as IPv6 counts as what it is.
 */
const open = new BlockList()
open.addSubnet('2000::', 3, 'ipv6')
open.addSubnet('::ffff:0:0', 96, 'ipv6')

/** True for an address that is not on the public internet, and for anything that is no address. */
export function isPrivateAddress(address: string): boolean {
  const [plain = ''] = address.split('%')
  const family = isIP(plain)
  if (family === 4) return closed.check(plain, 'ipv4')
  return family === 0 || !open.check(plain, 'ipv6') || closed.check(plain, 'ipv6')
}
