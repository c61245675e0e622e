import { columnOf, getField, keyField, storedFields, type DataType } from '../../domain/data-types/define-data-type.ts'
import { quoteLiteral } from '../fields/quote-literal.ts'
import { isAmongChoices, quoteName } from '../fields/field-sql.ts'
import { partBit, partNames, type PartName, type StagedParts } from '../staging/staged-parts.ts'

/** A field that a plan compares, as SQL over the staged row `s` and the held record `r`. */
export type ComparedField = {
  /** Its name in `plan_rows.changes`, as a literal. */
  readonly name: string
  readonly old: string
  readonly new: string
  readonly isDifferent: string
}

/** A custom field's name in `plan_rows.changes` and in `journal.before`. */
export const customFieldPrefix = 'customFields.'

/**
 * The fields that the parts feed. A field differs when the part that feeds it was staged, and the source has a value
 * or blanks count, and that value is another than ours. A required field is never emptied, and of a
 * row with a dropped value no blank empties anything. An org that is one of those the source names is no other. What a
 * person wrote stays, whatever the source says, until it is given back.
 * `stagedParts` is SQL for the parts that count.
 */
export function listComparedFields(
  dataType: DataType,
  parts: StagedParts,
  overwriteWithBlank: boolean,
  stagedParts = 's.parts',
): ComparedField[] {
  const compare = (
    name: string,
    held: string,
    staged: string,
    part: PartName,
    mayBecomeBlank: boolean,
    isSame?: string,
  ): ComparedField => ({
    name: quoteLiteral(name),
    old: held,
    new: staged,
    isDifferent: [
      `${stagedParts} & ${partBit[part]} <> 0`,
      mayBecomeBlank && overwriteWithBlank
        ? `(${staged} is not null or s.parts & ${partBit[`${part}Dropped`]} = 0)`
        : `${staged} is not null`,
      `${staged} is distinct from ${held}`,
      `(r.kept_fields is null or ${quoteLiteral(name)} <> all (r.kept_fields))`,
      ...(isSame === undefined ? [] : [`not ${isSame}`]),
    ].join(' and '),
  })
  const listPart = (name: PartName) => {
    const part = parts[name]
    if (part === null) return []
    const isFed = (field: string) => part.fields.includes(field) || (field === keyField && name === 'primary')
    const fields = storedFields(dataType).filter(isFed)
    return [
      ...fields.map((field) => {
        const column = quoteName(columnOf(field))
        const { presence, isChosen } = getField(dataType, field)
        const mayBecomeBlank = presence !== 'required' && field !== keyField
        const isSame = isChosen === true ? isAmongChoices(field) : undefined
        return compare(field, `r.${column}`, `s.${column}`, name, mayBecomeBlank, isSame)
      }),
      ...part.customFields.map((custom) => {
        const value = `custom_fields ->> ${quoteLiteral(custom)}`
        return compare(`${customFieldPrefix}${custom}`, `(r.${value})`, `(s.${value})`, name, true)
      }),
    ]
  }
  return partNames.flatMap(listPart)
}

/** True when any field differs. */
export function isAnyDifferent(fields: readonly ComparedField[]): string {
  return fields.length === 0 ? 'false' : fields.map(({ isDifferent }) => `(${isDifferent})`).join('\n      or ')
}

/** `{ field: [old, new] }` of the fields that differ, as jsonb. */
export function buildChanges(fields: readonly ComparedField[]): string {
  const pairs = fields.map(
    ({ name, old, new: incoming, isDifferent }) =>
      `${name}, case when ${isDifferent} then jsonb_build_array(${old}, ${incoming}) end`,
  )
  return `(${chunk(pairs, maxPairs)
    .map((some) => `jsonb_strip_nulls(jsonb_build_object(${some.join(',\n      ')}))`)
    .join(' || ')})`
}

/** A function of PostgreSQL takes a hundred arguments. */
const maxPairs = 50

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [[]]
  for (const item of items) {
    if (chunks.at(-1)?.length === size) chunks.push([])
    chunks.at(-1)?.push(item)
  }
  return chunks
}
