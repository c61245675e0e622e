import { once } from 'node:events'
import { showJson } from '../../platform/visible-text.ts'
import { parseFault } from '../../simulators/oneroster-rest/faults/registry.ts'
import { startOneRosterRest, type StandIn } from '../../simulators/oneroster-rest/start.ts'
import { CommandFailure, exitCodes } from '../exit-codes.ts'
import { formatJson, printLine, say, write } from '../print.ts'
import type { SimulateFlags } from '../simulate-command.ts'

/** Serves until the process is told to stop. The first line of `--json` is the whole document. */
export async function simulate(connector: string, options: SimulateFlags): Promise<number> {
  if (connector !== 'oneroster-rest') {
    throw new CommandFailure(
      `A stand-in for "${connector}" is not built yet; there is one for oneroster-rest.`,
      exitCodes.wrongUsage,
      'NOT_BUILT',
    )
  }
  // Before anything listens: a signal that comes early must not be missed.
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  try {
    const standIn = await start(options)
    await tellOf(standIn, options.json === true)
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
    await standIn.close()
    return exitCodes.done
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}

async function start(options: SimulateFlags): Promise<StandIn> {
  const { students, seed, day, oneroster, auth, signature, booleans, port, pageCap, fault } = options
  const faults = fault.map((text) => {
    try {
      return parseFault(text)
    } catch (error) {
      throw new CommandFailure(error instanceof Error ? error.message : String(error), exitCodes.wrongUsage)
    }
  })
  try {
    return await startOneRosterRest({
      // Classes of now are of the school year that it is.
      district: { seed, students, day, today: new Date().toISOString().slice(0, 10) },
      ...{ version: oneroster, signature, booleans, faults, isTls: options.tls === true },
      ...(auth === undefined ? {} : { auth }),
      ...(port === undefined ? {} : { port }),
      ...(pageCap === undefined ? {} : { pageCap }),
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'ERR_SOCKET_BAD_PORT') throw error
    throw new CommandFailure(`Nothing can listen on port ${String(port)} (${code}).`, exitCodes.wrongUsage)
  }
}

async function tellOf({ url, settings }: StandIn, isJson: boolean): Promise<void> {
  if (isJson) {
    await write(`${showJson(JSON.stringify({ url, settings }))}\n`)
    return
  }
  await printLine(`The stand-in listens on ${url}. The settings of a connection to it:`)
  await write(`${formatJson(settings)}\n`)
  say(`Faults: ${url}/control/faults, what was asked for: ${url}/control/requests. Ctrl-C stops it.`)
}
