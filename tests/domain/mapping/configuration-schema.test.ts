import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildConfigurationSchema, schemaPath } from '../../../tools/write-configuration-schema.ts'

describe('the published schema of a configuration', () => {
  it('is what the code reads; `node tools/write-configuration-schema.ts` writes it anew', async () => {
    const published = await readFile(join(import.meta.dirname, '..', '..', '..', schemaPath), 'utf8')
    assert.deepEqual(JSON.parse(published), JSON.parse(buildConfigurationSchema()))
  })
})
