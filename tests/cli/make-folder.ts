import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterTest } from '../harness/after-test.ts'

/** An empty folder that goes with the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-cli-'))
  afterTest(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
