import { errorBody, jsonAnswer, type Answer } from '../answer.ts'
import type { FaultKind, Page } from './fault.ts'

/** Other answers than the page, and pages that cannot be read. */
export const faultsOfAnswers = {
  'token-revoked': {
    about: 'all tokens are taken back in the middle of a reading: 401',
    page: 2,
    times: 1,
    revokesTokens: true,
    refuse: ({ version }) =>
      jsonAnswer(401, errorBody(version, 'unauthorized', 'The token was taken back'), {
        'www-authenticate': 'Bearer realm="oneroster", error="invalid_token"',
      }),
  },
  'rate-limited': {
    about: '429 with Retry-After',
    page: 2,
    times: 1,
    numbers: { seconds: 1 },
    refuse: ({ version }, { seconds }) => busy(version, { 'retry-after': String(seconds) }),
  },
  'rate-limited-silently': {
    about: '429 without Retry-After',
    page: 2,
    times: 1,
    refuse: ({ version }) => busy(version, {}),
  },
  'rate-limited-until': {
    about: '429 with a Retry-After that is a date',
    page: 2,
    times: 1,
    numbers: { seconds: 2 },
    refuse: ({ version }, { seconds }) =>
      busy(version, { 'retry-after': new Date(Date.now() + seconds * 1000).toUTCString() }),
  },
  'server-error': {
    about: '500',
    page: 2,
    times: 1,
    refuse: ({ version }) => jsonAnswer(500, errorBody(version, 'serverError', 'Something went wrong')),
  },
  'html-error': {
    about: '503 with a page for people',
    page: 2,
    times: 1,
    refuse: () => ({
      status: 503,
      headers: { 'content-type': 'text/html' },
      body: '<html><body><h1>503 Service Unavailable</h1></body></html>',
    }),
  },
  'error-with-200': {
    about: 'the payload of an error with status 200',
    page: 2,
    times: 1,
    refuse: ({ version }) => jsonAnswer(200, errorBody(version, 'serverError', 'The report is being rebuilt')),
  },
  'filter-refused': {
    about: 'filter is not supported: 400',
    isOfFilters: true,
    refuse: ({ version }) => jsonAnswer(400, errorBody(version, 'invalidFilter', 'filter is not supported')),
  },
  'truncated-json': {
    about: 'the JSON ends in its middle, and the length of the body agrees',
    page: 2,
    times: 1,
    body: (text) => text.slice(0, Math.floor(text.length / 2)),
  },
  'malformed-json': {
    about: 'a comma too many in the JSON',
    page: 2,
    times: 1,
    body: (text) => text.replace(/\]\}$/, ',]}'),
  },
} satisfies Readonly<Record<string, FaultKind>>

function busy(version: Page['version'], headers: Readonly<Record<string, string>>): Answer {
  return jsonAnswer(429, errorBody(version, 'busy', 'Too many requests'), headers)
}
