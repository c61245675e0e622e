import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import JSZip from 'jszip'
import { makePackage } from '../../../simulators/oneroster-package/make-package.ts'
import { writeDistrict } from '../../../simulators/oneroster-package/write-district.ts'
import { makeFolder } from '../../cli/make-folder.ts'
import { runCommand } from '../../cli/run-command.ts'

const request = { seed: 11, students: 400 }

type Validated = {
  readonly verdict: string
  readonly byRule: Readonly<Record<string, unknown>>
  readonly files: Readonly<Record<string, { readonly rows: number }>>
}

describe('a package with every file of the district', () => {
  for (const version of ['1.1', '1.2'] as const) {
    it(`breaks no rule of OneRoster ${version} on any day`, async () => {
      for (const day of [1, 2]) {
        const path = join(makeFolder(), 'district.zip')
        writeFileSync(path, await buffer(writeDistrict({ ...request, version, day })))
        const { exitCode, stdout } = await runCommand(['validate', path, '--profile', 'strict', '--json'])
        const validated = JSON.parse(stdout) as Validated
        assert.equal(exitCode, 0)
        assert.deepEqual([validated.verdict, validated.byRule], ['accepted', {}])
        assert.equal(Object.keys(validated.files).length, version === '1.1' ? 10 : 12)
      }
    })
  }

  it('has the same bytes for the same request, and others for another day', async () => {
    const digest = async (day: number) =>
      createHash('sha256')
        .update(await buffer(writeDistrict({ ...request, day })))
        .digest('hex')
    const first = await digest(1)
    assert.equal(await digest(1), first)
    assert.notEqual(await digest(2), first)
  })

  it('has only the files that are asked for', async () => {
    const zip = await JSZip.loadAsync(await buffer(writeDistrict({ ...request, files: ['orgs', 'courses'] })))
    assert.deepEqual(Object.keys(zip.files).sort(), ['courses.csv', 'manifest.csv', 'orgs.csv'])
    assert.match((await zip.file('manifest.csv')?.async('text')) ?? '', /file\.users,absent/)
  })

  it('has the students of the package of students alone, and those who left no more', async () => {
    const idsIn = async (bytes: Buffer) => {
      const text = (await (await JSZip.loadAsync(bytes)).file('demographics.csv')?.async('text')) ?? ''
      return text
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[0])
    }
    const alone = await idsIn(await buffer(makePackage(request)))
    const whole = new Set(await idsIn(await buffer(writeDistrict(request))))
    const left = alone.filter((id) => !whole.has(id))
    assert.equal(alone.length, 400)
    assert.equal(left.length, Math.ceil((400 - 10) / 97))
    assert.equal(whole.size + left.length, 400)
  })
})
