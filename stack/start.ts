import { join } from 'node:path'
import { loadDemo } from './demo/load-demo.ts'
import { root } from './root.ts'
import { startStack, type Stack } from './stack.ts'
import { exitCodeOf, listenForStop } from './stop-signals.ts'

/** `npm start`: the embedded stack with the demo district, until Ctrl-C. */
const directory = join(root, '.rollbook')
const stopWanted = listenForStop()
let stack: Stack | undefined
try {
  stack = await startStack({ dataDirectory: directory, say: (text) => console.log(text), signal: stopWanted })
  await Promise.race([loadDemo(stack, directory), untilItEnds(stack)])
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
    `  Temporal UI  ${temporalUiUrl}`,
    '',
    'In another terminal, in this folder:  npx rollbook run list --district lincoln-county',
    'Logs are in .rollbook/logs/. Ctrl-C stops everything.',
  ].join('\n')
}
