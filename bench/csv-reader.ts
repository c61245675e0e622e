import { createReadStream } from 'node:fs'
import { CsvReader } from '../connectors/kit/csv/csv-reader.ts'

/** `node bench/csv-reader.ts <file.csv>`: nanoseconds a byte of the CSV reader alone, beside the bare reading. */
const path = process.argv[2]
if (path === undefined) throw new Error('usage: node bench/csv-reader.ts <file.csv>')

let cells = 0
const reader = new CsvReader({
  row(row) {
    cells += row.width
  },
  fault(fault) {
    console.log(`line ${fault.line}: ${fault.kind}`)
  },
})
let bytes = 0
let spentMs = 0
const begun = performance.now()
// Without an encoding the stream gives buffers, which its type does not say.
for await (const block of createReadStream(path, { highWaterMark: 1 << 16 }) as AsyncIterable<Buffer>) {
  bytes += block.length
  const from = performance.now()
  reader.push(block)
  spentMs += performance.now() - from
}
reader.end()
const wholeMs = performance.now() - begun
console.log({ bytes, cells, nsPerByte: (spentMs * 1e6) / bytes, readerMs: spentMs, wholeMs })
