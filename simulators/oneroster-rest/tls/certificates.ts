import { generate } from 'selfsigned'

export type Certificates = {
  /** What a client must trust, PEM. */
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

const dayMs = 86_400_000

/** A CA made now and for this alone, and what it says of this machine's loopback. An expired one ran out yesterday. */
export async function makeCertificates(isExpired: boolean): Promise<Certificates> {
  const [notBeforeDate, notAfterDate] = [new Date(Date.now() - 60 * dayMs), new Date(Date.now() + 60 * dayMs)]
  const kind = { keyType: 'ec', algorithm: 'sha256', notBeforeDate } as const
  const ca = await generate([{ name: 'commonName', value: 'Lincoln County test CA' }], {
    ...kind,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const own = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...kind,
    notAfterDate: isExpired ? new Date(Date.now() - dayMs) : notAfterDate,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { ca: ca.cert, certificate: own.cert, key: own.private }
}
