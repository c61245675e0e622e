import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type Logger, type WorkflowBundle } from '@temporalio/worker'

/**
 * Makes the code of the workflows into the one script that Temporal runs in its sandbox. Takes a few seconds, so an
 * installation does it once and hands the file to its workers (`ROLLBOOK_WORKFLOW_BUNDLE`).
 */
export function bundleWorkflows(logger?: Logger): Promise<WorkflowBundle & { readonly code: string }> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    ...(logger === undefined ? {} : { logger }),
  })
}
