import { randomUUID } from 'node:crypto'
import type { Version } from './options.ts'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** What is said of a refusal, in the words of 1.1 and of 1.2. */
const codeMinors = {
  invalidData: ['invalid data', 'invaliddata'],
  invalidFilter: ['invalid_filter_field', 'invalid_filter_field'],
  invalidSelection: ['invalid_selection_field', 'invalid_selection_field'],
  blankSelection: ['invalid_blank_selection_field', 'invalid_selection_field'],
  invalidSort: ['invalid_sort_field', 'invalid_selection_field'],
  unauthorized: ['unauthorized', 'unauthorisedrequest'],
  forbidden: ['forbidden', 'forbidden'],
  unknownObject: ['unknown object', 'unknownobject'],
  busy: ['server_busy', 'server_busy'],
  serverError: ['internal_server_error', 'internal_server_error'],
} as const

export type CodeMinor = keyof typeof codeMinors

/** A refusal that is thrown where it is found. */
export class Refusal extends Error {
  readonly status: number
  readonly code: CodeMinor
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: CodeMinor, description: string, headers: Readonly<Record<string, string>> = {}) {
    super(description)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** One entry of `statusInfoSet` (1.1). */
export function statusInfo(code: CodeMinor, description: string, severity: 'error' | 'warning' = 'error'): unknown {
  return {
    imsx_codeMajor: severity === 'error' ? 'failure' : 'success',
    imsx_severity: severity,
    imsx_codeMinor: codeMinors[code][0],
    imsx_description: description,
    imsx_operationRefIdentifier: randomUUID(),
    imsx_messageRefIdentifier: randomUUID(),
  }
}

export function errorBody(version: Version, code: CodeMinor, description: string): unknown {
  if (version === '1.1') return { statusInfoSet: [statusInfo(code, description)] }
  return {
    imsx_codeMajor: 'failure',
    imsx_severity: 'error',
    imsx_description: description,
    imsx_CodeMinor: {
      imsx_codeMinorField: [
        { imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: codeMinors[code][1] },
      ],
    },
  }
}

export function refusalAnswer(version: Version, refusal: Refusal): Answer {
  return jsonAnswer(refusal.status, errorBody(version, refusal.code, refusal.message), refusal.headers)
}
