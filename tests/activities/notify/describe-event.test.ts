import assert from 'node:assert/strict'
import { describeEvent } from '../../../activities/notify/describe-event.ts'
import { renderHtml, renderText } from '../../../activities/notify/render-notice.ts'
import type { DistrictRow } from '../../../db/access/districts.ts'
import type { EventRow } from '../../../db/notify/events.ts'
import { eventKindNames } from '../../../domain/events/event-kinds.ts'
import { noCounts } from '../../../domain/import-run.ts'

const district: DistrictRow = {
  id: '0198a000-0000-7000-8000-000000000001',
  slug: 'lincoln-county',
  name: 'Lincoln <County> & "Sons"',
  timeZone: 'America/Chicago',
  createdAt: new Date(0),
}
const event: EventRow = {
  id: '0198a000-0000-7000-8000-000000000002',
  districtId: district.id,
  kind: 'runHeld',
  onceKey: 'once',
  dataType: 'students',
  runId: '0198a000-0000-7000-8000-000000000003',
  connectionId: null,
  facts: {
    counts: { ...noCounts, read: 180, created: 3 },
    limits: [{ limit: 'deactivations', scope: 'district', schoolId: null, value: 0.42, max: 0.1, count: 76 }],
    rules: [{ rule: 'F-06', severity: 'warning', count: 6 }],
  },
  occurredAt: new Date('2026-11-22T10:00:00Z'),
  routedAt: null,
  topic: 'hold/students',
  symptom: 'runHeld',
  isRepeat: false,
  endedCount: 0,
}

describe('a mail about an event', () => {
  it('names district, data type and status, counts and limits, and what to type next, in local time', () => {
    const notice = describeEvent(event, district, 'https://rollbook.example/')
    assert.equal(notice.subject, 'Lincoln <County> & "Sons", students: Held for Review')
    const text = renderText(notice)
    for (const wanted of [
      /^ {2}Read +180$/m,
      /deactivations, whole district +76 records, 42 % \(limit 10 %\)/,
      /F-06 \(warning\) +6/,
      /2026-11-22 04:00 CST/,
      /npx rollbook hold approve 0198a000-0000-7000-8000-000000000003/,
      /https:\/\/rollbook\.example\/api\/runs\/0198a000-0000-7000-8000-000000000003/,
    ])
      assert.match(text, wanted)
  })

  it('names a school by its name and source id', () => {
    const school = {
      scope: 'school',
      schoolId: 'our-id',
      schoolName: 'Franklin High',
      schoolSourceKey: 'org-7',
    } as const
    const limits = [{ ...school, limit: 'deactivations', value: 1, max: 0.1, count: 1 } as const]
    const text = renderText(describeEvent({ ...event, facts: { limits } }, district, undefined))
    assert.match(text, /deactivations, school Franklin High \(org-7\) +1 record, 100 %/)
    assert.doesNotMatch(text, /our-id/)
  })

  it('calls a file that is refused no critical error', () => {
    const refused = { ...event, kind: 'runFailed' as const, facts: { failureCode: 'INPUT_REFUSED' } }
    assert.match(describeEvent(refused, district, undefined).subject, /: Import Refused$/)
  })

  it('says the same in HTML, with everything escaped', () => {
    const html = renderHtml(describeEvent(event, district, undefined))
    assert.ok(!html.includes('<County>') && !html.includes('"Sons"'))
    assert.match(html, /Lincoln &#60;County&#62; &#38; &#34;Sons&#34;/)
    assert.ok(!/<(script|img|link)/.test(html))
  })

  it('can be written about every kind, with nothing known but when it was', () => {
    for (const kind of eventKindNames) {
      const bare = { ...event, kind, facts: {}, dataType: null, runId: null }
      const text = renderText(describeEvent(bare, district, undefined))
      assert.ok(!/undefined|null|NaN/.test(text), `${kind}: ${text}`)
    }
  })

  it('says by rule how many records were left out, new and held apart, and where to look', () => {
    const alerts = [
      { kind: 'notImported', field: 'R-05', count: 3, new: 1, held: 2 },
      { kind: 'missingExpected', field: 'gradeLevel', count: 12 },
    ]
    for (const kind of ['runCompletedWithAlerts', 'alertsReminder'] as const) {
      const text = renderText(describeEvent({ ...event, kind, facts: { alerts } }, district, undefined))
      assert.match(text, /Some records of the source were not imported\./)
      assert.match(text, /^ {2}Not imported, rule R-05 +3 \(1 new, 2 held\)$/m)
      assert.match(text, /^ {2}Without gradeLevel +12$/m)
      assert.match(text, /npx rollbook run findings 0198a000-0000-7000-8000-000000000003 --csv/)
    }
  })

  it('says what trouble it ends', () => {
    const text = renderText(describeEvent({ ...event, kind: 'runCompleted', endedCount: 7 }, district, undefined))
    assert.match(text, /it had come 7 times/)
  })
})

describe('a mail about a late feed', () => {
  it('of all data types says so', () => {
    const late = { ...event, kind: 'feedLate', dataType: 'all', runId: null, facts: {} } as const
    assert.equal(
      describeEvent(late, district, undefined).subject,
      'Lincoln <County> & "Sons", all data types: Feed Is Late',
    )
  })

  it('says what the feed waits for, and what to do', () => {
    const late = { ...event, kind: 'feedLate', dataType: 'classes', runId: null, facts: { lastSeenAt: null } } as const
    const waiting = { ...late, facts: { ...late.facts, waitsFor: ['staff', 'students'] } }
    const text = renderText(describeEvent(waiting, district, undefined))
    assert.match(text, /It waits for staff and students, of which no import was ever completed/)
    assert.doesNotMatch(renderText(describeEvent(late, district, undefined)), /waits for/)
  })
})
