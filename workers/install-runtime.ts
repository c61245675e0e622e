import { Runtime, type Logger } from '@temporalio/worker'
import type { RunEnd } from '../activities/activity-dependencies.ts'
import type { Config } from '../config.ts'

/**
 * Sets Temporal's runtime up for this process, once, before any worker is made: its log, and with an address the metrics
 * of the SDK and our own, for Prometheus. Gives what counts the ends of runs. Labels name kinds of things and never a
 * district or a person.
 */
export function installRuntime(
  { ROLLBOOK_METRICS_ADDRESS: bindAddress }: Config<'ROLLBOOK_METRICS_ADDRESS'>,
  logger: Logger,
): (end: RunEnd) => void {
  const prometheus = { bindAddress: bindAddress ?? '', countersTotalSuffix: true, useSecondsForDurations: true }
  Runtime.install({
    logger,
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(bindAddress === undefined ? {} : { metrics: { prometheus } }),
    },
  })
  const ends = Runtime.instance().metricMeter.createCounter('rollbook_runs_ended', 'runs', 'Runs that ended, by state')
  return ({ dataType, state }) => {
    ends.add(1, { data_type: dataType, state })
  }
}
