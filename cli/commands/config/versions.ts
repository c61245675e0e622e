import type { ConfigurationComparison, ConfigurationVersion } from '../../../api/contract/configuration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { printJson, printTable, say } from '../../print.ts'
import { connectToServer } from '../../server/connect.ts'
import type { CompareFlags, ConfigFlags } from './add-config-commands.ts'
import { pathOfConfiguration } from './config-file.ts'

export async function listVersions(options: ConfigFlags): Promise<number> {
  const versions: ConfigurationVersion[] = []
  for await (const page of connectToServer().pages<ConfigurationVersion>(`${pathOfConfiguration(options)}/versions`))
    versions.push(...page)
  if (options.json) await printJson(versions)
  else {
    await printTable(
      ['version', 'in force', 'made by', 'at', 'runs'],
      versions.map(({ version, isInForce, createdBy, createdAt, runCount }) => {
        return [String(version), isInForce ? 'yes' : '', createdBy, createdAt, String(runCount)]
      }),
    )
  }
  return exitCodes.done
}

export async function compareVersions(options: CompareFlags): Promise<number> {
  const { from, to } = options
  const path = `${pathOfConfiguration(options)}/compare`
  const comparison = await connectToServer().get<ConfigurationComparison>(path, { from, to })
  if (options.json) await printJson(comparison)
  else {
    await printTable(
      ['step', 'field', 'code', from, to],
      comparison.differences.map(({ step, field, code, before, after }) => {
        return [step, field, code ?? '', showValue(before), showValue(after)]
      }),
    )
  }
  return exitCodes.done
}

export async function bringBackVersion(version: number, options: ConfigFlags): Promise<number> {
  await connectToServer().send('POST', `${pathOfConfiguration(options)}/versions/${version}/bring-back`, { json: {} })
  if (options.json) await printJson({ broughtBack: version })
  say(`Version ${version} is the draft; \`rollbook config start\` puts it into force.`)
  return exitCodes.done
}

function showValue(value: unknown): string {
  if (value === null || value === undefined) return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
