import assert from 'node:assert/strict'
import { openInput } from '../../../db/import/inputs/input-parts.ts'
import { RollbookFailure } from '../../../domain/errors.ts'
import { inventPages, PagedSource, type Pupil } from '../../fixtures/paged-connector.ts'
import { until } from '../../harness/until.ts'
import { useScheduleRig } from './schedule-rig.ts'
import type { TestFeed } from './test-feed.ts'

const rig = useScheduleRig()

async function feedOf(source: PagedSource): Promise<TestFeed> {
  rig.connectors.splice(0, Infinity, source.connector)
  return rig.makeFeed({ connector: source.connector })
}

async function runToEnd(feed: TestFeed, input?: Parameters<typeof rig.startRun>[1]) {
  const runId = await rig.startRun(feed, input)
  const find = async () => (await feed.runs()).find(({ id }) => id === runId)
  await until(async () => (await find())?.finishedAt !== null)
  const run = await find()
  assert.ok(run !== undefined)
  return run
}

const studentsOf = async ({ districtId }: TestFeed) => {
  const select = `select sis_id || ' ' || given_name || ' ' || status as told from students where district_id = $1`
  const { rows } = await rig.asOwner((owner) => owner.query<{ told: string }>(select, [districtId]))
  return rows.map(({ told }) => told).sort()
}

const tellAll = (pages: readonly (readonly Pupil[])[]) =>
  pages
    .flat()
    .map(({ id, given }) => `${id} ${given} active`)
    .sort()

async function pagesOf(feed: TestFeed, fileId: string | null): Promise<string[]> {
  const { parts } = await openInput(rig.db, feed.districtId, fileId ?? '')
  return parts.map(({ name }) => name)
}

describe('a run of a source of pages', () => {
  it('asks again only for the page that failed, and imports from the pages that it kept', async () => {
    const source = new PagedSource(inventPages(4, 5))
    source.failOnceAt(3)
    const feed = await feedOf(source)
    await rig.withWorker(async () => {
      const run = await runToEnd(feed)
      assert.equal(run.state, 'completed')
      assert.deepEqual(source.asked, [0, 1, 2, 3, 3, 4])
      const names = ['schools.json', 'people-1.json', 'people-2.json', 'people-3.json', 'people-4.json']
      assert.deepEqual(await pagesOf(feed, run.inputFileId), names)
    })
    assert.deepEqual(await studentsOf(feed), tellAll(source.pages))
  })

  it('that is run again reads its pages and asks nobody', async () => {
    const source = new PagedSource(inventPages(2, 3))
    const feed = await feedOf(source)
    await rig.withWorker(async () => {
      const first = await runToEnd(feed)
      source.asked.length = 0
      const again = await runToEnd(feed, first)
      assert.deepEqual([again.state, source.asked], ['unchanged', []])
      // Somebody changed one by hand: now the pages have something to say.
      await rig.asOwner((owner) =>
        owner.query(`update students set given_name = 'Givenp1a' where district_id = $1 and sis_id = 'p1'`, [
          feed.districtId,
        ]),
      )
      const third = await runToEnd(feed, first)
      assert.match(third.state, /^completed/)
      assert.deepEqual(source.asked, [])
    })
    assert.deepEqual(await studentsOf(feed), tellAll(source.pages))
  })

  it('finds the same pages unchanged, and what is no longer in them absent', async () => {
    const pages = inventPages(3, 20)
    const source = new PagedSource(pages)
    const feed = await feedOf(source)
    await rig.withWorker(async () => {
      const first = await runToEnd(feed)
      const same = await runToEnd(feed)
      assert.deepEqual([same.state, same.inputSha256], ['unchanged', first.inputSha256])
      assert.equal(same.inputFileId, first.inputFileId)
      source.pages = pages.map((page, at) => (at === 1 ? page.slice(1) : page))
      assert.equal((await runToEnd(feed)).state, 'completed')
    })
    assert.equal((await studentsOf(feed)).filter((row) => row.endsWith('inactive')).length, 1)
  })

  it('is due whenever its schedule says so: nobody looks whether there is something', async () => {
    const source = new PagedSource(inventPages(1, 3))
    const feed = await feedOf(source)
    await rig.withWorker(async () => {
      await feed.keep({ everyMs: 2_000 })
      await until(async () => (await feed.runs()).some(({ state }) => state === 'unchanged'))
    })
    const [first] = await feed.runs()
    assert.equal(first?.state, 'completed')
    assert.deepEqual(source.asked.slice(0, 4), [0, 1, 0, 1])
  })
})

