import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { derivePair, openFrom } from '../../platform/hpke.ts'
import { deriveSealingKey, SecretBox, type SecretKey } from '../../platform/secret-box.ts'
import { SecretSealer } from '../../platform/secret-sealer.ts'

const oldKey = { id: '2026-01', key: randomBytes(32) }
const newKey = { id: '2026-11', key: randomBytes(32) }
const sealerOf = (key: SecretKey) => new SecretSealer(deriveSealingKey(key))

/** The receiver of RFC 9180, A.1.1: its seed, and the public key that follows from it. */
const seed = Buffer.from('6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037', 'hex')
const publicKey = '3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d'
const text = '{"clientSecret":"apricot"}'

describe('the secret box', () => {
  it('opens what was sealed with the public half, and nothing readable is stored', () => {
    const sealed = sealerOf(newKey).seal(text, 'connection-1')
    assert.equal(sealed.keyId, '2026-11')
    assert.equal(sealed.sealed.includes('apricot'), false)
    assert.equal(new SecretBox([newKey]).open(sealed, 'connection-1'), text)
  })

  it('opens with a former key while the new one seals', () => {
    const before = sealerOf(oldKey).seal('kept', 'a')
    const rotated = new SecretBox([newKey, oldKey])
    assert.equal(rotated.open(before, 'a'), 'kept')
    assert.equal(rotated.open(sealerOf(newKey).seal('kept', 'a'), 'a'), 'kept')
  })

  it('refuses a text that was changed anywhere, cut, moved to another row, or sealed with a key it lacks', () => {
    const box = new SecretBox([newKey])
    const sealed = sealerOf(newKey).seal('kept', 'a')
    for (let place = 0; place < sealed.sealed.length; place++) {
      const changed = Buffer.from(sealed.sealed)
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place)
      assert.throws(() => box.open({ ...sealed, sealed: changed }, 'a'), `byte ${place}`)
    }
    for (const length of [0, 1, 20, 33, 48, sealed.sealed.length - 1]) {
      assert.throws(() => box.open({ ...sealed, sealed: sealed.sealed.subarray(0, length) }, 'a'), `cut to ${length}`)
    }
    assert.throws(() => box.open(sealed, 'b'))
    assert.throws(() => new SecretBox([oldKey]).open(sealed, 'a'), /not configured/)
    assert.throws(() => new SecretBox([{ ...oldKey, id: newKey.id }]).open(sealed, 'a'))
  })

  it('opens what releases sealed that had one key for both', () => {
    const sealed = Buffer.from(
      '0153971cf30b9724a718544419b2dfb733b51b223312ad5f8f93d8af9be0ac92d6319cb889b3deb190b66fa57e4910c1b7d36eca321861',
      'hex',
    )
    const box = new SecretBox([{ id: 'a', key: seed }])
    assert.equal(box.open({ keyId: 'a', sealed }, 'connection-1'), text)
    assert.throws(() => box.open({ keyId: 'a', sealed }, 'connection-2'))
  })

  it('refuses a key of a wrong length, one id twice, and none at all', () => {
    assert.throws(() => new SecretBox([{ id: 'short', key: randomBytes(16) }]), /32 bytes/)
    assert.throws(() => new SecretBox([oldKey, oldKey]), /same id/)
    assert.throws(() => new SecretBox([]), /at least one key/)
    assert.throws(() => new SecretSealer({ id: 'short', publicKey: randomBytes(31) }), /32 bytes/)
  })
})

describe('the sealing of secrets', () => {
  it('seals the same text differently each time', () => {
    const sealer = sealerOf(newKey)
    assert.notDeepEqual(sealer.seal('same', 'a').sealed, sealer.seal('same', 'a').sealed)
  })

  it('is HPKE: keys follow from a seed as in RFC 9180, and what another implementation sealed is opened', () => {
    const pair = derivePair(seed)
    assert.equal(pair.publicKey.toString('hex'), publicKey)
    const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex')
    assert.equal(privateKey, '4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8')
    // Sealed by Python's cryptography 48.0.0: X25519, HKDF-SHA256, AES-256-GCM, base mode, info "connection-1".
    const sealed = Buffer.from(
      '2cc3a11343675fb6f6444c09aa47de00af75a33867f8bbd05bab7cc433a0223683b776f44505b4291c665cc7eb751a00c332a0928d80282dd0efefa21bfbe253a4e06157c22be637b49a',
      'hex',
    )
    assert.equal(openFrom(pair, sealed, 'connection-1'), text)
  })
})
