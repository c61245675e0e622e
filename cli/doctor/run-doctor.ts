import { readOwnVersion } from '../own-version.ts'
import { checkDistricts } from './check-districts.ts'
import { checkServer } from './check-server.ts'
import type { Check } from './check.ts'
import { exitCodes } from '../exit-codes.ts'
import { countOf, printJson, printLine } from '../print.ts'
import type { JsonFlag } from '../options.ts'
import { ApiClient } from '../server/api-client.ts'
import { findServerAddress } from '../server-address.ts'

const signs = { ok: 'ok   ', warn: 'look ', failing: 'FAULT' } as const

/** `rollbook doctor`: what is wrong with the set-up, and what to do about it. Exit code 1 when something fails. */
export async function runDoctor(options: JsonFlag): Promise<number> {
  const address = findServerAddress()
  const { checks: ofServer, isAnswering } = await checkServer(address, readOwnVersion())
  const checks = isAnswering ? [...ofServer, ...(await checkDistricts(new ApiClient(address)))] : ofServer
  const faults = checks.filter(({ state }) => state === 'failing').length
  if (options.json) await printJson({ healthy: faults === 0, checks })
  else await printChecks(checks, faults)
  return faults === 0 ? exitCodes.done : exitCodes.failed
}

async function printChecks(checks: readonly Check[], faults: number): Promise<void> {
  for (const { name, state, seen, todo } of checks) {
    await printLine(`${signs[state]}  ${name}: ${seen}`)
    if (todo !== null) await printLine(`         ${todo}`)
  }
  await printLine('')
  await printLine(faults === 0 ? 'Nothing is broken.' : `${countOf(faults, 'fault')}; mend the first one first.`)
}
