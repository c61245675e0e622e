import type { DistrictRow } from '../../db/access/districts.ts'
import type { EventRow } from '../../db/notify/events.ts'
import { allDataTypes } from '../../domain/data-types/registry.ts'
import { titleOfEvent, type EventKind } from '../../domain/events/event-kinds.ts'
import type { AlertFacts, EventFacts } from '../../domain/events/event-facts.ts'
import { formatInstant } from '../../domain/format-instant.ts'
import { noCounts } from '../../domain/import-run.ts'
import { describeScope } from '../../domain/plan/describe-scope.ts'
import { adviseOn, describeStep } from '../../domain/run-trouble.ts'
import type { Notice } from './render-notice.ts'

/**
 * The words of a mail about an event: district, data type, status; counts, rule ids, what to do and where to look.
 * Nothing else of a run is known here, so nothing about a person can get in.
 */
export function describeEvent(event: EventRow, district: DistrictRow, publicUrl: string | undefined): Notice {
  const { kind, dataType, runId, facts, occurredAt, endedCount } = event
  const title = titleOfEvent(kind, facts.failureCode)
  const of = dataType === allDataTypes ? 'all data types' : dataType
  const about = of === null ? district.name : `${district.name}, ${of}`
  const url = runId === null ? undefined : deriveRunUrl(publicUrl, runId)
  return {
    subject: `${about}: ${title}`,
    title,
    paragraphs: [explain(kind, facts), ...describeLeftOut(facts), ...(endedCount > 0 ? [describeEnd(endedCount)] : [])],
    tables: [
      {
        heading: 'Summary',
        rows: [
          ['District', `${district.name} (${district.slug})`],
          ...(of === null ? [] : [['Data type', of] as const]),
          ['When', formatInstant(occurredAt, district.timeZone)],
          ...(runId === null ? [] : [['Run', runId] as const]),
          ...describeFacts(facts, district.timeZone),
        ],
      },
      ...describeLists(facts),
    ],
    commands: listCommands(event, district.slug),
    link: url === undefined ? undefined : { label: 'The log of the run', url },
  }
}

