export { applyImport } from './apply-import.ts'
export { runImport } from './run-import.ts'
