import { join } from 'node:path'
import { loadDemo } from './demo/load-demo.ts'
import { root } from './root.ts'
import { linkToRuns } from './temporal/temporal-ui-links.ts'
import { startStack, type Stack } from './stack.ts'
import { exitCodeOf, listenForStop } from './processes/stop-signals.ts'

/** `npm start`: the embedded stack with the demo district, until Ctrl-C. */
const directory = join(root, '.rollbook')
// What we and the processes of the stack write there is about pupils, or opens what is.
process.umask(0o077)
const stopWanted = listenForStop()
const say = (text: string): void => console.log(text)
let stack: Stack | undefined
try {
  stack = await startStack({ dataDirectory: directory, say, signal: stopWanted })
  await Promise.race([loadDemo(stack, directory, say), untilItEnds(stack)])
  if (!stopWanted.aborted) {
    console.log(describeAddresses(stack))
    await untilItEnds(stack)
  }
  process.exitCode = 0
} catch (error) {
  process.exitCode = stopWanted.aborted ? exitCodeOf(stopWanted) : 1
  if (!stopWanted.aborted) console.error(`rollbook: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  if (stack !== undefined) {
    console.log('Stopping …')
    await stack.stop()
    console.log('Stopped. The data are kept in .rollbook/; the next npm start goes on with them.')
  }
}

/** Returns when somebody wants it to stop; throws when the stack cannot be kept up. */
async function untilItEnds({ givenUp }: Stack): Promise<void> {
  const wanted = new Promise<undefined>((resolve) => {
    if (stopWanted.aborted) resolve(undefined)
    stopWanted.addEventListener('abort', () => resolve(undefined))
  })
  const reason = await Promise.race([wanted, givenUp])
  if (reason !== undefined) throw new Error(`The stack could not be kept up and was stopped. ${reason}`)
}

function describeAddresses({ url, temporalUiUrl }: Stack): string {
  return [
    '',
    'Rollbook is ready.',
    `  API          ${url}/api/openapi.json`,
    `  Temporal UI  ${linkToRuns(temporalUiUrl)}`,
    '',
    'In another terminal, in this folder:  npx rollbook run list --district lincoln-county',
    'Logs are in .rollbook/logs/. Ctrl-C stops everything.',
  ].join('\n')
}
