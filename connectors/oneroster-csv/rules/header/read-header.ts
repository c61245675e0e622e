import { normalizeText } from '../../../../domain/normalize-text.ts'
import type { Column, FileDefinition, FileMode } from '../../../kit/one-roster/format/column.ts'

export type HeaderCell = {
  /** As it stands in the file. */
  readonly raw: string
  /** Trimmed; '' for a blank header. */
  readonly name: string
  /** The standard column meant, whatever the case it is written in. */
  readonly column: Column | undefined
  readonly isMetadata: boolean
  /** Its place in the row, from 0. */
  readonly cell: number
}

export type HeaderReading = {
  readonly file: FileDefinition
  readonly mode: FileMode
  readonly cells: readonly HeaderCell[]
  /**
   * Standard columns (as the format spells them) and metadata columns (as the header does, `metadata.` in lower
   * case) → cell index. Of columns named twice, the first.
   */
  readonly positions: ReadonlyMap<string, number>
}

const metadataName = /^metadata\.(.+)$/i

/** Finds out what each header cell means; what is wrong with them is for the rules H. */
export function readHeader(file: FileDefinition, mode: FileMode, texts: readonly string[]): HeaderReading {
  const byLowerName = new Map(file.columns.map((column) => [column.name.toLowerCase(), column]))
  const positions = new Map<string, number>()
  const cells = texts.map((raw, cell): HeaderCell => {
    const name = normalizeText(raw)
    const column = byLowerName.get(name.toLowerCase())
    const metadata = metadataName.exec(name)
    const known = column?.name ?? (metadata?.[1] === undefined ? undefined : `metadata.${metadata[1]}`)
    if (known !== undefined && !positions.has(known)) positions.set(known, cell)
    return { raw, name, column, isMetadata: /^metadata\./i.test(name), cell }
  })
  return { file, mode, cells, positions }
}

/** Whether rows of this file must have a value in the column; in a delta the life-cycle columns must (F-14). */
export function needsValue(column: Column, mode: FileMode): boolean {
  return column.isRequired || (mode === 'delta' && (column.name === 'status' || column.name === 'dateLastModified'))
}
