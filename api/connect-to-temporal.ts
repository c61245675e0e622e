import type { Client } from '@temporalio/client'

type TemporalAddress = {
  readonly address: string
  readonly namespace: string
  /** For Temporal Cloud; a key is sent only over TLS. */
  readonly apiKey: string | undefined
  readonly isTls: boolean
}

/** Connects within five seconds or throws. */
export async function connectToTemporal({ address, namespace, apiKey, isTls }: TemporalAddress): Promise<Client> {
  const { Client, Connection } = await import('@temporalio/client')
  const connection = await Connection.connect({
    address,
    connectTimeout: 5000,
    tls: isTls || apiKey !== undefined,
    ...(apiKey === undefined ? {} : { apiKey }),
  })
  return new Client({ connection, namespace })
}
