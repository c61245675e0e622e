import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { z } from 'zod'
import { isPrivateAddress } from '../../platform/private-addresses.ts'

type Block = { readonly network: string; readonly prefix: number; readonly isReachable: boolean }

const Rows = z.array(z.object({ 'Address Block': z.string(), 'Globally Reachable': z.string() }))

/** A registry as IANA publishes it. A cell may name several blocks, and have marks of footnotes. */
function readRegistry(name: string): Block[] {
  const text = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'iana', name), 'utf8')
  return Rows.parse(parse(text, { columns: true })).flatMap((row) =>
    row['Address Block'].split(',').map((cell) => {
      const [network = '', prefix = ''] = cell
        .replace(/\[\d+\]/, '')
        .trim()
        .split('/')
      return { network, prefix: Number(prefix), isReachable: row['Globally Reachable'] === 'True' }
    }),
  )
}

const blocks = ['iana-ipv4-special-registry-1.csv', 'iana-ipv6-special-registry-1.csv'].flatMap(readRegistry)

/** The address as a number, and back; not by what is tested. */
function toNumber(address: string): bigint {
  if (isIP(address) === 4) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [head = '', tail] = address.split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const before = groups(head)
  const after = groups(tail ?? '')
  const all = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}

function toAddress(value: bigint, family: number): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((bits) => String((value >> bits) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 65_535n).toString(16))
  return groups.join(':')
}

function edgesOf({ network, prefix }: Block): { family: number; first: bigint; last: bigint } {
  const family = isIP(network)
  const first = toNumber(network)
  return { family, first, last: first + (1n << BigInt((family === 4 ? 32 : 128) - prefix)) - 1n }
}

describe('an address that is not public', () => {
  it('is every one that a registry of IANA does not call globally reachable', () => {
    assert.equal(blocks.length, 51)
    const closed = blocks.filter(({ isReachable, network }) => !isReachable && network !== '::ffff:0:0')
    for (const block of closed) {
      const { family, first, last } = edgesOf(block)
      for (const value of [first, last]) assert.ok(isPrivateAddress(toAddress(value, family)), block.network)
      fc.assert(fc.property(fc.bigInt(first, last), (value) => isPrivateAddress(toAddress(value, family))))
    }
  })

  it('is none that lies beside such a block', () => {
    // Neighbours that are blocks of the registry themselves, or of multicast and of no use yet, are left out.
    for (const address of [
      ...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
      ...[
        '169.253.255.255',
        '169.255.0.0',
        '172.15.255.255',
        '172.32.0.0',
        '192.0.1.0',
        '192.88.98.255',
        '192.88.100.0',
      ],
      ...['192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '203.0.112.255', '203.0.114.0'],
      ...['223.255.255.255', '168.63.129.15', '168.63.129.17', '8.8.8.8', '192.31.196.1'],
      ...[
        '2001:200::',
        '2001:db7:ffff::1',
        '2001:db9::',
        '2003::',
        '2606:4700:4700::1111',
        '3ffe:ffff::',
        '2620:4f:8000::1',
      ],
    ]) {
      assert.equal(isPrivateAddress(address), false, address)
    }
  })

  it('is that of the metadata of every cloud, and whatever leads to an inner address', () => {
    for (const address of [
      ...['169.254.169.254', '169.254.170.2', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'],
      ...['fd20:ce::254', '::ffff:0:7f00:1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1'],
      ...[
        '64:ff9b::808:808',
        '64:ff9b:1:ffff::1',
        '2002:7f00:1::1',
        '2001:0:7f00:1::',
        'fec0::1',
        'fe80::1%eth0',
        'ff02::1',
      ],
      ...['224.0.0.1', '255.255.255.255', '::', '::1', '4000::1', '1fff::1', 'e000::1', '5f00::1', '0200::1'],
      ...['', 'localhost', '127.1', '1.2.3.4.5', '0x7f000001', 'fe80'],
    ]) {
      assert.equal(isPrivateAddress(address), true, address)
    }
  })
})
