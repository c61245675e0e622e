import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigurationDocument } from '../domain/mapping/configuration-document.ts'

/** Where the published schema lies, from the root of the repository. */
export const schemaPath = join('docs', 'reference', 'configuration.schema.json')

/** The JSON Schema of an exported configuration, as the file has it. What has a default may be left out. */
export function buildConfigurationSchema(): string {
  const schema = z.toJSONSchema(ConfigurationDocument, { io: 'input' })
  const named = { $id: 'urn:rollbook:configuration:1', title: 'A Rollbook import configuration', ...schema }
  return `${JSON.stringify(named, null, 2)}\n`
}

// `node tools/write-configuration-schema.ts` writes it anew after a change of the zod schema.
if (process.argv[1] === import.meta.filename) {
  await writeFile(join(import.meta.dirname, '..', schemaPath), buildConfigurationSchema())
}
