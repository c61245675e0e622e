import assert from 'node:assert/strict'
import type { Profile } from '../../../../../domain/import-rules/finding.ts'
import { listFilesToRead } from '../../../../../connectors/oneroster-csv/rules/manifest/file-modes.ts'
import type { ManifestFacts } from '../../../../../connectors/oneroster-csv/rules/manifest/manifest-facts.ts'
import { deriveManifest } from '../../../../../connectors/oneroster-csv/rules/manifest/manifest.ts'
import { findNearestName } from '../../../../../connectors/oneroster-csv/rules/manifest/nearest-name.ts'
import { manifestContentRules, manifestRules } from '../../../../../connectors/oneroster-csv/rules/manifest/rules.ts'
import { findVersion } from '../../../../../connectors/oneroster-csv/rules/manifest/versions.ts'
import { buildFindings } from '../../../../../connectors/oneroster-csv/rules/package/placed-problem.ts'
import { makeManifest } from '../../../../fixtures/small-package.ts'

type Told = Record<Profile, readonly string[]>

function factsOf(text: string, present: readonly string[]): ManifestFacts {
  const lines = text.split('\n').map((line, i) => ({ line: i + 1, cells: line.split(',') }))
  const manifest = deriveManifest('manifest.csv', lines)
  return { manifest, version: findVersion(manifest), presentFiles: new Set(present) }
}

/** `rule severity line` of each finding; the line is left out where the finding has none. */
function check(text: string, present: readonly string[] = ['orgs', 'users']): Told {
  const facts = factsOf(text, present)
  const tell = (profile: Profile): string[] =>
    manifestContentRules(facts)
      .flatMap((rule) => buildFindings(rule, rule.check(facts), profile))
      .map(({ rule, severity, line }) => [rule, severity, line].filter((part) => part !== undefined).join(' '))
  return { default: tell('default'), strict: tell('strict') }
}

const change = (from: string, to: string): string => makeManifest().replace(from, to)
const told = (inDefault: readonly string[], inStrict: readonly string[] = inDefault): Told => ({
  default: inDefault,
  strict: inStrict,
})

