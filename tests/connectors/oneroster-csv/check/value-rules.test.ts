import { testRuleCases } from '../../../fixtures/rule-cases.ts'
import type { RuleCase } from '../../../fixtures/rule-cases.ts'
import type { RosterPackage } from '../../../fixtures/roster-package.ts'

type Expected = Pick<RuleCase, 'strict' | 'default'>
type Where = Pick<RuleCase, 'version' | 'mode'>

const refused = (...rules: string[]): Expected => ({
  strict: rules.map((rule) => `${rule} error`),
  default: rules.map((rule) => `${rule} error`),
})
const repaired = (...rules: string[]): Expected => ({
  strict: rules.map((rule) => `${rule} error`),
  default: rules.map((rule) => `${rule} warning`),
})
const clean: Expected = { strict: [], default: [] }
const onlyDefault = (...told: string[]): Expected => ({ strict: [], default: told })

/** One value set in the first row of a file. */
function value(name: string, place: string, text: string, expected: Expected, where: Where = {}): RuleCase {
  const [file = '', column = ''] = place.split('.')
  const shown = text.length > 40 ? `${text.slice(0, 10)}…` : text
  const change = (roster: RosterPackage) => roster.set(file, 0, column, text)
  return { name: `${name} in ${place} "${shown}"`, change, ...expected, ...where }
}

const instant = '2025-09-01T08:00:00.000Z'
const delta: Where = { mode: 'delta' }
const v11: Where = { version: '1.1' }
const v12: Where = { version: '1.2' }

testRuleCases('a required value and an id', [
  value('F-01', 'results.scoreDate', '', refused('F-01')),
  value('F-01 and C-11', 'results.scoreDate', '  ', {
    strict: ['C-11 error', 'F-01 error'],
    default: ['C-11 warning', 'F-01 error'],
  }),
  value('F-01', 'resources.vendorResourceId', '', refused('F-01')),
  value('F-01 and F-09', 'classes.termSourcedIds', ',', {
    strict: ['F-01 error', 'F-09 error'],
    default: ['F-01 error', 'F-09 warning'],
  }),
  value('F-02', 'courseResources.sourcedId', 'rés 1', repaired('F-02')),
  value('F-02', 'courseResources.sourcedId', 'x'.repeat(256), refused('F-02')),
  value('F-02 and C-10', 'courseResources.sourcedId', 'a\u0001b', {
    strict: ['C-10 error', 'F-02 error'],
    default: ['C-10 warning', 'F-02 error'],
  }),
  value('F-26', 'courseResources.sourcedId', 'a/b', onlyDefault('F-26 info')),
  value('F-26', 'courseResources.sourcedId', 'x'.repeat(101), onlyDefault('F-26 info')),
  value('nothing', 'courseResources.sourcedId', 'A-z_0.9', clean),
])

testRuleCases('a date', [
  value('F-03', 'demographics.birthDate', '5/17/2010', refused('F-03')),
  value('F-03', 'demographics.birthDate', '2011-02-29', refused('F-03')),
  value('F-03', 'demographics.birthDate', '2010-05-17T00:00:00.0000000+00:00', refused('F-03')),
  value('nothing', 'demographics.birthDate', '2012-02-29', clean),
  value('F-04 and F-13', 'results.dateLastModified', '2025-09-01', repaired('F-04', 'F-13')),
  value('F-13', 'results.dateLastModified', instant, repaired('F-13')),
  value('F-13', 'results.status', 'active', repaired('F-13')),
  value('F-04', 'results.dateLastModified', '2025-09-01T08:00:00+02:00', repaired('F-04'), delta),
  value('F-04', 'results.dateLastModified', '2025-09-01', refused('F-04'), delta),
  value('F-14', 'results.dateLastModified', '', refused('F-14'), delta),
  value('F-14', 'results.status', '', refused('F-14'), delta),
  value('F-05', 'academicSessions.schoolYear', '2025-2026', repaired('F-05')),
  value('F-05', 'academicSessions.schoolYear', 'SY26', repaired('F-05')),
])

