import type { PrintedRecord } from '../../end-to-end/district-on-stack.ts'
import type { HeldStudent } from '../model/plan-import.ts'
import type { Values } from '../model/source-row.ts'

const shown = 6

/** What differs between the records and the model, in words; nothing where they are equal. */
export function findDifferences(
  records: ReadonlyMap<string, PrintedRecord>,
  held: ReadonlyMap<string, HeldStudent>,
): string[] {
  // The status is printed once more, as the field that it is.
  const model = new Map(
    [...held.values()].map(({ values }): [string, Values] => [
      values['sisId'] ?? '',
      { ...values, enrollmentStatus: values['status'] ?? '' },
    ]),
  )
  const words = [...new Set([...records.keys(), ...model.keys()])].flatMap((sisId) => {
    const record = records.get(sisId)
    const values = model.get(sisId)
    if (record === undefined) return [`${sisId} is missing`]
    if (values === undefined) return [`${sisId} should not be there (${record['status'] ?? ''})`]
    return Object.keys({ ...record, ...values })
      .filter((field) => field !== 'recordId' && (record[field] ?? '') !== (values[field] ?? ''))
      .map((field) => `${sisId} ${field} is "${record[field] ?? ''}" and should be "${values[field] ?? ''}"`)
  })
  return words.length <= shown ? words : [...words.slice(0, shown), `and ${words.length - shown} more`]
}
