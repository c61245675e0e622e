import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type Logger, type WorkflowBundle } from '@temporalio/worker'

/**
 * Makes the code of the workflows into the one script that Temporal runs in its sandbox. Takes a few seconds, so an
 * installation does it once and hands the file to its workers (`ROLLBOOK_WORKFLOW_BUNDLE`).
 */
export async function bundleWorkflows(logger?: Logger): Promise<WorkflowBundle & { readonly code: string }> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    ...(logger === undefined ? {} : { logger }),
  })
  // One character beyond Latin-1, be it in a comment, and V8 keeps two bytes for each of the two million others.
  return { code: code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) }
}
