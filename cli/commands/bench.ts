import { exitCodes } from '../exit-codes.ts'
import { formatCount, printJson, printLine, say } from '../print.ts'
import type { BenchDoubtsFlags, BenchFlags, BenchMatchingFlags, BenchSchedulesFlags } from '../program.ts'

/** Starts its own stack and speaks to that one, whatever server the environment names. */
export async function benchImport({ rows, dataType, json }: BenchFlags): Promise<number> {
  // Loaded last: it brings the whole stack with it.
  const { runImportBench } = await import('../../bench/import.ts')
  const bench = await runImportBench({ rows, dataType, report: say })
  if (json) await printJson(bench)
  else {
    const { floor, import: imported, ratio } = bench
    await printLine(`${formatCount(bench.rows)} rows, ${formatCount(bench.bytes)} bytes`)
    await printLine(`fresh      ${imported.freshSeconds} s, the floor ${floor.freshSeconds} s, ratio ${ratio.fresh}`)
    await printLine(`unchanged  ${imported.resyncSeconds} s, the floor ${floor.resyncSeconds} s, ratio ${ratio.resync}`)
    await printLine(`1 % changed ${imported.deltaSeconds} s`)
    if (bench.peakRssMiB !== null) await printLine(`peak memory of the worker ${bench.peakRssMiB} MiB`)
  }
  return exitCodes.done
}

/** Likewise. */
export async function benchMatching({ json, ...request }: BenchMatchingFlags): Promise<number> {
  const { runMatchingBench } = await import('../../bench/matching/measure.ts')
  const bench = await runMatchingBench({ ...request, report: say })
  if (json) await printJson(bench)
  else {
    for (const result of bench.results) {
      const { data, within10, within100, likely, possible, twinsLikely } = result
      await printLine(`${data}: ${formatCount(result.incoming)} incoming, ${formatCount(result.held)} held`)
      await printLine(`  within 10 false cases per 1,000: ${formatShare(within10.found)} of the duplicates`)
      await printLine(`  within 100: ${formatShare(within100.found)}`)
      await printLine(`  likely: ${formatShare(likely.found)} with ${likely.falseCases} false cases per 1,000`)
      await printLine(`  possible: ${formatShare(possible.found)} with ${possible.falseCases}`)
      if (twinsLikely !== null) await printLine(`  new twins taken as likely: ${formatShare(twinsLikely)}`)
      await printLine(`  ${result.millisecondsPerRecord} ms a record, keys made in ${result.keySeconds} s`)
    }
  }
  return exitCodes.done
}

/** Needs no stack. */
export async function benchDoubts({ json, ...request }: BenchDoubtsFlags): Promise<number> {
  const { runDoubtsBench } = await import('../../bench/matching/measure-doubts.ts')
  const bench = runDoubtsBench(request)
  if (json) await printJson(bench)
  else {
    for (const { data, updates, askedPerThousand, askedPerThousandOfNewKeys, found } of bench.results) {
      await printLine(`${data}: ${formatCount(updates)} true updates`)
      await printLine(
        `  asked about: ${askedPerThousand} per 1,000, under another second key ${askedPerThousandOfNewKeys}`,
      )
      for (const [who, share] of Object.entries(found)) {
        if (share !== null) await printLine(`  somebody under the key of a ${who} found out: ${formatShare(share)}`)
      }
    }
  }
  return exitCodes.done
}

/** Likewise. */
export async function benchSchedules({ json, period, ...request }: BenchSchedulesFlags): Promise<number> {
  const { runSchedulesBench } = await import('../../bench/schedules/measure.ts')
  const bench = await runSchedulesBench({ ...request, periodMinutes: period, report: say })
  if (json) await printJson(bench)
  else {
    await printLine(`${formatCount(bench.districts)} districts of ${formatCount(bench.students)} students`)
    await printLine(`first imports, all at once: ${bench.first.seconds} s`)
    for (const name of ['unchanged', 'changed'] as const) {
      const { dueToDone, slowest, longestQueue, drainSeconds, done } = bench[name]
      await printLine(`${name}: ${formatCount(done)} done, the last ${drainSeconds} s after the last was due`)
      await printLine(`  from due to done ${dueToDone.median} s, 99 % in ${dueToDone.p99} s, all in ${dueToDone.max} s`)
      await printLine(`  slowest district ${slowest.timesMedian} times the median, queue of ${longestQueue} at most`)
    }
  }
  return bench.unchanged.isDrained && bench.changed.isDrained ? exitCodes.done : exitCodes.failed
}

function formatShare(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}
