import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findServerAddress } from '../../cli/server-address.ts'
import { makeFolder } from './make-folder.ts'

describe('the server a command speaks to', () => {
  it('is the one of the environment', () => {
    const environment = { ROLLBOOK_URL: 'http://127.0.0.1:1', ROLLBOOK_TOKEN: 't' }
    assert.deepEqual(findServerAddress(environment, []), { url: 'http://127.0.0.1:1', token: 't' })
  })

  it('is otherwise the one that a running stack wrote down', () => {
    const folder = makeFolder()
    mkdirSync(join(folder, '.rollbook'))
    writeFileSync(join(folder, '.rollbook', 'env'), 'ROLLBOOK_URL=http://127.0.0.1:2\nROLLBOOK_TOKEN="secret"\n')
    assert.deepEqual(findServerAddress({}, [makeFolder(), folder]), {
      url: 'http://127.0.0.1:2',
      token: 'secret',
    })
  })

  it('is said to be unknown when nobody names one', () => {
    assert.throws(() => findServerAddress({}, [makeFolder()]), /npm start/)
  })
})