describe('the rules on a manifest', () => {
  it('find nothing in a good one', () => {
    assert.deepEqual(check(makeManifest()), told([]))
    assert.deepEqual(check(makeManifest({}, { version: '1.2', rows: ['source.systemName,Acme'] }), []), told([]))
  })

  it('M-02: want the header, and in the default profile forgive other names for two columns', () => {
    assert.deepEqual(
      check(change('propertyName,value', 'propertyName,propertyValue')),
      told(['M-02 warning 1'], ['M-02 block 1']),
    )
    assert.deepEqual(
      check(change('propertyName,value', 'PropertyName,Value')),
      told(['M-02 warning 1'], ['M-02 block 1']),
    )
    assert.deepEqual(check(change('propertyName,value', 'propertyName,value,')), told(['M-02 block 1']))
    assert.deepEqual(check(change('propertyName,value\n', '')), told(['M-02 block 1']))
    assert.deepEqual(check(change('propertyName,value', 'value,propertyName')), told(['M-02 block 1']))
    assert.deepEqual(check(''), told(['M-02 block']))
  })

  it('M-03: want two cells in a row, surplus blank ones forgiven', () => {
    assert.deepEqual(check(change('version,1.0', 'version,1.0,')), told(['M-03 warning 2'], ['M-03 block 2']))
    assert.deepEqual(check(change('version,1.0', 'version,1.0,x')), told(['M-03 block 2']))
    assert.deepEqual(check(change('file.courses,absent', 'file.courses')), told(['M-03 block 6']))
  })

  it('M-04: want manifest.version 1.0, as a spreadsheet writes it too', () => {
    assert.deepEqual(check(change('version,1.0', 'version,1')), told(['M-04 warning 2'], ['M-04 block 2']))
    assert.deepEqual(check(change('version,1.0', 'version,2.0')), told(['M-04 block 2']))
    assert.deepEqual(check(change('manifest.version,1.0\n', '')), told(['M-04 block']))
  })

  it('M-05: want a version of OneRoster that is supported, and ask nothing more when it is not', () => {
    const newest = makeManifest({}, { version: '1.2' }).replace('version,1.2', 'version,1.2.1')
    assert.deepEqual(check(newest, []), told(['M-05 warning 3'], ['M-05 block 3']))
    assert.deepEqual(check(change('oneroster.version,1.1', 'oneroster.version,1.0'), []), told(['M-05 block 3']))
    assert.deepEqual(check(change('oneroster.version,1.1\n', ''), []), told(['M-05 block']))
  })

  it('M-06: want a row for each file; a missing one means absent if the file is not there', () => {
    assert.deepEqual(check(change('file.courses,absent\n', '')), told(['M-06 warning'], ['M-06 block']))
    assert.deepEqual(check(change('file.users,bulk\n', '')), told(['M-06 error'], ['M-06 block']))
  })

  it('M-07: want a known mode; a blank one means absent if the file is not there', () => {
    assert.deepEqual(check(change('users,bulk', 'users,Bulk')), told(['M-07 error 8'], ['M-07 block 8']))
    assert.deepEqual(check(change('courses,absent', 'courses,')), told(['M-07 warning 6'], ['M-07 block 6']))
    assert.deepEqual(check(change('users,bulk', 'users,')), told(['M-07 error 8'], ['M-07 block 8']))
  })

  it('M-08: want a property once, and forgive repeating the same', () => {
    const same = makeManifest(undefined, { rows: ['file.users,bulk'] })
    assert.deepEqual(check(same), told(['M-08 warning 17'], ['M-08 block 17']))
    assert.deepEqual(check(makeManifest(undefined, { rows: ['file.users,delta'] })), told(['M-08 block 17']))
  })

  it('M-09: want known properties of the version', () => {
    const unknown = makeManifest(undefined, { rows: ['file.roles,absent', 'colour,blue'] })
    assert.deepEqual(check(unknown), told(['M-09 warning 17', 'M-09 warning 18'], ['M-09 block 17', 'M-09 block 18']))
  })

  it('M-10 and M-11: want files to be there as listed', () => {
    assert.deepEqual(check(makeManifest(), ['orgs']), told(['M-10 block 8']))
    assert.deepEqual(check(makeManifest(), ['orgs', 'users', 'courses']), told(['M-11 error 6'], ['M-11 block 6']))
  })

  it('read a file only when it is there and its mode is known', () => {
    const modes = { orgs: 'bulk', users: 'delta', courses: 'Bulk', classes: 'bulk' }
    const facts = factsOf(makeManifest(modes), ['orgs', 'users', 'courses', 'results'])
    assert.deepEqual(listFilesToRead(facts), [
      { name: 'orgs', mode: 'bulk' },
      { name: 'users', mode: 'delta' },
    ])
  })

  it('are M-01 to M-13, each once', () => {
    const ids = manifestRules.map(({ id }) => id)
    assert.deepEqual(
      ids.toSorted(),
      Array.from({ length: 13 }, (_, i) => `M-${String(i + 1).padStart(2, '0')}`),
    )
  })
})

describe('the nearest known name', () => {
  const known = ['file.users', 'file.orgs', 'source.systemName']

  it('is the one that was meant', () => {
    assert.equal(findNearestName('fiel.users', known), 'file.users')
    assert.equal(findNearestName('FILE.ORGS', known), 'file.orgs')
    assert.equal(findNearestName('source.sysName', known), 'source.systemName')
  })

  it('is none when nothing is near', () => {
    assert.equal(findNearestName('colour', known), undefined)
    assert.equal(findNearestName('f'.repeat(10_000), known), undefined)
  })
})
