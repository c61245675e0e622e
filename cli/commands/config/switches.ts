import type { Configuration, StartedConfiguration } from '../../../api/contract/configuration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { printJson, say } from '../../print.ts'
import { connectToServer } from '../../server/connect.ts'
import type { ConfigFlags, ResetFlags } from './add-config-commands.ts'
import { pathOfConfiguration } from './config-file.ts'

export async function startConfiguration(options: ConfigFlags): Promise<number> {
  const started = await connectToServer().post<StartedConfiguration>(`${pathOfConfiguration(options)}/start`, {})
  if (options.json) await printJson(started)
  const { configuration, isScheduled, run, reason } = started
  say(`Version ${configuration.mappingVersion} is in force${isScheduled ? ', and its schedule on' : ''}.`)
  say(run === null ? `No run began: ${reason ?? ''}` : `Run ${run.runId} began: rollbook run wait ${run.runId}`)
  return exitCodes.done
}

export async function disableConfiguration(options: ConfigFlags): Promise<number> {
  const configuration = await connectToServer().post<Configuration>(`${pathOfConfiguration(options)}/disable`, {})
  if (options.json) await printJson(configuration)
  say('It starts no run by itself any more; `rollbook config resume` goes on with it.')
  return exitCodes.done
}

export async function resetConfiguration(options: ResetFlags): Promise<number> {
  const { district } = options
  const configuration = await connectToServer().post<Configuration>(`${pathOfConfiguration(options)}/reset`, {
    district,
  })
  if (options.json) await printJson(configuration)
  say('It is off and as the connector ships it; its schedule is gone, and every record stays.')
  return exitCodes.done
}
