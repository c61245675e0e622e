import { testRuleCases } from '../../../fixtures/rule-cases.ts'
import type { RuleCase } from '../../../fixtures/rule-cases.ts'

const cases: readonly RuleCase[] = [
  {
    name: 'C-01: bytes that are not UTF-8',
    change: (roster) => roster.rewrite('results', (text) => Buffer.from(text.replace('Well', 'W\xe9ll'), 'latin1')),
    strict: ['C-01 block'],
    default: ['C-01 block'],
  },
  {
    name: 'C-02: a byte order mark',
    change: (roster) => roster.rewrite('users', (text) => `\ufeff${text}`),
    strict: ['C-02 info'],
    default: ['C-02 info'],
  },
  {
    name: 'C-03: UTF-16',
    change: (roster) => roster.rewrite('courseResources', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')),
    strict: ['C-03 block'],
    default: ['C-03 block'],
  },
  {
    name: 'C-04: a quote that is never closed',
    change: (roster) => roster.rewrite('courseResources', (text) => text.replace('course-1', '"course-1')),
    strict: ['C-04 block'],
    default: ['C-04 block'],
  },
  {
    name: 'C-04: text after a closing quote',
    change: (roster) => roster.rewrite('courseResources', (text) => text.replace('course-1', '"course"-1')),
    strict: ['C-04 block'],
    default: ['C-04 block'],
  },
  {
    name: 'C-05: a line break inside a value',
    change: (roster) => roster.set('results', 0, 'comment', 'Well\r\ndone'),
    strict: ['C-05 block'],
    default: ['C-05 warning'],
  },
  {
    name: 'C-06: a lone carriage return',
    change: (roster) => roster.rewrite('orgs', (text) => text.replace('\r\n', '\r')),
    strict: ['C-06 block'],
    default: ['C-06 block'],
  },
  {
    name: 'C-07: a row that is too short',
    change: (roster) => roster.rewrite('courseResources', (text) => text.replace(/,resource-1\r\n$/, '\r\n')),
    strict: ['C-07 block'],
    default: ['C-07 error'],
  },
  {
    name: 'C-07: a row with a surplus value',
    change: (roster) => roster.rewrite('courseResources', (text) => text.replace(/\r\n$/, ',more\r\n')),
    strict: ['C-07 block'],
    default: ['C-07 error'],
  },
  {
    name: 'C-07: a row with surplus blank cells',
    change: (roster) => roster.rewrite('courseResources', (text) => text.replace(/\r\n$/, ',, \r\n')),
    strict: ['C-07 block'],
    default: ['C-07 warning'],
  },
  {
    name: 'C-08: a blank line',
    change: (roster) => roster.rewrite('courseResources', (text) => `${text}\r\n`),
    strict: ['C-08 error'],
    default: ['C-08 info'],
  },
  {
    name: 'C-08: a line of nothing but commas',
    change: (roster) => roster.rewrite('courseResources', (text) => `${text},,,,,\r\n`),
    strict: ['C-08 error'],
    default: ['C-08 info'],
  },
  {
    name: 'C-09: a file with nothing but a header',
    change: (roster) => roster.clear('courseResources'),
    strict: ['C-09 block'],
    default: ['C-09 warning'],
  },
  {
    name: 'C-10: a control character in a value',
    change: (roster) => roster.set('results', 0, 'comment', 'Well\u0007done'),
    strict: ['C-10 error'],
    default: ['C-10 warning'],
  },
  {
    name: 'C-10: a character lost in an earlier conversion',
    change: (roster) => roster.set('results', 0, 'comment', 'W\ufffdll done'),
    strict: ['C-10 error'],
    default: ['C-10 warning'],
  },
  {
    name: 'C-11: a blank at the end of a value',
    change: (roster) => roster.set('results', 0, 'comment', 'Well done '),
    strict: ['C-11 error'],
    default: ['C-11 warning'],
  },
  {
    name: 'C-11: an optional value of blanks alone',
    change: (roster) => roster.set('results', 0, 'comment', '\u00a0 '),
    strict: ['C-11 error'],
    default: ['C-11 warning'],
  },
  {
    name: 'C-12: a value over the limit',
    change: (roster) => roster.set('results', 0, 'comment', 'x'.repeat((1 << 20) + 1)),
    strict: ['C-12 block'],
    default: ['C-12 block'],
  },
]

testRuleCases('a CSV file', cases)
