import { readRecordNames } from '../../db/records/record-names.ts'
import { getDataType } from '../../domain/data-types/registry.ts'
import type { UndoSkip } from '../../domain/undo/undo-skip.ts'
import type { UndoDocument, UndoneRunDocument } from '../contract/undo.ts'
import type { Trx } from './undo-document.ts'

type NamedSkip = UndoneRunDocument['skipped'][number]

export function toUnnamed(skips: readonly UndoSkip[]): NamedSkip[] {
  return skips.map((skip) => ({ ...skip, sisId: null, name: null }))
}

/** Fills in by what people know the records that an undo left as they are; names only for who may see values. */
export async function nameSkips(
  trx: Trx,
  undo: UndoDocument,
  of: { readonly dataType: string; readonly mayViewValues: boolean },
): Promise<UndoDocument> {
  const all = [undo, ...(undo.runs ?? [])].flatMap(({ skipped }) => skipped)
  const ids = all.map(({ recordId }) => recordId)
  const names = await readRecordNames(trx, getDataType(of.dataType), ids)
  const fill = (skips: readonly NamedSkip[]): NamedSkip[] =>
    skips.map((skip) => {
      const known = names.get(skip.recordId)
      return { ...skip, sisId: known?.sisId ?? null, name: of.mayViewValues ? (known?.name ?? null) : null }
    })
  const runs = undo.runs?.map((run) => ({ ...run, skipped: fill(run.skipped) }))
  return { ...undo, skipped: fill(undo.skipped), ...(runs !== undefined && { runs }) }
}
