import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.ts'

/**
 * Brings a database to the newest schema, as the owner role, by the same command that production uses. Throws with
 * what the command printed.
 */
export function migrateDatabase(ownerUrl: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [join(root, 'db/main.ts'), 'migrate'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ROLLBOOK_DATABASE_URL: ownerUrl },
    })
    let output = ''
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    started.once('error', reject)
    started.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The database could not be migrated (code ${code}):\n${output.trim()}`))
    })
  })
}
