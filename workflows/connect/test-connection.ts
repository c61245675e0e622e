import { setCurrentDetails } from '@temporalio/workflow'
import type { ConnectionRef, TestedConnection } from '../../activities/schedule-interface.ts'
import { testingSteps } from '../schedule/schedule-steps.ts'

/** Tries a connection for somebody who waits for it: whoever starts it limits how long it may take. */
export async function testConnection(connection: ConnectionRef): Promise<TestedConnection> {
  const tested = await testingSteps().testConnection(connection)
  setCurrentDetails(tested.isConnected ? 'Connected' : 'Not connected: `rollbook connection list` says why')
  return tested
}
