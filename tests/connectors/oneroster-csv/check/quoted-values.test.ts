import assert from 'node:assert/strict'
import { quoteWord } from '../../../../connectors/oneroster-csv/rules/quote-word.ts'
import { findFileDefinition, listDataFiles } from '../../../../connectors/kit/one-roster/format/files.ts'
import { checkRoster } from '../../../fixtures/check-roster.ts'
import { RosterPackage } from '../../../fixtures/roster-package.ts'

/** What stands in a cell of somebody: names that are near to words of the lists among them, and what follows a shift. */
const personal = ['Quenselwyth', 'Aida', 'Terma', 'aline.quenselwyth@example.org', 'Quenselwyth-Ode', '555-0142', 'Eli']

describe('a finding', () => {
  for (const version of ['1.1', '1.2'] as const) {
    for (const value of personal) {
      it(`quotes nothing of a person, in whatever column it stands: ${value} (${version})`, async () => {
        const roster = new RosterPackage(version)
        for (const file of listDataFiles(version)) {
          const columns = findFileDefinition(version, file)?.columns.map(({ name }) => name) ?? []
          for (const column of columns.filter((name) => name !== 'sourcedId')) roster.set(file, 0, column, value)
        }
        for (const profile of ['default', 'strict'] as const) {
          const { findings } = await checkRoster(roster.members(), profile)
          assert.ok(findings.some(({ rule }) => rule === 'F-15') && findings.some(({ rule }) => rule === 'F-07'))
          const telling = findings.filter(({ message, column, file }) => `${message} ${column} ${file}`.includes(value))
          assert.deepEqual(telling, [])
        }
      })
    }
  }

  it('quotes nothing of another file that is called manifest.csv', async () => {
    for (const name of ['Quenselwyth', 'aline.quenselwyth', 'source.Quenselwyth']) {
      const rows = `propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,1.1\r\n${name},x\r\n${name},y\r\n`
      const roster = new RosterPackage('1.1').members().map((part) => {
        return part.name === 'manifest.csv' ? { ...part, data: rows } : part
      })
      for (const profile of ['default', 'strict'] as const) {
        const { findings } = await checkRoster(roster, profile)
        assert.ok(findings.some(({ rule }) => rule === 'M-09') || profile === 'strict')
        assert.equal(JSON.stringify(findings).includes(name), false)
      }
    }
  })

  it('quotes a word of the list that is misspelt, so that it can be looked for', async () => {
    const roster = new RosterPackage('1.1').set('users', 0, 'role', 'studnet').set('users', 1, 'role', 'Tea cher')
    const { findings } = await checkRoster(roster.members())
    const told = findings.filter(({ rule }) => rule === 'F-07').map(({ message }) => message.slice(0, 12))
    assert.deepEqual(told, ['"studnet" is', '"Tea cher" i'])
  })
})

describe('a word', () => {
  const roles = ['aide', 'parent', 'student', 'districtAdministrator', 'fully graded']
  it('is of a list when only a letter or two, capitals or signs are otherwise, the fewer the shorter it is', () => {
    const quoted = [
      'Aide',
      'AIDE ',
      'parnt',
      'STUDENTS',
      'district-administrator',
      'distritcAdministrater',
      'FullyGraded',
    ]
    for (const word of quoted) assert.equal(quoteWord(word, roles), `"${word}"`)
  })

  it('is a value of somebody otherwise', () => {
    for (const word of ['Aida', 'Aiden', 'Parsons', 'Stunden', 'Schulz', '', 'x'.repeat(500), 'student\u001b[2J']) {
      assert.equal(quoteWord(word, roles), undefined, word)
    }
  })
})
