// How often the digests of rows that are nearly alike are equal: `node bench/hash-collisions.ts [--rows 100000000] [--shape <name>]`.
// Takes eight bytes a row. Why: docs/decisions/0029-the-hash-that-decides-unchanged.md.
import { parseArgs } from 'node:util'
import { countEqualDigests, deviationOf } from './hash/count-equal-digests.ts'
import { digestRow } from './hash/digest-row.ts'
import { makeRowShapes } from './hash/row-shapes.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000000' }, shape: { type: 'string' } } })
const rows = Number(values.rows)

for (const shape of makeRowShapes()) {
  if (values.shape !== undefined && values.shape !== shape.name) continue
  const begun = performance.now()
  const counts = countEqualDigests(shape, rows, digestRow)
  const seconds = Math.round((performance.now() - begun) / 1000)
  const equalDigests = counts.find(({ bits }) => bits === 64)?.pairs
  const farthest = Math.max(...counts.map((count) => Math.abs(deviationOf(count))))
  console.log(
    JSON.stringify({ shape: shape.name, rows, equalDigests, deviation: Number(farthest.toFixed(1)), seconds }),
  )
  for (const { bits, end, pairs, expected } of counts) {
    console.log(`  ${end} ${bits} bits equal: ${pairs} pairs, by chance ${expected.toPrecision(4)}`)
  }
}
