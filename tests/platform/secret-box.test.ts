import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { SecretBox } from '../../platform/secret-box.ts'

const oldKey = { id: '2026-01', key: randomBytes(32) }
const newKey = { id: '2026-11', key: randomBytes(32) }

describe('the secret box', () => {
  it('opens what it sealed, and stores nothing readable', () => {
    const box = new SecretBox([newKey])
    const sealed = box.seal('{"clientSecret":"apricot"}', 'connection-1')
    assert.equal(sealed.keyId, '2026-11')
    assert.equal(sealed.sealed.includes('apricot'), false)
    assert.equal(box.open(sealed, 'connection-1'), '{"clientSecret":"apricot"}')
  })

  it('seals the same text differently each time', () => {
    const box = new SecretBox([newKey])
    assert.notDeepEqual(box.seal('same', 'a').sealed, box.seal('same', 'a').sealed)
  })

  it('opens with a former key while sealing with the new one', () => {
    const before = new SecretBox([oldKey]).seal('kept', 'a')
    const rotated = new SecretBox([newKey, oldKey])
    assert.equal(rotated.open(before, 'a'), 'kept')
    assert.equal(rotated.seal('kept', 'a').keyId, '2026-11')
  })

  it('refuses a text that was changed, moved to another row, or sealed with a key it lacks', () => {
    const box = new SecretBox([newKey])
    const sealed = box.seal('kept', 'a')
    const changed = Buffer.from(sealed.sealed)
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1)
    assert.throws(() => box.open({ ...sealed, sealed: changed }, 'a'))
    assert.throws(() => box.open(sealed, 'b'))
    assert.throws(() => new SecretBox([oldKey]).open(sealed, 'a'), /not configured/)
  })

  it('refuses a key of a wrong length, and none at all', () => {
    assert.throws(() => new SecretBox([{ id: 'short', key: randomBytes(16) }]), /32 bytes/)
    assert.throws(() => new SecretBox([]), /at least one key/)
  })
})
