import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { findFreePort } from '../../stack/processes/free-port.ts'
import type { Stack } from '../../stack/stack.ts'
import { startTestStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'
import { RosterPackage } from '../fixtures/roster-package.ts'
import { makeZip } from '../fixtures/zip-maker.ts'
import { WebhookReceiver } from '../platform/webhook-receiver.ts'
import { DistrictOnStack } from './district-on-stack.ts'
import { readMails } from './mailbox.ts'

/** Words that stand nowhere else, so that finding one means that it came from the package. */
const personal = {
  givenName: 'Quirinalda',
  familyName: 'Zyndermaas',
  middleName: 'Vextoria',
  username: 'quirzyn.unseen',
  identifier: 'idnum-5550271',
  email: 'quirinalda.zyndermaas@unseen.example',
  phone: '+15035550197',
  birthDate: '2011-03-29',
}
/** The same person after a day of corrections: before-images and new values are personal both. */
const corrected = { givenName: 'Quirinaldine', familyName: 'Zyndermaasen', email: 'q.zyndermaasen@unseen.example' }

function packageOf(people: readonly Partial<typeof personal>[]): Buffer {
  const pack = new RosterPackage()
  for (const [index, { birthDate, ...user }] of people.entries()) {
    pack.addRow('users', { ...user, sourcedId: `unseen-${index}`, userIds: `{Fed:${user.username ?? ''}}` })
    if (birthDate !== undefined) pack.addRow('demographics', { sourcedId: `unseen-${index}`, birthDate })
  }
  return makeZip(pack.members())
}

describe('what an import leaves in logs, histories, mails, webhooks and metrics', () => {
  it('holds nothing about a person, whether it ends well, is held, is refused or breaks', async () => {
    const metricsAddress = `127.0.0.1:${await findFreePort()}`
    const stack = await startTestStack({
      ROLLBOOK_SWEEP_INTERVAL_MS: '1000',
      ROLLBOOK_METRICS_ADDRESS: metricsAddress,
    })
    const district = await DistrictOnStack.create(stack, 'unseen')
    const receiver = await WebhookReceiver.start()
    const who = ['--district', 'unseen']
    await district.command('recipients', 'add', 'data@lincoln.example', '--data-type', 'students', ...who)
    await district.command('webhook', 'add', '--url', receiver.url, ...who)
    // Twelve with one e-mail address and one user name; the last has no family name, and a date that is none.
    const people = Array.from({ length: 12 }, (_, index) => ({ ...personal, identifier: `idnum-5550271${index}` }))
    const broken = { ...personal, identifier: 'idnum-5550271x', familyName: '', birthDate: '29.03.2011' }
    const first = await district.import(packageOf([...people, broken]))
    const second = await district.import(
      packageOf(people.map((person) => ({ ...person, ...corrected }))),
      '--approve-hold',
    )
    const undone = await district.command('undo', second.run.runId)
    assert.equal(undone.exitCode, 0, undone.stderr)
    await decideSomebody(stack, await DistrictOnStack.create(stack, 'again'))
    const states = [
      first,
      second,
      await district.import(packageOf(people.slice(0, 3)), '--test'),
      await district.import(packageOf(people.slice(0, 3))),
      await district.import(makeZip([{ name: 'users.csv', data: `${personal.givenName},${personal.email}\n` }])),
      await breakInTheDatabase(district, packageOf(people)),
    ].map(({ run }) => run.state)
    assert.deepEqual([...new Set(states)].sort(), ['cancelled', 'completed', 'completedWithAlerts', 'held', 'tested'])

    // A mail and a webhook for each of the five runs that was no test.
    await untilSome(async () =>
      readMails(stack.mailDirectory).length >= 5 && receiver.received.length >= 5 ? [1] : [],
    )
    const mails = readMails(stack.mailDirectory).map(({ name, subject, text }) => ({ name, text: subject + text }))
    const webhooks = receiver.received.map(({ body }, at) => ({ name: `webhook ${at}`, text: body }))
    const metrics = { name: 'metrics', text: await (await fetch(`http://${metricsAddress}/metrics`)).text() }
    assert.match(metrics.text, /^rollbook_runs_ended_total\{.*state="completed".*\} \d+$/m)
    const left = [...(await listHistories(stack)), ...listLogs(stack), ...mails, ...webhooks, metrics]
    // Otherwise a reading that sees nothing would pass.
    assert.ok(left.some(({ name, text }) => name.startsWith('history') && text.includes('isUsable')))
    assert.ok(mails.some(({ text }) => text.includes('Held for Review')))
    assert.ok(left.some(({ name, text }) => name.startsWith('history of deliver/') && text.includes('deliveryId')))
    assert.ok(left.some(({ name, text }) => name === 'worker.log' && text.includes('23514')))
    const words = [...Object.values(personal), ...Object.values(corrected), '29.03.2011']
    for (const { name, text } of left) {
      assert.ok(text.length > 0, name)
      for (const word of words) assert.ok(!text.toLowerCase().includes(word.toLowerCase()), `${name} has "${word}"`)
    }
  })
})

/** Somebody comes in under another id, and her id is another's: decided in Temporal, carried out, and taken back. */
async function decideSomebody(stack: Stack, district: DistrictOnStack): Promise<void> {
  await district.import(packageOf([personal]))
  const other = { ...personal, givenName: 'Odo', familyName: 'Quist', middleName: '', birthDate: '2016-01-02' }
  const again = { ...personal, identifier: 'idnum-5550271again', username: 'quirzyn.again' }
  const { run } = await district.import(
    packageOf([{ ...other, username: 'oquist', email: '' }, again]),
    '--approve-hold',
  )
  assert.equal(run.counts.duplicates, 2)
  const cases = await district.query<{ id: string; reason: string; recordId: string }>(
    `select id, reason, candidates -> 0 ->> 'recordId' as "recordId" from duplicate_cases order by reason`,
  )
  const decisions = cases.map(({ id, reason, recordId }) =>
    reason === 'idReused' ? { caseId: id, action: 'create' } : { caseId: id, action: 'match', recordId },
  )
  const connection = await Connection.connect({ address: stack.temporalAddress })
  const handle = new Client({ connection }).workflow.getHandle(run.workflowId)
  const by = 'operator-7'
  assert.equal(
    (await handle.executeUpdate<{ decided: number }, [unknown]>('resolveDuplicates', { args: [{ decisions, by }] }))
      .decided,
    2,
  )
  await handle.executeUpdate('processUpdates', { args: [{ by }] })
  await connection.close()
  await untilSome(() => district.query(`select 1 from duplicate_cases having bool_and(state = 'processed')`))
  const matched = cases.find(({ reason }) => reason === 'resembles')
  const { exitCode, stderr } = await district.command('alert', 'unmerge', matched?.id ?? '')
  // Her old id is another's by now.
  assert.equal(exitCode, 3, stderr)
}

/** A defect below everything else: PostgreSQL refuses a row, and its own message quotes that row. */
async function breakInTheDatabase(district: DistrictOnStack, content: Buffer) {
  await district.query(
    `alter table students add constraint broken check (given_name <> '${corrected.givenName}') not valid`,
  )
  const renamed = packageOf([{ ...personal, ...corrected, identifier: 'idnum-5550271y' }])
  assert.notEqual(renamed.length, content.length)
  const importing = district.import(renamed, '--approve-hold')
  const [run] = await untilSome(() =>
    district.listRuns().then((runs) => runs.filter(({ state }) => state === 'applying')),
  )
  await district.command('run', 'cancel', run?.runId ?? '', '--reason', 'a test')
  return await importing
}

async function untilSome<Item>(list: () => Promise<Item[]>): Promise<Item[]> {
  let found: Item[] = []
  await until(async () => (found = await list()).length > 0)
  return found
}

/** Every workflow's history, its payloads decoded, and what is shown of it. */
async function listHistories(stack: Stack): Promise<{ name: string; text: string }[]> {
  const connection = await Connection.connect({ address: stack.temporalAddress })
  const { workflow } = new Client({ connection })
  const histories: { name: string; text: string }[] = []
  for await (const { workflowId, runId } of workflow.list()) {
    const handle = workflow.getHandle(workflowId, runId)
    const { raw } = await handle.describe()
    const text = [...listTexts([await handle.fetchHistory(), raw])].join('\n')
    histories.push({ name: `history of ${workflowId}`, text })
  }
  await connection.close()
  return histories
}

/** Every text in a message, payloads decoded. Not JSON: that would write bytes as base64, where no word is found. */
function* listTexts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (value instanceof Uint8Array) yield Buffer.from(value).toString()
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* listTexts(part)
}

function listLogs(stack: Stack): { name: string; text: string }[] {
  const folder = join(dirname(stack.pidsFile), 'logs')
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}
