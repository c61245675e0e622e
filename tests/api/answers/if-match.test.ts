import assert from 'node:assert/strict'
import type { NotificationSettings } from '../../../api/contract/notification.ts'
import type { Problem } from '../../../api/contract/problem.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()

describe('notification settings that two people change', () => {
  it('are kept from the second, who is told what changed, and taken with what is there now', async () => {
    const token = await rig().makeToken()
    const { slug } = await rig().makeDistrict()
    const path = `/api/districts/${slug}/notifications/students`
    const put = (ifMatch: string, recipients: string[]) => {
      const headers = { 'content-type': 'application/json', 'if-match': ifMatch }
      const body = JSON.stringify({ recipients, reminderDays: [3, 10] })
      return rig().send(token, 'PUT', path, { headers, body })
    }
    const read = (await rig().send(token, 'GET', path)).headers.get('etag') ?? ''
    const first = await put(read, ['ada@example.org'])
    await readAnswer(first)
    const late = await put(read, ['bo@example.org'])
    const problem = await readAnswer<Problem>(late, 412)
    assert.deepEqual([problem.code, problem.changed], ['CHANGED_SINCE', ['recipients']])
    assert.equal(JSON.stringify(problem).includes('example.org'), false)
    await readAnswer(await put(first.headers.get('etag') ?? '', ['bo@example.org']))
    const now = await readAnswer<NotificationSettings>(await put('*', ['cy@example.org']))
    assert.deepEqual(now.recipients, ['cy@example.org'])
  })
})
