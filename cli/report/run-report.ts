import type { HeldLimit, RunDocument } from '../../api/contract/run.ts'
import { describeTrouble } from '../../domain/run-trouble.ts'
import { countRecords } from './count-records.ts'
import { countOf, formatCount, formatPercent } from '../print.ts'

/** What a person reads when a run ends or waits: state, counts, findings by rule, and what to do next. */
export function describeRun(run: RunDocument): string {
  const lines = [
    `${run.statusText}${run.test ? ' (test import: nothing was changed)' : ''}`,
    `  run ${run.runId}, ${run.dataType} of ${run.district}`,
    `  ${describeCounts(run)}`,
    ...describeFindings(run),
    ...describeSkippedSchools(run),
    ...describeAlerts(run),
    ...describeStandstill(run),
  ]
  if (run.logRemovedAfterDays !== null) {
    lines.push(
      `  findings and plan were removed after ${run.logRemovedAfterDays} days; to see them again, changing nothing:`,
      `  rollbook run rerun ${run.runId} --test`,
    )
    return lines.join('\n')
  }
  if (run.closedReason !== null) lines.push(`  ${run.closedReason}`)
  else if (run.failure !== null) lines.push(`  ${run.failure.detail} [${run.failure.code}]`)
  if (run.state === 'held' && run.hold !== null) lines.push(...describeHold(run, run.hold.limits))
  else lines.push(...describeNextStep(run))
  return lines.join('\n')
}

/** What keeps a run from getting on, and what to do; nothing where nothing does. */
function describeStandstill({ trouble }: RunDocument): string[] {
  // A server of before says nothing of it.
  if (!trouble) return []
  return [`  ${describeTrouble(trouble)}`, `  what to do: ${trouble.advice}`]
}

function describeCounts(run: RunDocument): string {
  const { counts } = run
  const words = [
    `read ${formatCount(counts.read)}`,
    ...(run.test ? describeWouldBe(counts) : describeDone(counts)),
    `unchanged ${formatCount(counts.unchanged)}`,
    `skipped ${formatCount(counts.skipped)}`,
    `rejected ${formatCount(counts.rejected)}`,
  ]
  if (counts.duplicates > 0) words.push(`duplicates ${formatCount(counts.duplicates)}`)
  return words.join(' · ')
}

function describeDone({ created, updated, deactivated, reactivated }: RunDocument['counts']): string[] {
  return [
    `created ${formatCount(created)}`,
    `updated ${formatCount(updated)}`,
    `deactivated ${formatCount(deactivated)}`,
    `reactivated ${formatCount(reactivated)}`,
  ]
}

function describeWouldBe({ created, updated, deactivated, reactivated }: RunDocument['counts']): string[] {
  return [
    `would create ${formatCount(created)}`,
    `would update ${formatCount(updated)}`,
    `would deactivate ${formatCount(deactivated)}`,
    `would reactivate ${formatCount(reactivated)}`,
  ]
}

function describeFindings({ findings }: RunDocument): string[] {
  const rules = Object.entries(findings.byRule)
  if (rules.length === 0) return []
  const list = rules.map(([rule, { severity, count }]) => `${rule} ${severity} × ${formatCount(count)}`).join(' · ')
  return [`  findings: ${list}`]
}

const shownSchools = 5
const skipWords: Readonly<Record<RunDocument['skippedSchools'][number]['reason'], string>> = {
  notMatched: 'matched to none of ours',
  leftOut: 'left out',
  notChosen: 'not chosen for this import',
}

/** The schools whose rows were passed over, those with the most rows; who is held of them stays as it is. */
function describeSkippedSchools(run: RunDocument): string[] {
  // A server of before says nothing of them.
  const skipped = (run as Partial<RunDocument>).skippedSchools ?? []
  const lines = skipped.slice(0, shownSchools).map(({ name, sourceKey, reason, rows, held }) => {
    const who = [name, sourceKey === null ? '' : `(${sourceKey})`].filter((part) => part !== '').join(' ')
    const stay = held === 0 ? '' : `; ${formatCount(held)} of them held, and left as they are`
    return `  skipped: ${countOf(rows, 'row')} of ${who === '' ? 'a school' : who}, ${skipWords[reason]}${stay}`
  })
  if (skipped.length > shownSchools) lines.push(`  skipped: rows of ${skipped.length - shownSchools} schools more`)
  if (skipped.some(({ reason }) => reason === 'notMatched')) {
    lines.push(`  match them: rollbook schools list --connection ${run.connection}`)
  }
  return lines
}

type Alert = RunDocument['alerts'][number]

