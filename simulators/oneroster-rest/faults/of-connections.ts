import type { FaultKind } from './fault.ts'

/** What happens to the connection rather than to the answer. */
export const faultsOfConnections = {
  slow: { about: 'every page takes a while', numbers: { ms: 1000 }, waitMs: ({ ms }) => ms },
  'connection-cut': { about: 'the connection ends in the middle of a body', page: 2, times: 1, connection: 'cut' },
  'connection-refused': {
    about: 'the provider goes away before a page, and nobody listens for a while',
    page: 2,
    times: 1,
    numbers: { ms: 1000 },
    connection: 'refused',
  },
  'expired-certificate': { about: 'the certificate ran out yesterday; only with TLS', isOfStart: true },
} satisfies Readonly<Record<string, FaultKind>>
