import assert from 'node:assert/strict'
import { join } from 'node:path'
import { checkCommentedFiles, checkNamedFiles, checkStory } from './document-checks.ts'
import { checkSiblings } from './siblings.ts'
import { type SourceFile, listSourceFiles } from './source-files.ts'
import {
  checkChangelog,
  checkConnectorIds,
  checkDrawers,
  checkFileNames,
  checkFileSizes,
  checkLintExceptions,
  checkLockFile,
  checkMachineNames,
  checkPinnedVersions,
  checkPlatformWords,
  checkSecondHomes,
  checkTodos,
  treeChecks,
} from './tree-checks.ts'
import { checkUnusedExports } from './unused-exports.ts'

const file = (path: string, text = ''): SourceFile => ({ path, text })
const files = await listSourceFiles(join(import.meta.dirname, '..', '..'))

describe('this checkout', () => {
  for (const { name, check } of treeChecks) {
    it(`keeps: ${name}`, () => {
      assert.deepEqual(check(files), [])
    })
  }
})

describe('the checks of the tree', () => {
  it('find a file of more than 400 lines, and excuse fixtures and SQL', () => {
    const long = 'x\n'.repeat(401)
    const files = [file('domain/a.ts', long), file('connectors/acme/fixtures/b.ts', long), file('db/schema.sql', long)]
    assert.deepEqual(checkFileSizes(files), ['domain/a.ts has 401 lines: split it by noun'])
    assert.deepEqual(checkFileSizes([file('domain/a.ts', 'x\n'.repeat(400))]), [])
  })

  it('find a drawer, be it a folder or a file', () => {
    for (const path of ['domain/utils/a.ts', 'db/helpers.ts', 'api/types.test.ts', 'lib/a.ts', 'misc.js']) {
      assert.equal(checkDrawers([file(path)]).length, 1, path)
    }
    assert.deepEqual(checkDrawers([file('domain/data-types/students.ts'), file('cli/library.ts')]), [])
  })

  it('find a folder of more than twenty siblings, unless a page says why', () => {
    const many = Array.from({ length: 19 }, (_, at) => file(`db/plan/a${at}.ts`))
    const rooms = [file('db/plan/b/a.ts'), file('db/plan/b/c.ts')]
    const page = file('db/plan/README.md')
    assert.deepEqual(checkSiblings([...many, ...rooms, page]), [])
    const tooMany = [...many, ...rooms, page, file('db/plan/c/a.ts')]
    assert.deepEqual(checkSiblings(tooMany), ['db/plan/ has 21 siblings: give each subject its room, or say why not'])
    const reason = '`db/plan/` has more than\ntwenty siblings: one for each table, and tables come in dozens.'
    for (const path of ['ARCHITECTURE.md', 'db/README.md', 'db/plan/README.md']) {
      assert.deepEqual(checkSiblings([...tooMany, file(path, reason)]), [], path)
    }
    for (const elsewhere of [file('api/README.md', reason), file('db/README.md', reason.slice(0, 45))]) {
      assert.equal(checkSiblings([...tooMany, elsewhere]).length, 1)
    }
  })

  it('find a name that is not kebab-case', () => {
    for (const path of ['domain/buildPlan.ts', 'domain/BuildPlan.ts', 'Domain/plan.ts', 'db/build_plan.ts']) {
      assert.equal(checkFileNames([file(path)]).length, 1, path)
    }
    const good = ['domain/build-plan.test.ts', 'README.md', '.prettierignore', 'db/migrations/0001_first.sql']
    assert.deepEqual(checkFileNames(good.map((path) => file(path))), [])
  })

  it('find a path or a host of a machine', () => {
    // Put together here, so that this file does not hold what it looks for.
    const slash = '/'
    for (const text of [
      `cd ${slash}root${slash}rollbook`,
      `${slash}home${slash}ann${slash}x`,
      ['10', '1', '2', '3'].join('.'),
      ['registry', 'example', 'org'].join('.'),
    ]) {
      assert.equal(checkMachineNames([file('docs/a.md', text)]).length, 1, text)
    }
    assert.deepEqual(checkMachineNames([file('docs/a.md', 'http://127.0.0.1:8080/home and docs/work/')]), [])
  })

  it('find an export that no other file takes, whatever form it has', () => {
    const home = file(
      'db/a.ts',
      ['const one = 1', 'async function two() {}', 'class Three {}', 'const four = 4', 'type Five = 5']
        .map((line) => `export ${line}\n`)
        .join(''),
    )
    const takes = file('api/b.ts', "import {\n  type Three,\n  four as fourth,\n} from '../db/a.ts'\n")
    assert.deepEqual(checkUnusedExports([home, takes]), [
      'db/a.ts exports one, which no other file takes',
      'db/a.ts exports two, which no other file takes',
    ])
    for (const text of ["import * as a from '../db/a.ts'", "await import('../db/a.ts')"]) {
      assert.deepEqual(checkUnusedExports([home, file('api/b.ts', text)]), [])
    }
  })

  it('find a list of words that has its home elsewhere', () => {
    for (const text of [
      "type Severity = 'block' | 'error'",
      'export type Counts = {\n  readonly block: number\n  readonly error: number\n}',
      "z.enum(['create', 'update', 'deactivate'])",
      "  | 'deactivations'\n  | 'updates'",
    ]) {
      assert.equal(checkSecondHomes([file('api/contract/a.ts', text)]).length, 1, text)
    }
    const homes = ['domain/import-rules/finding.ts', 'domain/plan/plan-action.ts']
    const text = "'block', 'error'"
    assert.deepEqual(
      homes.map((path) => checkSecondHomes([file(path, text)]).length),
      [0, 1],
    )
  })

  it('find a connector named in the core, and allow it in connectors/ and in a comment', () => {
    const text = "if (connector === 'clever') fetchPages()"
    assert.equal(checkConnectorIds([file('activities/a.ts', text)]).length, 1)
    assert.deepEqual(checkConnectorIds([file('connectors/clever/connector.ts', text)]), [])
    assert.deepEqual(checkConnectorIds([file('api/a.ts', '/** For example `clever`. */')]), [])
    const added = [file('connectors/acme/connector.ts'), file('db/a.ts', "where connector = 'acme'")]
    assert.equal(checkConnectorIds(added).length, 1)
  })

  it('find a roster word in platform/', () => {
    assert.equal(checkPlatformWords([file('platform/log.ts', 'const studentCount = 1; // students')]).length, 1)
    assert.deepEqual(checkPlatformWords([file('db/log.ts', 'students')]), [])
  })

  it('find a lint exception without its reason', () => {
    const bare = '// eslint-disable-next-line no-console'
    assert.equal(checkLintExceptions([file('db/a.ts', bare)]).length, 1)
    assert.deepEqual(checkLintExceptions([file('db/a.ts', `${bare} -- the log is not open yet`)]), [])
  })

  it('find a TODO without an issue number', () => {
    assert.equal(checkTodos([file('db/a.ts', '// TODO: later')]).length, 1)
    assert.deepEqual(checkTodos([file('db/a.ts', '// TODO #12: later')]), [])
  })

  it('find a changelog without an Unreleased section', () => {
    assert.equal(checkChangelog([file('CHANGELOG.md', '# Changelog\n')]).length, 1)
    assert.equal(checkChangelog([]).length, 1)
  })

  it('find a version that is not exact, and an address in the lock file', () => {
    const manifest = JSON.stringify({ dependencies: { a: '^1.0.0', b: '1.0.0-beta.17', c: 'latest' } })
    assert.equal(checkPinnedVersions([file('package.json', manifest)]).length, 2)
    const lock = '{\n"resolved": "https://example.org/a.tgz"\n}'
    assert.equal(checkLockFile([file('package-lock.json', lock)]).length, 1)
  })

  it('find a document that names a file which is not there', () => {
    const page = file('docs/a.md', 'See `domain/gone.ts`, `domain/here.ts`, `domain/` and `domain/<type>.ts`.')
    assert.deepEqual(checkNamedFiles([page, file('domain/here.ts')]), [
      'docs/a.md names domain/gone.ts, which is not there',
    ])
  })

  it('find what the page of a folder names beside itself, and follow its links', () => {
    const text =
      '`here.ts`, `gone.ts`, `parts/`, `lost/`, [up](../b/README.md#x), [lost](lost.md), [there](https://a.example)'
    const tree = [file('db/a/README.md', text), file('db/a/here.ts'), file('db/a/parts/c.ts'), file('db/b/README.md')]
    assert.deepEqual(checkNamedFiles(tree), [
      'db/a/README.md names gone.ts, which is not there',
      'db/a/README.md names lost/, which is not there',
      'db/a/README.md names lost.md, which is not there',
    ])
    assert.deepEqual(checkNamedFiles([file('CHANGELOG.md', '`domain/gone.ts`')]), [])
  })

  it('find a comment that names a file which is not there', () => {
    const here = [file('db/a/here.ts'), file('docs/page.md')]
    // Put together here, so that this file does not hold what it looks for.
    const slashes = '/'.repeat(2)
    for (const [path, text] of [
      ['db/1.sql', 'select 1; -- as db/a/gone.ts says'],
      ['db/a/b.ts', '/** See gone.ts. */'],
      ['db/a/b.ts', `const a = 1 ${slashes} gone.md, part 2`],
      ['db/a/b.ts', '/**\n * domain/gone.ts\n */'],
      ['deploy/c.yml', 'a: 1 # see docs/gone.md'],
    ] as const) {
      assert.equal(checkCommentedFiles([...here, file(path, text)]).length, 1, text)
    }
    const good = `${slashes} here.ts, db/a/here.ts, docs/page.md, users.csv, https://a.example/gone.md\nread("gone.ts")`
    assert.deepEqual(checkCommentedFiles([...here, file('db/a/b.ts', good), file('db/a/gone.csv')]), [])
  })

  it('find an ARCHITECTURE.md that is no story any more, and a page that it does not lead to', () => {
    const pages = [file('db/README.md'), file('api/README.md')]
    const story = (lines: number) =>
      file('ARCHITECTURE.md', '[db](db/README.md) and [api](api/README.md)\n'.repeat(lines))
    assert.deepEqual(checkStory([story(80), ...pages, file('README.md')]), [])
    assert.equal(checkStory([story(81), ...pages]).length, 1)
    assert.deepEqual(checkStory([story(1), ...pages, file('cli/README.md')]), [
      'ARCHITECTURE.md does not lead to cli/README.md',
    ])
    assert.equal(checkStory(pages).length, 1)
  })
})
