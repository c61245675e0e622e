import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunDocument } from '../../api/contract/run.ts'

export type Answer = { readonly status?: number; readonly json?: unknown; readonly text?: string }
export type SeenRequest = { readonly method: string; readonly path: string; readonly body: string }

/** An HTTP server on loopback that answers what the test says, in order or by function; the network edge of the CLI. */
export async function startStandInServer(answer: (request: SeenRequest, at: number) => Answer) {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const seenRequest = { method: request.method ?? '', path: request.url ?? '', body }
      seen.push(seenRequest)
      const { status = 200, json, text } = answer(seenRequest, seen.length - 1)
      const type = json === undefined ? 'text/csv' : status >= 400 ? 'application/problem+json' : 'application/json'
      response.writeHead(status, { 'content-type': type, connection: 'close' })
      response.end(json === undefined ? (text ?? '') : JSON.stringify(json))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array)) // a request yields bytes
  return Buffer.concat(chunks).toString('utf8')
}

export const runId = '01930000-0000-7000-8000-000000000001'

/** A run's document as the API gives it: completed, nothing special. */
export function runDocument(changes: Partial<RunDocument> = {}): RunDocument {
  return {
    runId,
    district: 'lincoln-county',
    connection: '01930000-0000-7000-8000-0000000000c1',
    dataType: 'students',
    test: false,
    state: 'completed',
    kind: 'import',
    statusText: 'Import Completed',
    counts: {
      read: 180,
      rejected: 0,
      skipped: 0,
      created: 180,
      updated: 0,
      deactivated: 0,
      reactivated: 0,
      unchanged: 0,
      duplicates: 0,
    },
    findings: { block: 0, error: 0, warning: 0, info: 0, byRule: {} },
    hold: null,
    startedAt: '2026-11-22T08:00:00.000Z',
    finishedAt: '2026-11-22T08:00:01.000Z',
    undoUntil: null,
    workflowId: `import/lincoln-county/students/${runId}`,
    input: { sha256: 'ab'.repeat(32), bytes: 1024 },
    createdAt: '2026-11-22T08:00:00.000Z',
    requestedBy: 'test',
    rerunOf: null,
    undoOf: null,
    skippedSchools: [],
    logRemovedAfterDays: null,
    planned: null,
    progress: null,
    trouble: null,
    closedReason: null,
    alerts: [],
    failure: null,
    ...changes,
  }
}

export function heldRun(): RunDocument {
  const example = { recordId: '01930000-0000-7000-8000-0000000000e1', sisId: 'S-1' }
  return runDocument({
    state: 'held',
    statusText: 'Held for Review',
    counts: { ...runDocument().counts, read: 104, created: 0, unchanged: 104 },
    finishedAt: null,
    hold: {
      limits: [
        {
          limit: 'deactivations',
          scope: 'district',
          schoolId: null,
          value: 0.42,
          max: 0.1,
          count: 76,
          schoolName: null,
          schoolSourceKey: null,
          examples: [example],
        },
        {
          limit: 'deactivations',
          scope: 'school',
          schoolId: '01930000-0000-7000-8000-0000000000f1',
          value: 1,
          max: 0.1,
          count: 40,
          schoolName: 'Franklin High',
          schoolSourceKey: 'org-7',
          examples: [{ ...example, values: { sisId: 'S-1', givenName: 'Ada', familyName: 'Quist' } }],
        },
      ],
    },
  })
}
