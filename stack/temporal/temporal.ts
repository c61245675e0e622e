import { mkdirSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runSearchAttributes } from '../../domain/derive-run-start.ts'
import { findFreePort } from '../processes/free-port.ts'
import type { ChildPlan } from '../processes/supervisor.ts'

export type EmbeddedTemporal = {
  readonly address: string
  readonly port: number
  readonly uiPort: number
  readonly uiUrl: string
  readonly plan: ChildPlan
}

/** What the flag of the CLI calls the types that the API of Temporal calls KEYWORD and INT. */
const flagTypes = { KEYWORD: 'Keyword', INT: 'Int' } as const

/**
 * Chooses the ports of a Temporal dev server that keeps its state in a file of `directory`, so that runs and their
 * waits survive a restart. The UI is served too.
 */
export async function prepareTemporal(options: {
  readonly directory: string
  readonly executable: string
  readonly preferredPorts?: { readonly port: number | undefined; readonly uiPort: number | undefined }
}): Promise<EmbeddedTemporal> {
  mkdirSync(options.directory, { recursive: true })
  const port = await findFreePort(options.preferredPorts?.port)
  const uiPort = await findFreePort(options.preferredPorts?.uiPort)
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
    ...['--db-filename', join(options.directory, 'temporal.sqlite')],
    // 20 s instead of 39 s for 200 workflows; `normal` is safe against a kill, and with WAL against corruption.
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    ...['--log-format', 'json', '--log-level', 'error'],
    '--ui-disable-news-fetch',
    ...['--dynamic-config-value', 'frontend.enableServerVersionCheck=false'],
    ...Object.entries(runSearchAttributes).flatMap(([name, type]) => [
      '--search-attribute',
      `${name}=${flagTypes[type]}`,
    ]),
  ]
  return {
    address: `127.0.0.1:${port}`,
    port,
    uiPort,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    plan: {
      name: 'temporal',
      command: () => ({ file: options.executable, args, cwd: options.directory }),
      waitUntilReady: (_lines, signal) => waitUntilItServes(`127.0.0.1:${port}`, port, signal),
      stopSignal: 'SIGTERM',
      stopGraceMs: 5000,
      // It looks for free ports for its parts before it takes them, and dies where another was quicker.
      furtherStarts: 2,
      orphanSignal: 'SIGTERM',
    },
  }
}

/** The port opens before the namespace is there, so a real question is asked. */
async function waitUntilItServes(address: string, port: number, signal: AbortSignal): Promise<void> {
  // Loading the client takes most of a second, during which the server starts.
  const { Connection } = await import('@temporalio/client')
  for (;;) {
    signal.throwIfAborted()
    try {
      await connectOnce(port)
      const connection = await Connection.connect({ address, connectTimeout: 2000 })
      try {
        await connection.workflowService.describeNamespace({ namespace: 'default' })
        return
      } finally {
        await connection.close()
      }
    } catch {
      await sleep(100, undefined, { signal })
    }
  }
}

function connectOnce(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
}
