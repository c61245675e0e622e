import { exitCodes } from '../exit-codes.ts'
import { formatCount, printJson, printLine, say } from '../print.ts'
import type { BenchFlags } from '../program.ts'

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
