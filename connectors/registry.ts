import type { Connector } from './connector.ts'
import { csv } from './csv/connector.ts'
import { oneRosterCsv } from './oneroster-csv/connector.ts'
import { oneRosterRest } from './oneroster-rest/connector.ts'

/** Every source we can read. Adding one is a folder and a line here (CONTRIBUTING.md, "Add a connector"). */
export const connectors: readonly Connector[] = [oneRosterCsv, oneRosterRest, csv]

export function findConnector(id: string): Connector | undefined {
  return connectors.find((connector) => connector.id === id)
}
