import type { Connector } from '../../connectors/connector.ts'
import { findConnector } from '../../connectors/registry.ts'
import type { ConnectionRow } from '../../db/connect/connections.ts'
import { Refusal } from '../failures.ts'

/** Whether runs of a connection with these settings ask a source, and take no upload. */
export function namesSource({ intake }: Connector, settings: unknown): boolean {
  return intake.kind === 'pages' || intake.source?.isNamed(settings) === true
}

/**
 * Whether runs of the connection ask a source. Undefined where nobody has written it down: then an earlier release made
 * the connection, and only a worker can look into its settings.
 */
export function findFetchesInput({
  connector,
  fetchesInput,
}: Pick<ConnectionRow, 'connector' | 'fetchesInput'>): boolean | undefined {
  if (fetchesInput !== null) return fetchesInput
  const intake = findConnector(connector)?.intake
  if (intake?.kind === 'pages') return true
  return intake?.source === undefined ? false : undefined
}

/** As findFetchesInput, for what would do the wrong thing by a guess. Throws a Refusal where it is not known yet. */
export function getFetchesInput(connection: Pick<ConnectionRow, 'connector' | 'fetchesInput'>): boolean {
  const fetchesInput = findFetchesInput(connection)
  if (fetchesInput !== undefined) return fetchesInput
  const detail = 'After an upgrade a worker looks into this connection first. Start a worker, or try again in a moment.'
  throw new Refusal('WORKERS_UNAVAILABLE', detail)
}
