import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkRoster } from '../../../fixtures/check-roster.ts'
import { countOpenFiles, hasOpenFiles } from '../../../fixtures/open-files.ts'
import { smallFiles, smallPackage } from '../../../fixtures/small-package.ts'

const userCount = 50_000
const firstLine = 2

/** As many users as do not fit into a finder's memory; the last three repeat a value of an early one. */
function manyUsers(): string {
  const lines = Array.from({ length: userCount }, (_, at) => {
    const username = at === userCount - 1 ? 'user-7' : `user-${at}`
    const email = at === userCount - 2 ? 'User-8@lincoln.example' : `user-${at}@lincoln.example`
    const identifier = at === userCount - 3 ? 'id-9' : `id-${at}`
    return `u${at},,,true,o1,student,${username},,Ada,Quill,,${identifier},${email},,,,09,\n`
  })
  return [smallFiles['users.csv']?.split('\n')[0], '\n', ...lines].join('')
}

describe('the values of a large package', () => {
  let folder = ''
  const temporaryFolder = process.env['TMPDIR']
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollbook-values-'))
    process.env['TMPDIR'] = folder
  })
  afterEach(() => {
    if (temporaryFolder === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporaryFolder
    rmSync(folder, { recursive: true, force: true })
  })

  it('are compared through a temporary file that is open no longer than the package is read', async () => {
    const openWhileReading = new Set<number>()
    const { findings } = await checkRoster(smallPackage({ 'users.csv': manyUsers() }), 'default', {
      drain: () => {
        openWhileReading.add(countOpenFiles(folder))
        return Promise.resolve()
      },
    })
    if (hasOpenFiles) assert.deepEqual([...openWhileReading], [0, 1])
    assert.equal(countOpenFiles(folder), 0)
    assert.deepEqual(
      findings.filter(({ rule }) => ['F-19', 'S-20'].includes(rule)).map(({ line, column }) => `${line} ${column}`),
      [
        `${userCount - 3 + firstLine} identifier`,
        `${userCount - 2 + firstLine} email`,
        `${userCount - 1 + firstLine} username`,
      ],
    )
  })

  it('leave no file open when the reading is broken off', async () => {
    let mostOpen = 0
    const drain = () => {
      mostOpen = Math.max(mostOpen, countOpenFiles(folder))
      return mostOpen > 0 || !hasOpenFiles ? Promise.reject(new Error('enough')) : Promise.resolve()
    }
    await assert.rejects(checkRoster(smallPackage({ 'users.csv': manyUsers() }), 'default', { drain }), /enough/)
    assert.equal(countOpenFiles(folder), 0)
  })

  it('are no findings when there is no room for them: the error of the file system is thrown', async () => {
    rmSync(folder, { recursive: true })
    await assert.rejects(checkRoster(smallPackage({ 'users.csv': manyUsers() })), { code: 'ENOENT' })
  })
})
