import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'

/**
 * The steps of HPKE (RFC 9180) that both sides of a sealed text take: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
 * AES-256-GCM in base mode. Whoever has the public half seals, and only the private half opens.
 */
export const keyBytes = 32
const tagBytes = 16
const nonceBytes = 12

const kemSuite = Buffer.concat([Buffer.from('KEM'), Buffer.of(0, 0x20)])
const suite = Buffer.concat([Buffer.from('HPKE'), Buffer.of(0, 0x20, 0, 1, 0, 2)])
const version = Buffer.from('HPKE-v1')
const nothing = Buffer.alloc(0)

function extract(suiteId: Buffer, salt: Buffer, label: string, material: Buffer): Buffer {
  return createHmac('sha256', salt)
    .update(Buffer.concat([version, suiteId, Buffer.from(label), material]))
    .digest()
}

/** Up to 32 bytes, which is one block of HKDF and all that is ever asked for here. */
function expand(suiteId: Buffer, secret: Buffer, label: string, info: Buffer, length: number): Buffer {
  return createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.of(0, length), version, suiteId, Buffer.from(label), info, Buffer.of(1)]))
    .digest()
    .subarray(0, length)
}

/** DER without what varies: the 32 bytes of the key follow. */
const privateHead = Buffer.from('302e020100300506032b656e04220420', 'hex')
const publicHead = Buffer.from('302a300506032b656e032100', 'hex')

function toPublicKey(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([publicHead, bytes]), format: 'der', type: 'spki' })
}

function toBytes(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(publicHead.length)
}

/** The pair of a secret of 32 bytes, the same each time (DeriveKeyPair of the RFC). */
export function derivePair(secret: Uint8Array): { readonly privateKey: KeyObject; readonly publicKey: Buffer } {
  const seed = extract(kemSuite, nothing, 'dkp_prk', Buffer.from(secret))
  const bytes = expand(kemSuite, seed, 'sk', nothing, keyBytes)
  const key = Buffer.concat([privateHead, bytes])
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: toBytes(createPublicKey(privateKey)) }
}

type Schedule = { readonly key: Buffer; readonly nonce: Buffer }

function deriveSchedule(shared: Buffer, enclosed: Buffer, publicKey: Buffer, info: Buffer): Schedule {
  const seed = extract(kemSuite, nothing, 'eae_prk', shared)
  const secret = expand(kemSuite, seed, 'shared_secret', Buffer.concat([enclosed, publicKey]), keyBytes)
  const baseMode = Buffer.of(0)
  const context = Buffer.concat([
    baseMode,
    extract(suite, nothing, 'psk_id_hash', nothing),
    extract(suite, nothing, 'info_hash', info),
  ])
  const scheduled = extract(suite, secret, 'secret', nothing)
  return {
    key: expand(suite, scheduled, 'key', context, keyBytes),
    nonce: expand(suite, scheduled, 'base_nonce', context, nonceBytes),
  }
}

/** One text to whoever has the private half; `info` has to be named again to open it. */
export function sealTo(publicKey: Buffer, text: string, info: string): Buffer {
  const once = generateKeyPairSync('x25519')
  const enclosed = toBytes(once.publicKey)
  const shared = diffieHellman({ privateKey: once.privateKey, publicKey: toPublicKey(publicKey) })
  const { key, nonce } = deriveSchedule(shared, enclosed, publicKey, Buffer.from(info))
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([enclosed, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Throws where it was changed, sealed for another key or with another `info`. */
export function openFrom(
  { privateKey, publicKey }: ReturnType<typeof derivePair>,
  sealed: Buffer,
  info: string,
): string {
  const enclosed = sealed.subarray(0, keyBytes)
  const body = sealed.subarray(keyBytes, -tagBytes)
  const shared = diffieHellman({ privateKey, publicKey: toPublicKey(enclosed) })
  const { key, nonce } = deriveSchedule(shared, enclosed, publicKey, Buffer.from(info))
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAuthTag(
    sealed.subarray(-tagBytes),
  )
  return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
}
