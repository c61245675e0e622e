import type { UndoDocument, UndoneRunDocument } from '../../api/contract/undo.ts'
import { formatCount } from '../print.ts'

const shownSkips = 50
const stateWords: Readonly<Record<UndoDocument['state'], string>> = {
  preview: 'Preview – nothing was changed',
  undoing: 'Undo in Progress',
  undone: 'Undone',
  partlyUndone: 'Partly Undone',
  stopped: 'Critical Error – Undo Stopped; run the command again to go on with what is missing',
}
const kindWords: Readonly<Record<UndoneRunDocument['kind'], string>> = {
  import: 'import',
  resolution: 'decisions about duplicates',
  undo: 'undo',
}
const reasonWords: Readonly<Record<UndoDocument['skipped'][number]['reason'], string>> = {
  changedByPerson: 'changed since by',
  changedByRun: 'changed since by run',
  changedSince: 'changed since',
  idTaken: 'another record has this id by now',
}

/** What a person reads: what goes back, what becomes inactive, what stays and why; of several runs each by itself. */
export function describeUndo(undo: UndoDocument): string {
  const { runs } = undo
  return runs === undefined ? describeOne(undo) : describeThrough(undo, runs)
}

function describeOne(undo: UndoDocument): string {
  return [stateWords[undo.state], ...describeRun(undo), ...describeSkips(undo), ...describeNext(undo)].join('\n')
}

function describeThrough(undo: UndoDocument, runs: readonly UndoneRunDocument[]): string {
  const isPreview = undo.state === 'preview'
  const lines: string[] = [undo.state === 'stopped' ? 'Undo Stopped' : stateWords[undo.state]]
  for (const run of runs) {
    const [first = '', ...rest] = describeRun(run)
    lines.push(isPreview ? first : `${first} · ${stateWords[run.state]}`, ...rest.map((line) => `  ${line}`))
  }
  if (runs.length > 1) lines.push(`  together, the newest first: ${describeFigures(undo)}`)
  lines.push(...describeSkips(undo))
  if (undo.stoppedReason) lines.push(`  ${undo.stoppedReason}`)
  if (!isPreview) for (const id of undo.notUndone ?? []) lines.push(`  run ${id} is as it was`)
  return [...lines, ...describeNextOfMany(undo, runs)].join('\n')
}

function describeNextOfMany(undo: UndoDocument, runs: readonly UndoneRunDocument[]): string[] {
  if (undo.state === 'preview') return [`  Take them back: rollbook undo ${undo.undoOf} --through`]
  const [newest] = runs
  if (newest === undefined || runs.some(({ state }) => state === 'stopped')) return []
  return runs.length === 1 ? describeNext(newest) : [`  Bring them back: rollbook undo ${newest.runId} --through`]
}

function describeRun(undo: UndoneRunDocument): string[] {
  return [
    `  run ${undo.undoOf} (${kindWords[undo.kind]})${undo.runId === null ? '' : `, undone by run ${undo.runId}`}`,
    `  ${describeFigures(undo)}`,
  ]
}

function describeFigures({ reverted, madeInactive, skippedCount }: UndoneRunDocument): string {
  return `reverted ${formatCount(reverted)} · made inactive ${formatCount(madeInactive)} · fields left as they are ${formatCount(skippedCount)}`
}

function describeSkips({ skipped, skippedCount }: UndoneRunDocument): string[] {
  const lines = skipped
    .slice(0, shownSkips)
    .map(
      ({ recordId, sisId, name, field, reason, by }) =>
        `  ${sisId === null ? recordId : [sisId, name].filter((part) => part !== null).join(' ')}  ${field}: ${reasonWords[reason]}${by === null ? '' : ` ${by}`}`,
    )
  const hidden = skippedCount - Math.min(skipped.length, shownSkips)
  return hidden > 0 ? [...lines, `  and ${formatCount(hidden)} more; --json lists them`] : lines
}

function describeNext({ state, runId, undoOf }: UndoneRunDocument): string[] {
  if (state === 'preview') return [`  Take it back: rollbook undo ${undoOf}`]
  return runId !== null && state !== 'stopped' ? [`  Bring it back: rollbook undo ${runId}`] : []
}
