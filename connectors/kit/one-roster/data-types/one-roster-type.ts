import type { MappingDocument } from '../../../../domain/mapping/mapping-document.ts'
import type { MergedRecord } from '../rows/row-hook.ts'
import type { RowView } from '../../csv/row-view.ts'
import { findFileDefinition } from '../format/files.ts'
import type { FileMode, OneRosterVersion } from '../format/column.ts'
import type { ExtractSink, OwnCodes, SourceCollection } from '../../../connector.ts'
import { isWord } from '../rows/cell-text.ts'
import type { OrgIndex } from '../rows/org-index.ts'
import { RowRecord, type MadeColumns } from '../rows/row-record.ts'

export type Positions = ReadonlyMap<string, number>

/** What a data type does with the rows of one file; valid until the file ends. */
export type FileTaker = {
  /** Called for a million rows: no allocation here. `isMisshapen`: only the first cell is sure to be what it seems. */
  readonly row: (row: RowView, isAccepted: boolean, isMisshapen: boolean) => void
  readonly merge?: (record: MergedRecord) => void
  readonly end?: () => void
}

/** What is found out about a data type while a package is read. */
export type TypeFacts = {
  /** Records of the type, and how many of them can be imported. */
  rowCount: number
  acceptedCount: number
  /** False once a row was refused that may be anybody's: then nobody is absent. */
  everyRowHasKey: boolean
  /** False once a row was refused that may say of anybody what is gathered: then nobody lacks what was there. */
  everyItemHasKey: boolean
}

export type TypeContext = {
  readonly sink: ExtractSink
  /** Per collection, the columns that the mapping reads. */
  readonly columns: Readonly<Record<string, readonly string[]>>
  readonly ownCodes?: OwnCodes | undefined
  readonly version: OneRosterVersion
  /** `YYYY-MM-DD` */
  readonly today: string
  readonly orgs: OrgIndex
  /** Up to which times of change are believed. */
  readonly latestMs: number
  readonly facts: TypeFacts
}

/** A data type in a OneRoster package: one file below this folder, one line in registry.ts. */
export type OneRosterType = {
  readonly dataType: string
  readonly collections: readonly SourceCollection[]
  readonly mapping: MappingDocument
  /** Files whose rows it needs, without `.csv`; the others are left unread. Absent: the whole package is checked. */
  readonly reads?: readonly string[]
  /** The file that carries the records. */
  readonly file: string
  /** Where several files carry them: all of these. Nobody is absent while one of them is missing or has no row. */
  readonly carriers?: readonly string[]
  /** Files of which the records are made besides: absence is evidence only where those that are there came in bulk. */
  readonly besides: readonly string[]
  /** Files without which there is nothing to import. */
  readonly needs: readonly string[]
  /** Where something is gathered: the files that must be there whole for it to be all there is. */
  readonly gatheredFrom?: readonly string[]
  /**
   * Files of which the changes alone say enough: each row is a record, or adds to one, and is made of nothing that may
   * change elsewhere.
   */
  readonly followsChanges?: readonly string[]
  /** What the records are depends on the day. */
  readonly isOfToday?: true
  /** Why a package with rows, but none that can be imported, is refused; absent where that is no reason to. */
  readonly refusal?: string
  /** Its records are put together of several rows: of the file that carries them nothing can be mapped but what `collections` names. */
  readonly isPutTogether?: true
  /** The columns that are made of others, by collection. */
  readonly made?: Readonly<Record<string, MadeColumns>>
  /** Begins a package: gives for each file what to do with its rows; undefined for one that is of no concern. */
  readonly start: (
    context: TypeContext,
  ) => (file: string, mode: FileMode, positions: Positions) => FileTaker | undefined
}

export function isWithdrawn(row: RowView, statusCell: number): boolean {
  return isWord(row, statusCell, 'tobedeleted') || isWord(row, statusCell, 'inactive')
}

/** A record for the rows of a file that carries a collection of the same name, or another one. */
export function createRowRecord(
  { columns, ownCodes, version, latestMs }: TypeContext,
  {
    file,
    collection = file,
    mode,
    positions,
    made = {},
  }: {
    readonly file: string
    readonly collection?: string
    readonly mode: FileMode
    readonly positions: Positions
    readonly made?: MadeColumns
  },
): RowRecord {
  return new RowRecord({
    collection,
    file,
    columns: columns[collection] ?? [],
    positions,
    definition: findFileDefinition(version, file),
    made,
    ownCodes,
    // Of a bulk file the column is not asked for, and what stands there says nothing (F-13).
    latestMs: mode === 'delta' ? latestMs : 0,
  })
}