const alertWords: Readonly<Record<Alert['kind'], (alert: Alert) => string>> = {
  notImported: (alert) => `not imported (${alert.field})${countApart(alert)}: correct ${itOrThem(alert)} at the source`,
  duplicateCase: (alert) => `may be somebody held already: \`rollbook alert list\` shows ${itOrThem(alert)}`,
  identityConflict: (alert) =>
    `${alert.count === 1 ? 'has' : 'have'} ids that lead to somebody else: \`rollbook alert list\` shows ${itOrThem(alert)}`,
  missingExpected: ({ field }) => `without ${field}: fill it at the source, or map another column to it`,
  unmappedCode: ({ field, code }) =>
    `with a code of ${field}${code === null ? '' : ` ("${code}")`} that is mapped to none of ours`,
}

function itOrThem({ count }: Alert): string {
  return count === 1 ? 'it' : 'them'
}

function countApart({ new: newCount, held }: Alert): string {
  return newCount === null || held === null ? '' : `, ${formatCount(newCount)} new and ${formatCount(held)} held`
}

function describeAlerts({ alerts, dataType }: RunDocument): string[] {
  return alerts.map((alert) => `  alert: ${countRecords(alert.count, dataType)} ${describeAlert(alert)}`)
}

/** A server that is newer than this program may know more kinds. */
function describeAlert(alert: Alert): string {
  const words: Readonly<Record<string, (alert: Alert) => string>> = alertWords
  return words[alert.kind]?.(alert) ?? `${alert.kind} ${alert.field}`
}

const limitWords: Readonly<Record<string, (limit: HeldLimit) => string>> = {
  deactivations: ({ count }) => `${countOf(count, 'record')} would be made inactive`,
  updates: ({ count }) => `${countOf(count, 'record')} would be changed`,
  errorFindings: ({ count }) => `${countOf(count, 'row')} ${count === 1 ? 'was' : 'were'} rejected with errors`,
  idSchemeChange: ({ count }) =>
    `${countOf(count, 'new record')} ${count === 1 ? 'looks like somebody' : 'look like people'} we hold under another id`,
  identityConflicts: ({ count }) =>
    `${countOf(count, 'row')} ${count === 1 ? 'has' : 'have'} ids that lead to somebody else, or to two records`,
  schoolMoves: ({ count }) => `${countOf(count, 'record')} would go to another school`,
  lateDelta: ({ count }) =>
    `the delta is older than one applied before it, and ${countOf(count, 'record')} would be made inactive`,
  otherMode: ({ count }) =>
    `for the first time after deltas a package calls itself complete, and ${countOf(count, 'record')} would be made inactive`,
  otherVersion: ({ count }) =>
    `the package has another OneRoster version than the last one; ${countOf(count, 'record')} would be made or changed`,
}

function describeHold(run: RunDocument, limits: readonly HeldLimit[]): string[] {
  return [
    '',
    'This import waits for a person, because a safety limit was met:',
    ...describeLimits(limits),
    '',
    'What to do next:',
    `  look at the plan     rollbook run plan ${run.runId} --csv`,
    `  it is right          rollbook hold approve ${run.runId}`,
    `  it is wrong          rollbook hold discard ${run.runId}`,
    '  A later import of a good package takes its place by itself.',
  ]
}

function describeMax({ limit, value, max, count }: HeldLimit): string {
  // An absolute number, and not a share of the records.
  if (max >= 1 && value === count) return `the limit "${limit}" is ${formatCount(max)}`
  return `${formatPercent(value)} of the records; the limit "${limit}" is ${formatPercent(max)}`
}

function describeLimits(limits: readonly HeldLimit[]): string[] {
  const lines: string[] = []
  for (const limit of limits) {
    const words = limitWords[limit.limit]?.(limit) ?? `${limit.limit}: ${formatCount(limit.count)}`
    lines.push(`  - ${describeScope(limit)}: ${words}`)
    lines.push(`    ${describeMax(limit)}`)
    for (const example of limit.examples) {
      const values = Object.values(example.values ?? {}).filter((value) => typeof value === 'string')
      lines.push(`    e.g. ${values.length > 0 ? values.join(' ') : (example.sisId ?? example.recordId)}`)
    }
  }
  return lines
}

function describeScope(limit: HeldLimit): string {
  if (limit.scope === 'district') return 'the whole district'
  const name = limit.schoolName ?? limit.schoolId ?? 'a school'
  return limit.schoolSourceKey === null ? `school ${name}` : `school ${name} (${limit.schoolSourceKey})`
}

function describeNextStep(run: RunDocument): string[] {
  const isLeftOut = run.alerts.some(({ kind }) => kind === 'notImported')
  const hasFindings = run.state === 'cancelled' || run.findings.error > 0 || run.findings.block > 0 || isLeftOut
  const lines = hasFindings ? [`  Every finding: rollbook run findings ${run.runId} --csv`] : []
  if (run.state !== 'tested') return lines
  lines.push(`  The plan, row by row: rollbook run plan ${run.runId} --csv`)
  if (run.hold === null) return lines
  return [
    ...lines,
    '',
    'A real import would be held, because a safety limit is met:',
    ...describeLimits(run.hold.limits),
  ]
}
