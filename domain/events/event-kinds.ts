/**
 * What an event says about its topic: `bad` opens trouble or repeats it, `well` ends the trouble of its topic, `plain`
 * does neither.
 */
export type EventMood = 'bad' | 'well' | 'plain'

/**
 * Who hears of an event by mail. `always`: every time. `newTrouble`: when it is new, and again once the window of
 * repetition is over. `recovery`: only when it ends trouble. Webhooks get every event.
 */
export type MailRule = 'always' | 'newTrouble' | 'recovery' | 'never'

type EventKindFacts = {
  readonly mood: EventMood
  readonly mail: MailRule
  /** What the event is about; trouble and its end are matched within (topic, data type, connection). */
  readonly topic: 'import' | 'hold' | 'connection' | 'feed' | 'alerts' | 'delivery'
  /** The words shown to people. For the end of a run they are those of domain/import-run.ts. */
  readonly title: string
}

/**
 * Everything that people and other machines are told of. docs/reference/events.md is compared
 * with this table by a test. A kind is also the `type` of a webhook: adding one is fine, renaming one is not.
 */
export const eventKinds = {
  runCompleted: { mood: 'well', mail: 'always', topic: 'import', title: 'Import Completed' },
  runCompletedWithAlerts: { mood: 'well', mail: 'always', topic: 'import', title: 'Import Complete with Alerts' },
  runUnchanged: { mood: 'well', mail: 'recovery', topic: 'import', title: 'Import Completed – Nothing Changed' },
  runHeld: { mood: 'bad', mail: 'newTrouble', topic: 'hold', title: 'Held for Review' },
  runDiscarded: { mood: 'plain', mail: 'never', topic: 'import', title: 'Import Discarded' },
  runCancelled: { mood: 'plain', mail: 'always', topic: 'import', title: 'Import Cancelled' },
  runFailed: { mood: 'bad', mail: 'newTrouble', topic: 'import', title: 'Critical Error – Import Cancelled' },
  runStuck: { mood: 'bad', mail: 'newTrouble', topic: 'import', title: 'Import Needs Attention' },
  runUndone: { mood: 'plain', mail: 'always', topic: 'import', title: 'Undone' },
  runPartlyUndone: { mood: 'plain', mail: 'always', topic: 'import', title: 'Partly Undone' },
  runSkipped: { mood: 'bad', mail: 'newTrouble', topic: 'feed', title: 'Scheduled Import Skipped' },
  feedLate: { mood: 'bad', mail: 'newTrouble', topic: 'feed', title: 'Feed Is Late' },
  feedArrived: { mood: 'well', mail: 'recovery', topic: 'feed', title: 'Feed Is Back' },
  connectionFailed: { mood: 'bad', mail: 'newTrouble', topic: 'connection', title: 'Connection Failed' },
  connectionWorks: { mood: 'well', mail: 'recovery', topic: 'connection', title: 'Connection Works Again' },
  alertsReminder: { mood: 'plain', mail: 'always', topic: 'alerts', title: 'Alerts Are Still Open' },
  mailUndeliverable: { mood: 'plain', mail: 'never', topic: 'delivery', title: 'Mail Could Not Be Delivered' },
  webhookDisabled: { mood: 'plain', mail: 'always', topic: 'delivery', title: 'Webhook Disabled' },
} as const satisfies Record<string, EventKindFacts>
export type EventKind = keyof typeof eventKinds

/** The title of one event. A file that is refused is trouble, and no critical error: nothing of ours or of a source failed. */
export function titleOfEvent(kind: EventKind, failureCode: string | undefined): string {
  return kind === 'runFailed' && failureCode === 'INPUT_REFUSED' ? 'Import Refused' : eventKinds[kind].title
}

/** Every kind, in the order of the page that lists them. */
export const eventKindNames = Object.keys(eventKinds) as readonly EventKind[] // the keys of the table above

export function isEventKind(name: string): name is EventKind {
  return Object.hasOwn(eventKinds, name)
}
