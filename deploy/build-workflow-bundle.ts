import { writeFile } from 'node:fs/promises'
import { bundleWorkflows } from '../workers/bundle-workflows.ts'

/**
 * `node deploy/build-workflow-bundle.ts <file>` writes the bundle that ROLLBOOK_WORKFLOW_BUNDLE names; run when the
 * image is built, so that workers start at once and all run the same code.
 */
const [file] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node deploy/build-workflow-bundle.ts <file>\n')
  process.exit(2)
}
const { code } = await bundleWorkflows()
await writeFile(file, code)
