import type { ConfigurationFinding, ConfigurationLint } from '../../../api/contract/configuration.ts'
import { findConnector } from '../../../connectors/registry.ts'
import { findDataType } from '../../../domain/data-types/registry.ts'
import { ConfigurationDocument } from '../../../domain/mapping/configuration-document.ts'
import { lintConfiguration as lint } from '../../../domain/mapping/lint-configuration.ts'
import { CommandFailure, exitCodes } from '../../exit-codes.ts'
import { printJson, printLine, say } from '../../print.ts'
import { connectToServer } from '../../server/connect.ts'
import type { LintFlags } from './add-config-commands.ts'
import { pathOfConfiguration, readConfigFile } from './config-file.ts'

/** Exit code 0 when it could be started, 3 when something is missing or contradictory. */
export async function lintConfiguration(file: string | undefined, options: LintFlags): Promise<number> {
  const found = file === undefined ? await lintDraft(options) : lintDocument(await readConfigFile(file))
  if (options.json) await printJson(found)
  else for (const finding of found.findings) await printLine(describeFinding(finding))
  if (found.isClean) say('It can be started.')
  return found.isClean ? exitCodes.done : exitCodes.refusedOrCancelled
}

async function lintDraft({ connection, dataType }: LintFlags): Promise<ConfigurationLint> {
  if (connection === undefined || dataType === undefined) {
    throw new CommandFailure('name a file, or --connection and --data-type', exitCodes.wrongUsage)
  }
  return await connectToServer().get<ConfigurationLint>(`${pathOfConfiguration({ connection, dataType })}/draft/lint`)
}

/** Without any server: which orgs a district has is not known, nor which extension columns its files have. */
function lintDocument(value: unknown): ConfigurationLint {
  const parsed = ConfigurationDocument.safeParse(value)
  if (!parsed.success) {
    return toLint(
      parsed.error.issues.map(({ path, message }) => {
        const [part, ...rest] = path.map(String)
        const step = part === 'settings' ? 'syncSettings' : rest[0] === 'codes' ? 'defineCodes' : 'matchFields'
        return { step, field: path.map(String).join('.') || null, severity: 'error', message }
      }),
    )
  }
  const { connector: id, dataType: name, mapping, settings } = parsed.data
  const [connector, dataType] = [findConnector(id), findDataType(name)]
  if (connector === undefined) return toLint([wrong('connector', `There is no connector ${id}.`)])
  if (dataType === undefined || !connector.dataTypes.includes(name))
    return toLint([wrong('dataType', `${id} has no data type ${name}.`)])
  return toLint(lint({ dataType, collections: connector.collections(name), mapping, settings }))
}

function wrong(field: string, message: string): ConfigurationFinding {
  return { step: 'matchFields', field, severity: 'error', message }
}

function toLint(findings: readonly ConfigurationFinding[]): ConfigurationLint {
  return { isClean: findings.every(({ severity }) => severity !== 'error'), findings: [...findings] }
}

function describeFinding({ step, field, severity, message }: ConfigurationFinding): string {
  return `${severity} ${step}${field === null ? '' : ` ${field}`}: ${message}`
}
