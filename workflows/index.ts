export { applyImport } from './apply-import.ts'
export { deliverMail, deliverWebhook } from './deliver.ts'
export { runImport } from './run-import.ts'
export { sweepNotifications } from './sweep-notifications.ts'
