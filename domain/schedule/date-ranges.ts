import { z } from 'zod'

/** Days of the district's calendar, both ends included. */
export const DateRange = z
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, { message: '"to" is before "from"', path: ['to'] })
export type DateRange = z.infer<typeof DateRange>

/** The range that a local day (`YYYY-MM-DD`) falls in. */
export function findRange(ranges: readonly DateRange[], date: string): DateRange | undefined {
  return ranges.find(({ from, to }) => from <= date && date <= to)
}