/** Where the log of a run is read. */
export function deriveRunUrl(publicUrl: string | undefined, runId: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}/api/runs/${runId}`
}

const explanations: Readonly<Record<EventKind, string>> = {
  runCompleted: 'The import was applied.',
  runCompletedWithAlerts: 'The import was applied, and something in it asks for a person.',
  runUnchanged: 'The source showed nothing new; the records are in step with it.',
  runHeld: 'The plan of this import meets a safety limit. What the limit is about waits until somebody decides.',
  runDiscarded: 'The plan of this import was put away, and what it kept back is not applied.',
  runCancelled: 'Somebody cancelled this import. What had been applied before that stands in its log.',
  runFailed: 'This import could not be completed. The records are as they were, beyond what its log says.',
  runStuck: 'This import does not get on and needs somebody to look at it.',
  runUndone: 'Every change of this import was taken back.',
  runPartlyUndone: 'This import was taken back, except for what was changed since.',
  runSkipped: 'A scheduled import did not start, because the one before it is still under way.',
  feedLate: 'Nothing new has come from the source for longer than it should take.',
  feedArrived: 'The source sends again.',
  connectionFailed: 'The source could not be reached, or refuses the connection.',
  connectionWorks: 'The source can be reached again.',
  alertsReminder:
    'Alerts of earlier imports are still open. They close when somebody resolves them or the source mends them.',
  mailUndeliverable: 'A mail could not be delivered and is not tried again.',
  webhookDisabled: 'A webhook accepted nothing for long and was disabled. Enable it when its receiver works again.',
}

function explain(kind: EventKind, { failureCode, step, attempts = 0, waitsFor = [] }: EventFacts): string {
  if (waitsFor.length > 0) {
    return `${explanations[kind]} It waits for ${waitsFor.join(' and ')}, of which no import was ever completed; what to do: import that first.`
  }
  if (failureCode === undefined) return explanations[kind]
  if (step === undefined) return `${explanations[kind]} The code is ${failureCode}.`
  const failed = attempts === 0 ? '' : `, which has failed ${attempts} times and is tried again`
  return `${explanations[kind]} The step: ${describeStep(step)}${failed}. The code is ${failureCode}. What to do: ${adviseOn(failureCode)}.`
}

function describeLeftOut({ alerts = [] }: EventFacts): string[] {
  if (!alerts.some(({ kind }) => kind === 'notImported')) return []
  return [
    'Some records of the source were not imported. Correct them there by what the findings say; the alert closes with the next ' +
      'import that takes them. What is held of them stays as it is until then.',
  ]
}

function describeEnd(endedCount: number): string {
  return endedCount === 1
    ? 'This ends a failure that was told of before.'
    : `This ends a failure that was told of before; it had come ${endedCount} times.`
}

/** In the order of the documents; a stored object has lost it. */
const countNames = Object.keys(noCounts) as readonly (keyof typeof noCounts)[] // its own keys

type Row = readonly [label: string, value: string]

function describeFacts(facts: EventFacts, timeZone: string): Row[] {
  const { counts, findings, undoUntil, openDays, lastSeenAt, expectedEveryMs } = facts
  const hours = expectedEveryMs === undefined ? undefined : Math.round(expectedEveryMs / 360_000) / 10
  const rows: (Row | undefined)[] = [
    ...(counts === undefined ? [] : countNames.map((name): Row => [toWords(name), String(counts[name])])),
    findings && ['Findings', `${findings.block} block, ${findings.error} error, ${findings.warning} warning`],
    ...(['reverted', 'madeInactive', 'skipped'] as const).map((name): Row | undefined => {
      const count = facts[name]
      return count === undefined ? undefined : [toWords(name), String(count)]
    }),
    undoUntil ? ['Can be undone until', formatInstant(new Date(undoUntil), timeZone)] : undefined,
    openDays === undefined ? undefined : ['Open for', `${openDays} ${openDays === 1 ? 'day' : 'days'}`],
    lastSeenAt ? ['Last new data', formatInstant(new Date(lastSeenAt), timeZone)] : undefined,
    hours === undefined ? undefined : ['Expected every', `${hours} ${hours === 1 ? 'hour' : 'hours'}`],
    facts.webhookId === undefined ? undefined : ['Webhook', facts.webhookId],
    facts.deliveryId === undefined ? undefined : ['Delivery', facts.deliveryId],
  ]
  return rows.filter((row) => row !== undefined)
}

function describeLists({ limits = [], alerts = [], rules = [] }: EventFacts): Notice['tables'] {
  const tables = [
    {
      heading: 'Limits that are met',
      rows: limits.map((met): Row => {
        const { limit, value, max, count } = met
        const records = `${count} ${count === 1 ? 'record' : 'records'}`
        return [`${limit}, ${describeScope(met)}`, `${records}, ${toPercent(value)} (limit ${toPercent(max)})`]
      }),
    },
    {
      heading: 'Open alerts',
      rows: alerts.map((alert): Row => [nameAlert(alert), countAlert(alert)]),
    },
    {
      heading: 'Findings by rule',
      rows: rules.map(({ rule, severity, count }): Row => [`${rule} (${severity})`, String(count)]),
    },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}

const alertNames: Readonly<Record<string, string>> = {
  notImported: 'Not imported, rule',
  missingExpected: 'Without',
  unmappedCode: 'With a code that is mapped to none of ours,',
  duplicateCase: 'May be somebody held already',
}

function nameAlert({ kind, field }: AlertFacts): string {
  const name = alertNames[kind] ?? `${kind},`
  return field === null || field === '' ? name : `${name} ${field}`
}

function countAlert({ count, new: newCount, held }: AlertFacts): string {
  return newCount === undefined || held === undefined ? String(count) : `${count} (${newCount} new, ${held} held)`
}

function listCommands(event: EventRow, district: string): string[] {
  const { kind, runId, dataType, facts } = event
  const isOpen = (alert: string) => facts.alerts?.some((open) => open.kind === alert) === true
  if (kind === 'alertsReminder' || kind === 'runCompletedWithAlerts') {
    return [
      ...(runId === null ? [] : [`npx rollbook run show ${runId}`]),
      ...(runId !== null && isOpen('notImported') ? [`npx rollbook run findings ${runId} --csv`] : []),
      ...(['duplicateCase', 'identityConflict'].some(isOpen) ? [`npx rollbook alert list --district ${district}`] : []),
    ]
  }
  if (kind === 'webhookDisabled') return [`npx rollbook webhook list --district ${district}`]
  if (runId === null) return dataType === null ? [] : [`npx rollbook run list --district ${district}`]
  const show = `npx rollbook run show ${runId}`
  if (kind === 'runHeld') return [show, `npx rollbook hold approve ${runId}`, `npx rollbook hold discard ${runId}`]
  if (kind === 'runFailed') return [show, `npx rollbook run findings ${runId}`]
  return [show]
}

function toPercent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}

/** `madeInactive` → `Made inactive`. */
function toWords(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
