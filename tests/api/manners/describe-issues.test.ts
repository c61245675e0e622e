import assert from 'node:assert/strict'
import type { z } from 'zod'
import { NewDistrict } from '../../../api/contract/district.ts'
import { PutSchedule } from '../../../api/contract/schedule.ts'
import { describeIssues, summarize } from '../../../api/manners/describe-issues.ts'
import { DropSettings } from '../../../connectors/kit/drop/drop-settings.ts'

function tell(schema: z.ZodType, value: unknown): string[] {
  const issues = schema.safeParse(value).error?.issues ?? []
  return describeIssues(issues).map(({ path, message }) => `${path}: ${message}`)
}

describe('what is wrong with a request', () => {
  it('says what is missing', () => {
    assert.deepEqual(tell(NewDistrict, { slug: 'lincoln' }), ['name: is missing; write a text'])
    assert.deepEqual(tell(PutSchedule, { everyHours: 24 }), [
      'at: is missing; every 24 hours needs the local time of the district, such as 02:30',
    ])
  })

  it('says what to write, from a closed list, a choice by name, a range or a form', () => {
    assert.deepEqual(tell(PutSchedule, { everyHours: 5 }), ['everyHours: write 4, 12 or 24'])
    for (const kind of ['ftp', undefined])
      assert.deepEqual(tell(DropSettings, { kind }), ['kind: write "folder" or "sftp"'])
    assert.deepEqual(tell(PutSchedule, { everyHours: 4, spreadMinutes: 99, schools: 'some' }), [
      'spreadMinutes: write 60 or less',
      'schools: write "all" or a list',
    ])
    assert.deepEqual(tell(PutSchedule, { everyHours: 4, at: '02:30' }), [
      'at: goes with every 24 hours alone; leave it out',
    ])
    assert.deepEqual(tell(NewDistrict, { slug: 'A B', name: '' }), [
      'slug: write lower-case letters, digits and hyphens, at most 63 characters',
      'name: write something',
    ])
  })

  it('names what nobody knows, and repeats no value that was sent', () => {
    const told = tell(DropSettings, { kind: 'folder', path: 'in', pasword: 'secret-1' })
    assert.deepEqual(told, ['pasword: nothing of this name is known here; look at its spelling, or leave it out'])
    assert.doesNotMatch(tell(DropSettings, { kind: 'secret-2', host: 7 }).join(), /secret/)
  })

  it('is summed up in one sentence', () => {
    const errors = [
      { path: 'everyHours', message: 'write 4, 12 or 24' },
      { path: 'at', message: 'leave it out' },
    ]
    assert.equal(summarize(errors), 'everyHours: write 4, 12 or 24. 1 more place is in "errors".')
    assert.equal(summarize(errors.slice(0, 1)), 'everyHours: write 4, 12 or 24.')
  })
})
