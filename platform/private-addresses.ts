import { BlockList, isIP } from 'node:net'

/**
 * Networks that are not the public internet, by IANA's registries of special-purpose addresses. A server that posts to
 * where others tell it to must not reach these: the metadata service of a cloud and the databases of the machine live
 * there. Of an IPv4 network the zeros at the end are left out. An IPv4 address mapped into IPv6 counts as what it is; translated ones (NAT64, 6to4, Teredo) are closed as a whole.
 */
const networks: readonly (readonly [network: string, prefix: number])[] = [
  ['0', 8],
  ['10', 8],
  ['100.64', 10],
  ['127', 8],
  // A service of Azure's machines, on an address that belongs to nobody else.
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
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

const closed = new BlockList()
for (const [network, prefix] of networks) {
  if (network.includes(':')) closed.addSubnet(network, prefix, 'ipv6')
  else closed.addSubnet([...network.split('.'), '0', '0', '0'].slice(0, 4).join('.'), prefix, 'ipv4')
}

/** True for an address that is not on the public internet, and for anything that is no address. */
export function isPrivateAddress(address: string): boolean {
  const [plain = ''] = address.split('%')
  const family = isIP(plain)
  return family === 0 || closed.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}
