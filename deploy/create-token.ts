import { randomBytes } from 'node:crypto'
import { rights } from '../api/contract/rights.ts'
import { readConfig } from '../config.ts'
import { createDatabase } from '../db/database.ts'
import { insertToken } from '../db/access/tokens.ts'

/**
 * `node deploy/create-token.ts <name> [right …]` makes an API token, with every right when none is named, and prints
 * it. This is the only moment at which it can be read: the database keeps its hash.
 */
const [name, ...wanted] = process.argv.slice(2)
const unknown = wanted.filter((right) => !rights.some((known) => known === right))
if (name === undefined || unknown.length > 0) {
  process.stderr.write(`usage: node deploy/create-token.ts <name> [right …]\nrights: ${rights.join(' ')}\n`)
  process.exit(2)
}
const { ROLLBOOK_APP_DATABASE_URL: url } = readConfig(['ROLLBOOK_APP_DATABASE_URL'])
const db = createDatabase({ url, maxConnections: 1 })
try {
  const token = randomBytes(32).toString('base64url')
  await insertToken(db, { token, name, rights: wanted.length > 0 ? wanted : [...rights] })
  process.stdout.write(`${token}\n`)
} finally {
  await db.destroy()
}