describe('an attempt at fetching pages', () => {
  const attempt = (feed: TestFeed, runId: string) => rig.fetchInput(feed, runId)

  it('goes on at the page at which the one before was killed, and the dead writes nothing more', async () => {
    const source = new PagedSource(inventPages(3, 4))
    const feed = await feedOf(source)
    const runId = await feed.plantRun()
    let wake: () => void = () => undefined
    const asleep = new Promise<void>((resolve) => (wake = resolve))
    let reached: () => void = () => undefined
    const isReached = new Promise<void>((resolve) => (reached = resolve))
    // Nobody hears of the first attempt any more once it asked for page 2.
    source.onAsked = async (page) => {
      if (page !== 2 || source.asked.filter((asked) => asked === 2).length > 1) return
      reached()
      await asleep
    }
    const dead = attempt(feed, runId)
    dead.catch(() => undefined)
    await isReached
    await attempt(feed, runId)
    const [run] = await feed.runs()
    const kept = await pagesOf(feed, run?.inputFileId ?? null)
    wake()
    await assert.rejects(dead, /Another attempt/)
    assert.deepEqual(source.asked, [0, 1, 2, 2, 3])
    assert.deepEqual(await pagesOf(feed, run?.inputFileId ?? null), kept)
    assert.equal(kept.length, 4)
    await attempt(feed, runId)
    assert.equal(source.asked.length, 5)
  })

  it('keeps nothing of a page that broke off in the middle', async () => {
    const source = new PagedSource(inventPages(2, 4))
    const { intake, ...rest } = source.connector
    assert.ok(intake.kind === 'pages')
    let breaks = true
    const connector = {
      ...rest,
      intake: {
        kind: 'pages' as const,
        async *pages(request: Parameters<typeof intake.pages>[0]) {
          for await (const part of intake.pages(request)) {
            yield part.name === 'people-1.json' && breaks ? { ...part, content: breakOff() } : part
          }
        },
      },
    }
    async function* breakOff() {
      // More than one transaction of chunks.
      for (let at = 0; at < 12; at++) yield await Promise.resolve(Buffer.alloc(1 << 20))
      breaks = false
      throw new RollbookFailure('SOURCE_UNAVAILABLE')
    }
    rig.connectors.splice(0, Infinity, connector)
    const feed = await rig.makeFeed({ connector })
    const runId = await feed.plantRun()
    await assert.rejects(attempt(feed, runId), /did not answer/)
    await attempt(feed, runId)
    const [run] = await feed.runs()
    const { parts, sizeBytes } = await openInput(rig.db, feed.districtId, run?.inputFileId ?? '')
    assert.deepEqual(
      parts.map(({ name }) => name),
      ['schools.json', 'people-1.json', 'people-2.json'],
    )
    const [, first] = parts
    const read = JSON.parse((await first?.file.read(0, sizeBytes))?.toString('utf8') ?? '') as Pupil[]
    assert.deepEqual(read, source.pages[0])
    const { rows } = await rig.asOwner((owner) =>
      owner.query<{ chunks: string }>('select count(*) as chunks from archived_file_chunks where file_id = $1', [
        run?.inputFileId,
      ]),
    )
    assert.equal(rows[0]?.chunks, '3')
  })

  it('begins anew when so much time went by that the pages would be of two days', async () => {
    const source = new PagedSource(inventPages(2, 4))
    source.failOnceAt(2)
    const feed = await feedOf(source)
    const runId = await feed.plantRun()
    await assert.rejects(attempt(feed, runId))
    await rig.asOwner((owner) =>
      owner.query(`update archived_files set wanted_at = now() - interval '7 hours' where fetching_run_id = $1`, [
        runId,
      ]),
    )
    await attempt(feed, runId)
    assert.deepEqual(source.asked, [0, 1, 2, 0, 1, 2])
  })

  it('counts a page that is given twice as two pages: whoever reads them has to see it', async () => {
    const [page = []] = inventPages(1, 3)
    const source = new PagedSource([page, page])
    const feed = await feedOf(source)
    await attempt(feed, await feed.plantRun())
    const [run] = await feed.runs()
    assert.equal((await pagesOf(feed, run?.inputFileId ?? null)).length, 3)
  })
})
