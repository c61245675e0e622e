import assert from 'node:assert/strict'
import { connect, type AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { withDistrict } from '../../../db/database.ts'
import { until } from '../../harness/until.ts'
import { useApiRig } from '../api-rig.ts'

const rig = useApiRig()

describe('a client that hangs up', () => {
  let server: ServerType
  let port = 0
  beforeAll(async () => {
    server = serve({ fetch: (request) => rig().api.fetch(request), port: 0, hostname: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    port = (server.address() as AddressInfo).port // it listens to a port
  })
  afterAll(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  /** Sends the head and a part of the body, and goes. */
  function sendPart(token: string, path: string, { type, isAnnounced }: { type: string; isAnnounced: boolean }) {
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: localhost',
      `authorization: Bearer ${token}`,
      `content-type: ${type}`,
      isAnnounced ? 'content-length: 900000' : 'transfer-encoding: chunked',
    ]
    const part = '{"slug":"a-b'.padEnd(5000)
    const socket = connect(port, '127.0.0.1', () => {
      const body = isAnnounced ? part : `${part.length.toString(16)}\r\n${part}\r\n`
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
      setTimeout(() => socket.destroy(), 100)
    })
    socket.on('error', () => undefined)
  }

  for (const isAnnounced of [true, false]) {
    for (const what of ['a body of JSON', 'an upload'] as const) {
      it(`is no failure of ours: ${what}, its length ${isAnnounced ? '' : 'not '}announced`, async () => {
        const token = await rig().makeToken()
        const district = await rig().makeDistrict()
        const isUpload = what === 'an upload'
        const path = isUpload ? `/api/districts/${district.slug}/imports?dataType=students` : '/api/districts'
        rig().logLines.length = 0
        sendPart(token, path, { type: isUpload ? 'application/zip' : 'application/json', isAnnounced })
        await until(() => rig().logLines.some((line) => line.includes('"msg":"request"')))
        assert.deepEqual(
          rig().logLines.filter((line) => /"level":(?:40|50|60)|DATABASE_UNAVAILABLE/.test(line)),
          [],
        )
        assert.match(rig().logLines.join(''), /"status":400/)
        const left = await withDistrict(rig().db, district.id, (trx) =>
          trx.selectFrom('archivedFiles').select('id').execute(),
        )
        assert.deepEqual(left, [])
      })
    }
  }
})