testRuleCases('a word of a vocabulary', [
  value('F-06', 'demographics.asian', 'TRUE', repaired('F-06')),
  value('F-06', 'demographics.asian', 'yes', refused('F-06')),
  value('F-07', 'classes.classType', 'Scheduled', repaired('F-07')),
  value('F-07', 'demographics.sex', 'f', refused('F-07')),
  value('F-07', 'demographics.sex', 'unspecified', refused('F-07'), v11),
  value('nothing', 'demographics.sex', 'unspecified', clean, v12),
  value('F-07', 'resources.roles', 'student,pupil', refused('F-07')),
  value('F-07', 'classes.classType', 'ext:club', refused('F-07'), v11),
  value('nothing', 'classes.classType', 'ext:club', clean, v12),
  value('F-07', 'resources.importance', 'ext:some', refused('F-07')),
  value('F-12', 'courses.grades', '9', { strict: ['F-12 warning'], default: ['F-12 warning'] }),
  value('F-12', 'courses.grades', '09,Senior', { strict: ['F-12 warning'], default: ['F-12 warning'] }),
  value('F-15', 'resources.status', 'inactive', repaired('F-15'), delta),
  value('F-15', 'resources.status', 'Active', repaired('F-15'), delta),
  value('F-15', 'resources.status', 'deleted', refused('F-15'), delta),
  value('F-13 and F-15', 'resources.status', 'inactive', repaired('F-13', 'F-15')),
])

testRuleCases('a number and a list', [
  value('F-08', 'results.score', '8,5', refused('F-08')),
  value('F-08', 'categories.weight', '2.5', refused('F-08'), v12),
  value('nothing', 'results.score', '-0.5', clean),
  value('nothing', 'results.score', '1e1', clean),
  value('F-09', 'courses.grades', '09,,10', repaired('F-09')),
  value('F-10', 'courses.grades', '09, 10', { strict: ['F-10 warning'], default: ['F-10 warning'] }),
  value('F-10', 'classes.termSourcedIds', 'fall-2025, fall-2025', repaired('F-10')),
  value('F-11', 'users.userIds', 'LDAP:12', repaired('F-11')),
  value('nothing', 'users.userIds', '{LDAP:1:2}', clean),
  value('F-16', 'courses.subjects', 'Science', repaired('F-16')),
  value('F-16', 'courses.subjects', '', { strict: ['F-16 warning'], default: ['F-16 warning'] }, v11),
  value('F-16', 'courses.subjects', '', repaired('F-16'), v12),
  value('F-23', 'scoreScales.scoreScaleValue', 'A=94', refused('F-23'), v12),
  value('F-24', 'lineItemLearningObjectiveIds.learningObjectiveId', 'cells', repaired('F-24'), v12),
])

testRuleCases('a value that receivers stumble over', [
  value('F-17', 'users.email', 'ada at example.org', onlyDefault('F-17 warning')),
  value('F-17', 'users.email', 'ada@localhost', onlyDefault('F-17 warning')),
  value('F-18', 'users.sms', '(503) 555-0100', onlyDefault('F-18 info')),
  value('F-19', 'users.username', 'BEN.oneil', onlyDefault('F-19 warning')),
  value('F-20', 'users.identifier', '6.12E+12', onlyDefault('F-20 warning')),
  value('F-20', 'results.comment', '#N/A', onlyDefault('F-20 warning')),
  value('F-20 and F-03', 'demographics.birthDate', '40315', {
    strict: ['F-03 error'],
    default: ['F-03 error', 'F-20 warning'],
  }),
  value('F-21', 'results.comment', '=1+1', onlyDefault('F-21 info')),
  value('F-25', 'orgs.name', 'Lincoln/County', onlyDefault('F-25 info')),
  {
    name: 'F-22 once, however many passwords there are',
    change: (roster) => roster.set('users', 0, 'password', ' x ').set('users', 1, 'password', '=y'),
    ...onlyDefault('F-22 info'),
  },
  {
    name: 'no F-19 for a user who may not sign in',
    change: (roster) =>
      roster
        .addRow('users', { sourcedId: 'student-9', enabledUser: 'false', role: 'parent', email: '', identifier: '' })
        .addRow('users', {
          sourcedId: 'student-8',
          enabledUser: 'true',
          username: 'x',
          email: '',
          userIds: '',
          identifier: '',
        })
        .set('users', 4, 'role', 'parent')
        .set('users', 3, 'userIds', ''),
    ...clean,
    ...v11,
  },
])
