import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict'
import { readConfig } from '../../config.ts'

describe('the settings of a process', () => {
  it('have defaults where a default is safe', () => {
    deepStrictEqual(readConfig(['ROLLBOOK_TASK_QUEUE', 'ROLLBOOK_API_PORT'], {}), {
      ROLLBOOK_TASK_QUEUE: 'rollbook',
      ROLLBOOK_API_PORT: 8020,
    })
  })

  it('are complained of all at once, by name and without their values', () => {
    const environment = { ROLLBOOK_DATABASE_URL: 'mysql://secret', ROLLBOOK_TEMPORAL_ADDRESS: '' }
    throws(
      () => readConfig(['ROLLBOOK_DATABASE_URL', 'ROLLBOOK_TEMPORAL_ADDRESS'], environment),
      (error: Error) =>
        error.message.includes('ROLLBOOK_DATABASE_URL must begin') &&
        error.message.includes('ROLLBOOK_TEMPORAL_ADDRESS is not set') &&
        !error.message.includes('secret'),
    )
  })

  it('take several secret keys, the first of which seals', () => {
    const key = Buffer.alloc(32, 7).toString('base64')
    const { ROLLBOOK_SECRET_KEY: keys } = readConfig(['ROLLBOOK_SECRET_KEY'], {
      ROLLBOOK_SECRET_KEY: `b:${key},a:${key}`,
    })
    strictEqual(keys.map(({ id }) => id).join(), 'b,a')
    throws(() => readConfig(['ROLLBOOK_SECRET_KEY'], { ROLLBOOK_SECRET_KEY: 'a:c2hvcnQ=' }), /32 bytes/)
  })

  it('take one sealing key, which is as long', () => {
    const key = Buffer.alloc(32, 7)
    const read = (text: string) => readConfig(['ROLLBOOK_SEALING_KEY'], { ROLLBOOK_SEALING_KEY: text })
    deepStrictEqual(read(`b:${key.toString('base64')}`).ROLLBOOK_SEALING_KEY, { id: 'b', publicKey: key })
    throws(() => read('a:c2hvcnQ='), /32 bytes/)
  })
})
